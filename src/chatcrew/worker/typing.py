"""Shows that the bot is typing where the channel can show it, and off again (S1-49)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

from chatcrew.chatwoot import ChatwootClient
from chatcrew.errors import ChatwootError
from chatcrew.messages import Claim, TurnState


class _Clients(Protocol):
    async def client(self, bot: str) -> ChatwootClient: ...

    def shows_typing(self, claim: Claim) -> bool: ...


class Typing:
    """Best effort, outside the outbox: a typing mark that gets lost harms nobody."""

    def __init__(self, clients: _Clients) -> None:
        self._clients = clients

    @contextlib.asynccontextmanager
    async def shown(self, claim: Claim) -> AsyncIterator[None]:
        """Show typing while the block runs, in conversations that are still the bot's.

        The block does not wait for Chatwoot: a slow typing mark must not make the answer slow.
        """
        wanted = claim.turn_state is TurnState.OPEN and self._clients.shows_typing(claim)
        if not wanted:
            yield
            return
        showing = asyncio.create_task(self._toggle(claim, on=True), name="typing")
        try:
            yield
        finally:
            try:
                await showing
            finally:  # whatever became of switching it on, or of this turn
                await self._toggle(claim, on=False)

    async def _toggle(self, claim: Claim, *, on: bool) -> None:
        conversation = claim.key.conversation
        with contextlib.suppress(ChatwootError, KeyError):
            client = await self._clients.client(conversation.bot)
            await client.typing(conversation.number, on=on)
