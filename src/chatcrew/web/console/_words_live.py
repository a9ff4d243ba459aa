"""What is read on the page of what happens right now."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "live": ("Ao vivo", "Live"),
    "live.lead": (
        "Cada atendimento no momento em que termina: o que o bot fez, por que e em quanto tempo.",
        "Every turn at the moment it ends: what the bot did, why, and how fast.",
    ),
    "live.newest": ("Últimos atendimentos", "Newest turns"),
    "live.none": ("Nada aconteceu ainda", "Nothing has happened yet"),
    "live.none.how": (
        "Escreva ao bot por um canal ligado a ele: o atendimento aparece aqui um segundo depois.",
        "Write to the bot on a channel that leads to it: the turn stands here a second later.",
    ),
    "live.by.intent": ("intenção", "intent"),
    "live.by.faq": ("perguntas frequentes", "FAQ"),
    "live.by.cache": ("resposta guardada", "kept answer"),
    "live.by.compiled": ("modelo", "model"),
    "live.by.crewai": ("equipe de IA", "crew"),
    "live.by.fast": ("modelo rápido", "fast model"),
    "live.by.template": ("texto pronto", "template"),
}
