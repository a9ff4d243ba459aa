"""What is read on the overview."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "overview": ("Visão geral", "Overview"),
    "overview.lead": (
        "O que o bot resolveu, quanto custou, quão rápido foi e o que precisa de você.",
        "What the bot solved, what it cost, how fast it was, and what needs you.",
    ),
    "overview.needs": ("Precisa de você agora", "Needs you now"),
    "overview.calm": ("Nada precisa de você agora", "Nothing needs you now"),
    "overview.calm.how": (
        "Nenhum cliente espera por uma pessoa e nenhuma conversa está parada.",
        "No customer waits for a person, and no conversation is stuck.",
    ),
    "overview.owed": (
        "{count} clientes esperam por uma pessoa",
        "{count} customers wait for a person",
    ),
    "overview.owed.one": ("Um cliente espera por uma pessoa", "A customer waits for a person"),
    "overview.parked": ("{count} conversas paradas", "{count} stuck conversations"),
    "overview.parked.one": ("Uma conversa parada", "A stuck conversation"),
    "overview.longest": (
        "A fila está lenta: há mensagem esperando há {time}",
        "The queue is slow: a message has waited for {time}",
    ),
    "overview.none": ("Nenhuma conversa neste período", "No conversation in this time"),
    "overview.none.how": (
        "Os resultados aparecem aqui alguns segundos depois que o bot atende alguém. Escolha um "
        "período maior, ou escreva ao bot pela caixa de entrada que você ligou a ele.",
        "Results stand here seconds after the bot attended somebody. Choose a longer time, or "
        "write to the bot by the inbox that you connected.",
    ),
    "overview.gaps": ("Perguntas sem resposta", "Questions without an answer"),
    "fig.containment": ("Resolvido sem pessoas", "Solved without people"),
    "fig.containment.note": (
        "{part} de {whole} atendimentos encerrados",
        "{part} of {whole} sessions that ended",
    ),
    "fig.durability": ("Resolvido de vez", "Solved for good"),
    "fig.durability.note": (
        "{part} de {whole} não voltaram em 7 dias",
        "{part} of {whole} did not come back in 7 days",
    ),
    "fig.durability.none": (
        "nenhum resolvido tem 7 dias ainda",
        "none that was solved is 7 days old yet",
    ),
    "fig.sessions": ("Atendimentos", "Sessions"),
    "fig.sessions.note": (
        "clientes: {users} · ainda abertos: {active}",
        "customers: {users} · still open: {active}",
    ),
    "fig.answer_p50": ("Tempo de resposta", "Time to answer"),
    "fig.answer_p50.note": ("na metade dos casos; 95 % em até {p95}", "median; 95 % within {p95}"),
    "fig.first_reply_p50": ("Primeira resposta", "First answer"),
    "fig.first_reply_p50.note": (
        "na metade dos casos; 95 % em até {p95}",
        "median; 95 % within {p95}",
    ),
    "fig.promise": ("Dentro do prazo prometido", "Within the promise"),
    "fig.promise.note": ("{part} de {whole} respostas", "{part} of {whole} answers"),
    "fig.satisfaction": ("Nota dos clientes", "Customers' rating"),
    "fig.satisfaction.note": (
        "de 1 a 5 · notas: {count} · satisfeitos: {share}",
        "of 1 to 5 · ratings: {count} · satisfied: {share}",
    ),
    "fig.satisfaction.none": ("ninguém deu nota ainda", "nobody has rated yet"),
    "fig.usd": ("Custo dos modelos", "Cost of models"),
    "fig.usd_contained": ("Custo por resolvido", "Cost of a solved one"),
    "fig.usd_contained.note": (
        "custo total dividido pelos resolvidos sem pessoas",
        "all costs by the sessions solved without people",
    ),
    "sheet.turns": ("Respostas por dia", "Answers by day"),
    "sheet.turns.note": (
        "O que o bot respondeu e o que passou para pessoas.",
        "What the bot answered, and what it gave to people.",
    ),
    "sheet.messages": ("Mensagens por dia", "Messages by day"),
    "sheet.spend": ("Custo por dia", "Cost by day"),
    "sheet.endings": ("Como os atendimentos terminaram", "How sessions ended"),
    "sheet.endings.none": (
        "O bot ainda não atendeu ninguém neste período.",
        "The bot has not attended anybody in this time yet.",
    ),
    "sheet.reasons": ("Por que passou para pessoas", "Why it was given to people"),
    "sheet.reasons.none": (
        "Neste período o bot não passou nada para pessoas.",
        "In this time the bot gave nothing to people.",
    ),
}
