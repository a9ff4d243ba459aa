"""Plain words for the short names of what a turn is made of: its steps, who answers, as what."""

_STAGES = {
    "admit": ("ver se pode responder", "whether it may answer"),
    "resolve": ("achar o negócio", "finding the business"),
    "recall": ("lembrar a conversa", "recalling the talk"),
    "behave": ("ver excessos", "looking for floods"),
    "follow": ("retornos", "follow-ups"),
    "guard": ("ler arquivos", "reading files"),
    "alarm": ("palavras de alerta", "alarm words"),
    "first": ("quem atende primeiro", "who comes first"),
    "branch": ("achar a intenção", "finding the intent"),
    "escalate": ("ver se chama alguém", "whether people are due"),
    "retrieve": ("buscar informações", "looking things up"),
    "look": ("olhar de novo", "looking again"),
    "answer": ("escrever a resposta", "writing the answer"),
    "check": ("conferir a resposta", "checking the answer"),
    "hand": ("ver se passa à equipe", "whether to hand over"),
    "place": ("escolher a pessoa", "choosing the person"),
    "disclose": ("avisos ao cliente", "notices"),
    "reach": ("ver a janela do canal", "the channel's window"),
    "recheck": ("última olhada", "a last look"),
    "listen": ("ouvir queixas", "hearing complaints"),
    "decide": ("guardar a decisão", "keeping the decision"),
    "deliver": ("enviar", "sending"),
    "remember": ("guardar na memória", "keeping it in memory"),
}

_ENGINES = {
    "intent": ("resposta pronta", "a prepared answer"),
    "faq": ("perguntas frequentes", "the FAQ"),
    "cache": ("resposta guardada", "a kept answer"),
    "compiled": ("equipe de IA", "the crew"),
    "crewai": ("equipe de IA (CrewAI)", "the crew (CrewAI)"),
    "fast": ("modelo rápido", "the fast model"),
    "template": ("texto pronto", "a fixed text"),
    "timer": ("aviso programado", "a notice by time"),
}

_FUNCTIONS = {
    "support": ("suporte", "support"),
    "sales": ("vendas", "sales"),
    "scheduling": ("agendamento", "scheduling"),
    "customer_success": ("pós-venda", "customer success"),
    "triage": ("triagem", "triage"),
}

_CHANNELS = {
    "api": ("API", "API"),
    "email": ("e-mail", "e-mail"),
    "facebook": ("Facebook", "Facebook"),
    "instagram": ("Instagram", "Instagram"),
    "line": ("LINE", "LINE"),
    "sms": ("SMS", "SMS"),
    "telegram": ("Telegram", "Telegram"),
    "twitter": ("X", "X"),
    "web_widget": ("chat do site", "website chat"),
    "whatsapp": ("WhatsApp", "WhatsApp"),
    "_default": ("outros canais", "other channels"),
}

STAGES = tuple(_STAGES)
"""In the order in which a turn walks."""


def stage(name: str, language: str) -> str:
    """Return what a step of a turn does; an unknown one as it stands in the records."""
    return _word(_STAGES, name, language)


def engine(name: str, language: str) -> str:
    """Return who or what made an answer."""
    return _word(_ENGINES, name, language)


def function(name: str, language: str) -> str:
    """Return as what the bot answered; one of the business's own as its file has it."""
    return _word(_FUNCTIONS, name, language)


def channel(name: str, language: str) -> str:
    """Return what a channel, or the crew that is called like it, is called by people."""
    return _word(_CHANNELS, name, language)


def _word(words: dict[str, tuple[str, str]], name: str, language: str) -> str:
    return words[name][language == "en"] if name in words else name
