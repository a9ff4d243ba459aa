"""What is read on the page of intents and moods."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "moods": ("Intenções e humor", "Intents and moods"),
    "moods.lead": (
        "O que os clientes pedem, o que acaba com pessoas, e como eles se sentem.",
        "What customers ask for, what ends with people, and how they feel.",
    ),
    "moods.none": ("Ainda não há o que ler", "Nothing to read yet"),
    "moods.none.how": (
        "A intenção e o humor são lidos de cada mensagem que o bot atende.",
        "Intent and mood are read of each message that the bot attends.",
    ),
    "fig.mood_mean": ("Humor médio", "Mean mood"),
    "fig.mood_mean.note": ("de -1 a 1, em {count} respostas", "of -1 to 1, in {count} turns"),
    "fig.mood_positive": ("Contentes", "Pleased"),
    "fig.mood_neutral": ("Neutros", "Neutral"),
    "fig.mood_negative": ("Descontentes", "Displeased"),
    "sheet.moods": ("Humor por dia", "Moods by day"),
    "sheet.moods.note": (
        "Respostas a clientes contentes, neutros e descontentes.",
        "Turns of pleased, neutral and displeased customers.",
    ),
    "sheet.intents": ("O que os clientes pedem", "What customers ask for"),
    "sheet.intents.note": (
        "O que muito passa para pessoas é o que vale escrever nos arquivos do negócio.",
        "What often goes to people is what is worth writing into the business's files.",
    ),
    "sheet.signals": ("Queixas", "Complaints"),
    "sheet.signals.none": (
        "Nenhuma queixa percebida neste período.",
        "No complaint was noticed in this time.",
    ),
    "col.intent": ("Intenção", "Intent"),
    "col.handed_share": ("Parte passada", "Share given"),
    "col.positive": ("Contentes", "Pleased"),
    "col.neutral": ("Neutros", "Neutral"),
    "col.negative": ("Descontentes", "Displeased"),
    "col.signal": ("Sinal", "Sign"),
    "signal.complaint": ("Cliente insatisfeito", "Dissatisfied customer"),
    "signal.asked": ("Pediu uma pessoa", "Asked for a person"),
    "signal.generic": ("Resposta vaga ou repetida", "Vague or repeated answer"),
    "signal.unable": ("O bot não conseguiu atender", "The bot could not help"),
}
