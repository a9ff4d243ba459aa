"""What is read on the page of time."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "latency": ("Tempos", "Times"),
    "latency.lead": (
        "Quanto o cliente espera, e em que o tempo é gasto. Tempos são arredondados para cima: "
        "nunca parecem melhores do que foram.",
        "How long customers wait, and where the time goes. Times are rounded up: they never look "
        "better than they were.",
    ),
    "latency.none": ("Nenhuma resposta neste período", "No answer in this time"),
    "latency.none.how": (
        "Os tempos aparecem assim que o bot responde a alguém.",
        "Times stand here as soon as the bot has answered somebody.",
    ),
    "fig.latency.note": (
        "respostas: {count}, da última palavra do cliente à última parte da resposta",
        "answers: {count}, from the customer's last word to the last part of the answer",
    ),
    "fig.latency_p50": ("Metade em até", "Half within"),
    "fig.latency_p95": ("95 % em até", "95 % within"),
    "fig.latency_mean.note": ("média de {mean}", "mean of {mean}"),
    "fig.latency_p99": ("99 % em até", "99 % within"),
    "fig.latency_first_p50": ("Primeira resposta: metade", "First answer: half"),
    "fig.latency_first_p95": ("Primeira resposta: 95 %", "First answer: 95 %"),
    "fig.latency_first.note": ("atendimentos: {count}", "sessions: {count}"),
    "sheet.stages": ("Onde o tempo é gasto", "Where the time goes"),
    "sheet.stages.note": (
        "Etapas de uma resposta, na ordem em que acontecem. A barra é o tempo de 95 %.",
        "Steps of an answer in their order. The bar is the time of 95 %.",
    ),
    "sheet.engines": ("Quem respondeu", "Who answered"),
    "sheet.engines.note": (
        "Respostas prontas são mais rápidas do que a equipe de IA. A barra é o tempo da metade.",
        "Prepared answers are quicker than the crew. The bar is the time of half of them.",
    ),
    "sheet.engines.none": (
        "Nenhuma resposta neste período.",
        "No answer in this time.",
    ),
    "sheet.rungs": ("Degraus tentados", "Steps that were tried"),
    "sheet.rungs.note": (
        "Quando um caminho demora ou falha, o bot tenta o próximo. A barra é quantas vezes.",
        "When one way is slow or fails, the bot takes the next. The bar is how often.",
    ),
    "col.stage": ("Etapa", "Step"),
    "col.engine": ("Quem", "Who"),
    "col.rung": ("Degrau", "Step"),
    "col.end": ("Fim", "End"),
    "rung.intent": ("intenção", "intent"),
    "rung.cache": ("resposta guardada", "kept answer"),
    "rung.crew": ("equipe de IA", "crew"),
    "rung.repair": ("segunda tentativa", "second try"),
    "rung.fast": ("modelo rápido", "fast model"),
    "rung.extract": ("conhecimento", "knowledge"),
    "rung.template": ("texto fixo", "fixed text"),
    "rung.check": ("conferência", "check"),
    "end.answered": ("respondeu", "answered"),
}
