"""Whether an operator told the bot to be silent, as the conversation itself shows it."""

from chatcrew.testing import Conversation

GO_ON = "/bot voltar"
"""The private note that lets the bot speak again."""

_SILENT, _SPEAKS = "🔇", ("🔊", "🔕 O silêncio")
"""How the bot's own notes begin that answer such a command, or say that a pause is over."""
_RETURNED = ("pendente", "pending", "resolvida", "resolved")
"""What Chatwoot writes into a conversation that goes back to the bot, or ends."""


def silenced(conversation: Conversation) -> bool:
    """Say whether the newest command kept the bot silent and nothing let it speak since."""
    for message in reversed(conversation.messages):
        text = message.content or ""
        if message.private and message.by_bot and text.startswith((_SILENT, *_SPEAKS)):
            return text.startswith(_SILENT)
        if message.message_type == "activity" and any(word in text for word in _RETURNED):
            return False
    return False
