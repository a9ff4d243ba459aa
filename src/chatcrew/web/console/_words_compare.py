"""What is read where sessions are compared."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "compare": ("Comparar", "Compare"),
    "compare.lead": (
        "Os mesmos números lado a lado: antes e depois de uma mudança nos arquivos, por função, "
        "equipe, canal, bot ou negócio.",
        "The same figures side by side: before and after a change of the files, by function, crew, "
        "channel, bot or business.",
    ),
    "compare.by": ("Comparar por", "Compare by"),
    "compare.none": ("Nada a comparar neste período", "Nothing to compare in this time"),
    "compare.none.how": (
        "Cada atendimento conta para quem respondeu por último nele. Escolha um período maior.",
        "A session counts for what answered last in it. Choose a longer time.",
    ),
    "sheet.cohorts": ("Lado a lado", "Side by side"),
    "sheet.cohorts.note": (
        "A barra é o número de atendimentos: com poucos, as diferenças podem ser acaso.",
        "The bar is the number of sessions: with few of them differences may be chance.",
    ),
    "col.config": ("Versão dos arquivos", "Version of the files"),
    "col.function": ("Função", "Function"),
    "col.crew": ("Equipe", "Crew"),
    "col.channel": ("Canal", "Channel"),
    "col.bot": ("Bot", "Bot"),
    "col.attended": ("Atendidos", "Attended"),
    "col.containment": ("Resolvidos sem pessoas", "Solved without people"),
    "col.escalation": ("Passados a pessoas", "Given to people"),
    "col.durability": ("Resolvidos de vez", "Solved for good"),
    "col.depth": ("Respostas por atendimento", "Answers a session"),
    "col.stars": ("Nota", "Rating"),
    "col.ratings": ("Notas", "Ratings"),
    "col.usd_each": ("Custo de cada", "Cost of each"),
}
