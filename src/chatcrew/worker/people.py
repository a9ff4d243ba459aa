"""Words for the operators: what the bot could not do, in the conversation itself."""

from chatcrew.messages import StoredPart


def unknown(part: StoredPart) -> str:
    """Say that a reply may or may not have reached the customer."""
    return (
        "⚠️ **chatcrew não sabe se esta resposta chegou ao cliente** (o Chatwoot não confirmou o "
        f"envio, e ela não será repetida). Confira e continue daqui:\n\n> {_quoted(part)}"
    )


def refused(part: StoredPart) -> str:
    """Say that Chatwoot refused a reply."""
    return (
        "⚠️ **O Chatwoot recusou esta resposta do bot; o cliente não a recebeu.** "
        f"Continue daqui:\n\n> {_quoted(part)}"
    )


def waiting() -> str:
    """Say that a customer waits in a conversation that nobody answers."""
    return (
        "⏳ **O cliente está esperando resposta nesta conversa.** "
        "O bot não responde aqui: ela está com a equipe. (A customer is waiting here.)"
    )


def _quoted(part: StoredPart) -> str:
    return str(part.payload.get("content", "")).replace("\n", "\n> ")
