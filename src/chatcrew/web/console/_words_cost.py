"""What is read on the page of money."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "cost": ("Custos", "Costs"),
    "cost.lead": (
        "O que as chamadas aos modelos custaram, em que dia e para quê. Os preços são os dos seus "
        "arquivos.",
        "What calls to models cost, on which day and for what. Prices are those of your files.",
    ),
    "cost.none": ("Nenhuma chamada a modelo neste período", "No call to a model in this time"),
    "cost.none.how": (
        "Respostas prontas, perguntas frequentes e respostas guardadas não custam nada. Um custo "
        "aparece quando a equipe de IA responde pela primeira vez.",
        "Prepared answers, the FAQ and kept answers cost nothing. Costs stand here once the crew "
        "has answered.",
    ),
    "cost.limits": ("Limites de dinheiro", "Limits of money"),
    "cost.limits.all": ("Todos os limites", "All limits"),
    "cost.span.hour": ("nesta hora", "this hour"),
    "cost.span.day": ("hoje", "today"),
    "cost.span.month": ("neste mês", "this month"),
    "cost.span.minute": ("neste minuto", "this minute"),
    "cost.span.now": ("agora", "now"),
    "cost.of": ("de", "of"),
    "cost.unbounded": (
        "sem limite: ponha um em limits: no arquivo do negócio",
        "no limit: put one under limits: in the business's file",
    ),
    "cost.forecast": ("neste ritmo, {sum} no fim do mês", "at this pace, {sum} by month's end"),
    "fig.cost_usd": ("Custo total", "Total cost"),
    "fig.cost_usd.unknown": ("não se sabe: sem preços", "unknown: no prices"),
    "fig.cost_session": ("Por atendimento", "Of a session"),
    "fig.cost_session.note": ("atendimentos: {count}", "sessions: {count}"),
    "fig.cost_contained": ("Por resolvido", "Of a solved one"),
    "fig.cost_contained.note": (
        "resolvidos sem pessoas: {count}",
        "solved without people: {count}",
    ),
    "fig.cost_calls": ("Chamadas a modelos", "Calls to models"),
    "fig.cost_calls.note": (
        "{prompt} tokens de entrada, {answer} de saída",
        "{prompt} prompt tokens, {answer} answer tokens",
    ),
    "fig.cost_cached": ("Atendidas pelo cache", "Answered by the cache"),
    "fig.cost_cached.note": (
        "chamadas que não custaram: {count}",
        "calls at no cost: {count}",
    ),
    "fig.cost_unpriced": ("Chamadas sem preço", "Calls without a price"),
    "fig.cost_unpriced.note": (
        "não são grátis: dê o preço em models.yaml",
        "not free: give the price in models.yaml",
    ),
    "fig.cost_saved": ("Não gasto, estimativa", "Not spent, an estimate"),
    "fig.cost_saved.note": (
        "sem isso as respostas teriam custado {sum}",
        "without it answers would have cost {sum}",
    ),
    "sheet.cost_savings": ("O que poupou", "What saved"),
    "sheet.cost_savings.note": (
        "O que não foi pedido a um modelo, e quanto teria custado. O que não foi medido é estimado "
        "pelo que custaram as respostas parecidas do mesmo negócio.",
        "What no model was asked for, and what it would have cost. What was not measured is "
        "estimated by what similar answers of the same business cost.",
    ),
    "sheet.cost_savings.none": (
        "Neste período tudo foi perguntado a um modelo.",
        "In this time a model was asked for everything.",
    ),
    "col.saver": ("Graças a", "Thanks to"),
    "col.saved_count": ("Vezes", "Times"),
    "col.saved_usd": ("Não gasto", "Not spent"),
    "col.saved_unknown": ("Sem estimativa", "No estimate"),
    "col.how": ("Como se sabe", "How it is known"),
    "how.measured": ("medido", "measured"),
    "how.estimated": ("estimado", "estimated"),
    "saver.shortcut": ("intenções, sem modelo", "intents, without a model"),
    "saver.knowledge": ("conhecimento, palavra por palavra", "knowledge, word for word"),
    "saver.kept": ("respostas dadas de novo", "answers given again"),
    "saver.completions": ("chamadas repetidas", "calls given again"),
    "saver.bursts": ("mensagens respondidas juntas", "messages answered together"),
    "sheet.cost_days": ("Custo por dia", "Cost by day"),
    "sheet.cost_roles": ("Para quê", "What for"),
    "sheet.cost_roles.note": (
        "Papéis da equipe e trabalhos da casa, o mais caro primeiro.",
        "Roles of the crew and chores of the house, dearest first.",
    ),
    "sheet.cost_models": ("Por modelo", "By model"),
    "sheet.cost_tenants": ("Por negócio", "By business"),
    "part.agent": ("atendente", "attendant"),
    "part.attendant": ("atendente", "attendant"),
    "part.customer_success": ("pós-venda", "customer success"),
    "part.embeddings": ("busca por sentido", "search by meaning"),
    "part.memory": ("memória", "memory"),
    "part.sales": ("vendas", "sales"),
    "part.scheduling": ("agendamento", "scheduling"),
    "part.summary": ("resumo da conversa", "summary of the talk"),
    "part.support": ("suporte", "support"),
    "part.transcription": ("áudios", "voice notes"),
    "part.triage": ("triagem", "triage"),
    "part.vision": ("fotos", "pictures"),
    "col.role": ("Papel", "Role"),
    "col.model": ("Modelo", "Model"),
}
