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


def _quoted(part: StoredPart) -> str:
    return str(part.payload.get("content", "")).replace("\n", "\n> ")
