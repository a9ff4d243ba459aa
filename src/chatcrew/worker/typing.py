"""Shows that the bot is typing where the channel can show it, and off again (S1-49)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

from chatcrew.chatwoot import ChatwootClient
from chatcrew.errors import ChatwootError, ChatwootRejected
from chatcrew.messages import Claim, TurnState
from chatcrew.worker.rights import EverythingAllowed, Rights


class _Clients(Protocol):
    async def client(self, bot: str) -> ChatwootClient: ...

    def shows_typing(self, claim: Claim) -> bool: ...


class Typing:
    """Best effort, outside the outbox: a typing mark that gets lost harms nobody.

    Args:
        clients: Chatwoot clients.
        rights: what the bot may not do; left out, typing is tried each time.
    """

    def __init__(self, clients: _Clients, *, rights: Rights | None = None) -> None:
        self._clients = clients
        self._rights = rights or EverythingAllowed()

    @contextlib.asynccontextmanager
    async def shown(self, claim: Claim) -> AsyncIterator[None]:
        """Show typing while the block runs, in conversations that are still the bot's.

        The block does not wait for Chatwoot: a slow typing mark must not make the answer slow.
        """
        wanted = claim.turn_state is TurnState.OPEN and self._clients.shows_typing(claim)
        if wanted and self._rights.off(claim.key.conversation.bot, "typing") is not None:
            self._rights.left_out(claim.key.conversation.bot, "typing")
            wanted = False
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
        if self._rights.off(conversation.bot, "typing") is not None:
            return
        try:
            client = await self._clients.client(conversation.bot)
            await client.typing(conversation.number, on=on)
        except ChatwootRejected as error:
            if error.status in (401, 403, 404):
                self._rights.refused(conversation.bot, "typing", status=error.status)
        except (ChatwootError, KeyError):
            return
