"""The activity lines Chatwoot writes into a conversation, in the account's language."""

_LINES: dict[str, dict[str, str]] = {
    "pt_BR": {
        "bot_failure": (
            "A conversa foi marcada como aberta pelo sistema devido a um erro com o robô "
            "de atendimento."
        ),
        "open": "A conversa foi reaberta por {name}",
        "resolved": "A conversa foi marcada como resolvida por {name}",
        "pending": "A conversa foi marcada como pendente por {name}",
        "snoozed": "A conversa foi adiada por {name}",
        "assigned": "Atribuído a {other} por {name}",
        "self_assigned": "{name} atribuiu esta conversa a si",
        "unassigned": "Conversa não atribuída por {name}",
        "deleted": "Esta mensagem foi excluída",
        "csat": "Por favor, classifique a conversa",
        "system": "Sistema",
    },
    "en": {
        "bot_failure": (
            "Conversation was marked open by system due to an error with the agent bot."
        ),
        "open": "Conversation was reopened by {name}",
        "resolved": "Conversation was marked resolved by {name}",
        "pending": "Conversation was marked as pending by {name}",
        "snoozed": "Conversation was snoozed by {name}",
        "assigned": "Assigned to {other} by {name}",
        "self_assigned": "{name} self-assigned this conversation",
        "unassigned": "Conversation unassigned by {name}",
        "deleted": "This message was deleted",
        "csat": "Please rate the conversation",
        "system": "System",
    },
}


def line(locale: str, key: str, *, name: str | None = None, other: str = "") -> str:
    """Return the text of one activity line; without ``name`` the system did it."""
    texts = _LINES[locale]
    return texts[key].format(name=name or texts["system"], other=other)
