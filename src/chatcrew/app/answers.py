"""Answers that may be given again, in the layered cache."""

from collections.abc import Sequence

from chatcrew.cache import Kind, LayeredCache, key

TTL = 3600.0
"""Seconds an answer is kept (S0-19); a changed configuration has other keys at once."""


class CachedAnswers:
    """Satisfies ``hub.ports.KeptAnswers``.

    Args:
        cache: where they are kept.
        ttl: seconds an answer is kept.
    """

    def __init__(self, cache: LayeredCache, *, ttl: float = TTL) -> None:
        self._cache = cache
        self._ttl = ttl

    async def find(self, tenant: str, question: Sequence[str], *, config: str) -> str | None:
        """Return the answer kept for the very same question under the same configuration."""
        found = await self._cache.get(key(Kind.ANSWERS, tenant, config, list(question)))
        return found if isinstance(found, str) else None

    async def keep(self, tenant: str, question: Sequence[str], *, config: str, text: str) -> None:
        """Keep an answer for the next who asks the same."""
        place = key(Kind.ANSWERS, tenant, config, list(question))
        await self._cache.set(place, text, ttl=self._ttl)
