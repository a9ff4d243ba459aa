"""Makes Chatwoot send a real delivery and waits until it has arrived."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from chatcrew.chatwoot import ChatwootClient
from chatcrew.clock import Clock
from chatcrew.errors import ChatwootError, StoreError
from chatcrew.provision.addresses import is_private
from chatcrew.provision.local import Listener
from chatcrew.provision.ports import Records
from chatcrew.provision.refusals import Refusal
from chatcrew.tenancy.model import Bot

ATTRIBUTE = "chatcrew_connect"
"""Custom attribute of a conversation that is set and taken away again."""

_POLL = 0.2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a delivery may be seen: on our own port, in the records, or both.

    Attributes:
        host: of the public port.
        port: public port.
        records: of a server that runs, or None.
    """

    host: str
    port: int
    records: Records | None = None


class Proof:
    """Sets the attribute, waits, and puts things back.

    Args:
        client: with the user's token.
        bot: as the mapping has it.
        place: where the delivery may be seen.
        public_url: our address as Chatwoot has it, for the advice.
        clock: time.
    """

    def __init__(
        self, client: ChatwootClient, *, bot: Bot, place: Place, public_url: str, clock: Clock
    ) -> None:
        self._client = client
        self._bot = bot
        self._place = place
        self._public_url = public_url
        self._clock = clock

    async def conversation(self, inboxes: Iterable[int]) -> int | None:
        """Return the conversation with the newest activity in one of ``inboxes``, or None.

        Raises:
            ChatwootError: Chatwoot did not answer, or refused.
        """
        newest: tuple[float, int] | None = None
        for inbox in inboxes:
            for row in await self._client.conversations(status="all", inbox_id=inbox):
                number, at = row.get("id"), row.get("last_activity_at")
                if isinstance(number, int):
                    seen = (float(at) if isinstance(at, int | float) else 0.0, number)
                    newest = max(newest, seen) if newest is not None else seen
        return newest[1] if newest is not None else None

    async def run(self, number: int, *, seconds: float) -> str:
        """Return how the delivery was seen: ``port`` or ``records``.

        Raises:
            ChatwootError: the attribute cannot be set.
            Refusal: nothing came, or it was refused.
        """
        nonce = secrets.token_hex(8)
        listener = Listener(self._bot, nonce=nonce, clock=self._clock)
        listening = await listener.start(self._place.host, self._place.port)
        before = await self._last()
        try:
            await self._client.set_custom_attributes(number, {ATTRIBUTE: nonce})
            try:
                return await self._seen(listener, before, seconds=seconds)
            finally:
                await self._forget(number)
        except TimeoutError:
            if listening and listener.refused is not None:
                raise Refusal("bad_delivery", kind=listener.refused) from None
            private = is_private(urlsplit(self._public_url).hostname or "")
            code = "not_proven_private" if private else "not_proven"
            raise Refusal(code, seconds=seconds, url=self._public_url) from None
        finally:
            await listener.close()

    async def _seen(self, listener: Listener, before: datetime | None, *, seconds: float) -> str:
        end = self._clock.monotonic() + seconds
        while self._clock.monotonic() < end:
            if listener.found:
                return "port"
            last = await self._last()
            if last is not None and last != before:
                return "records"
            await self._clock.sleep(_POLL)
        raise TimeoutError

    async def _last(self) -> datetime | None:
        if self._place.records is None:
            return None
        try:
            return await self._place.records.last_delivery(self._bot.name)
        except StoreError:
            return None

    async def _forget(self, number: int) -> None:
        """Take the attribute away; one that stays does no harm."""
        try:
            shown = await self._client.conversation(number)
            left = dict(shown.get("custom_attributes") or {})
            if left.pop(ATTRIBUTE, None) is not None:
                await self._client.replace_custom_attributes(number, left)
        except ChatwootError:
            return
