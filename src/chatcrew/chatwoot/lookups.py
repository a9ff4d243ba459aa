"""What Chatwoot knows by id, asked for once and remembered, also that there is no such thing.

For names and numbers that change seldom. What decides whether the bot may speak is never asked
here: that must be as Chatwoot has it now.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from chatcrew.cache import Kind, LayeredCache, key
from chatcrew.chatwoot.client import ChatwootClient
from chatcrew.errors import ChatwootRejected, ConversationGone

TTL = 3600.0
"""Seconds that something found is remembered."""

NEGATIVE_TTL = 600.0
"""Seconds that an unknown id is not asked for again."""

STALE = 86_400.0
"""Seconds beyond that something found serves while Chatwoot is away."""

_ABSENT = (401, 403, 404)
"""Not there, or not for this token: asking again does not help, and neither is an error."""


class Lookups:
    """One account's directory through the layered cache; it holds nothing about customers.

    Every method returns None for what is not there, or not to be seen with this token, and raises
    ``ChatwootUnavailable`` where nothing is remembered and Chatwoot is away.

    Args:
        cache: where it is remembered.
        client: with the user token.
        account: label of the account in the mapping: whose entries they are.
    """

    def __init__(self, cache: LayeredCache, client: ChatwootClient, *, account: str) -> None:
        self._cache = cache
        self._client = client
        self._account = account

    async def inbox(self, inbox_id: int) -> dict[str, Any] | None:
        """Return an inbox's id, name and channel class."""

        async def load() -> dict[str, Any]:
            found = await self._client.inbox(inbox_id)
            return {name: found.get(name) for name in ("id", "name", "channel_type")}

        return await self._find("inbox", inbox_id, load)

    async def _find(
        self, what: str, number: int, load: Callable[[], Awaitable[dict[str, Any]]]
    ) -> dict[str, Any] | None:
        async def loaded() -> dict[str, Any] | None:
            try:
                return await load() or None
            except ConversationGone:
                return None
            except ChatwootRejected as error:
                if error.status in _ABSENT:
                    return None
                raise

        place = key(Kind.CHATWOOT, self._account, repr(self._client), what, number)
        found = await self._cache.get_or_load(
            place, loaded, ttl=TTL, stale_if_error=STALE, negative_ttl=NEGATIVE_TTL
        )
        return found if isinstance(found, dict) else None
