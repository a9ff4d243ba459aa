"""Tells people in the conversation itself what the bot could not do, and opens it for them."""

from typing import Protocol

from chatcrew.chatwoot import ChatwootClient
from chatcrew.errors import ChatwootError
from chatcrew.ids import ConversationId
from chatcrew.messages import StoredPart
from chatcrew.telemetry import get_logger

_log = get_logger("people")


class _Clients(Protocol):
    def client(self, bot: str) -> ChatwootClient: ...


class People:
    """Writes private notes and opens conversations, best effort: it is the last way out."""

    def __init__(self, clients: _Clients) -> None:
        self._clients = clients

    async def message_unknown(self, part: StoredPart) -> None:
        """Say that a reply may or may not have reached the customer."""
        await self.tell(
            part.conversation,
            "⚠️ **chatcrew não sabe se esta resposta chegou ao cliente** (o Chatwoot não confirmou "
            f"o envio e ela não será repetida). Confira e continue daqui:\n\n> {_quoted(part)}",
        )

    async def message_failed(self, part: StoredPart) -> None:
        """Say that Chatwoot refused a reply."""
        await self.tell(
            part.conversation,
            "⚠️ **O Chatwoot recusou esta resposta do bot; o cliente não a recebeu.** "
            f"Continue daqui:\n\n> {_quoted(part)}",
        )

    async def tell(self, conversation: ConversationId, words: str) -> bool:
        """Write a private note and open the conversation; return whether both worked."""
        try:
            client = self._clients.client(conversation.bot)
            await client.create_message(conversation.number, words, private=True)
            await client.toggle_status(conversation.number, "open")
        except (ChatwootError, KeyError) as error:
            _log.error(
                "people.not_told", conversation=str(conversation), error=type(error).__name__
            )
            return False
        return True


def _quoted(part: StoredPart) -> str:
    return str(part.payload.get("content", "")).replace("\n", "\n> ")
