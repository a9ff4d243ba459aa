"""The first layer: this process's memory, bounded by bytes, by entries and by time."""

import math
from collections import Counter
from dataclasses import dataclass

from cachetools import TLRUCache

from chatcrew.cache._keys import Scope, kind_of
from chatcrew.cache._store import Entry, Held, Holdings
from chatcrew.clock import Clock

# What a key, a value object and the cache's own books cost beside their characters (measured).
_ENTRY_OVERHEAD = 512


@dataclass(frozen=True, slots=True)
class _Item:
    value: bytes
    expires: float
    until: float


class MemoryStore:
    """Least recently used entries go first; time comes from the clock's monotonic side.

    Args:
        clock: of this process.
        max_bytes: of all entries, with what each costs beside its bytes.
        max_entries: how many there are at most.
        longest: seconds after which an entry leaves, however long it lives: where a slower layer
            has it, too, what nobody asks for again would only be held here.
    """

    name = "memory"

    def __init__(
        self,
        clock: Clock,
        *,
        max_bytes: int = 64 * 1024 * 1024,
        max_entries: int = 50_000,
        longest: float = math.inf,
    ) -> None:
        self._clock = clock
        self._longest = longest
        self._max_entries = max_entries
        self._items: TLRUCache[str, _Item] = TLRUCache(
            maxsize=max_bytes,
            ttu=lambda _key, item, _now: item.until,
            timer=clock.monotonic,
            getsizeof=lambda item: len(item.value) + _ENTRY_OVERHEAD,
        )

    async def get(self, key: str) -> Entry | None:
        """Return the live entry of ``key``, or None."""
        item = self._items.get(key)
        if item is None:
            return None
        remaining = item.expires - self._clock.monotonic()
        return Entry(item.value, remaining) if remaining > 0 else None

    async def set(self, key: str, value: bytes, *, ttl: float) -> None:
        """Keep ``value`` for ``ttl`` seconds, unless it is larger than the whole store."""
        self._items.pop(key, None)
        now = self._clock.monotonic()
        item = _Item(value, now + ttl, now + min(ttl, self._longest))
        if ttl <= 0 or self._items.getsizeof(item) > self._items.maxsize:
            return
        while len(self._items) >= self._max_entries:
            self._items.popitem()
        self._items[key] = item

    async def delete(self, key: str) -> None:
        """Forget ``key``."""
        self._items.pop(key, None)

    async def clear(self) -> None:
        """Forget everything."""
        self._items.clear()

    async def forget(self, scope: Scope) -> None:
        """Forget what belongs to ``scope``."""
        for key in [key for key in self._items if scope.holds(key)]:
            self._items.pop(key, None)

    async def holdings(self) -> Holdings:
        """Count what is live now; sizes are with what each entry costs beside its bytes."""
        self._items.expire()
        entries, sizes = Counter[str](), Counter[str]()
        for key, item in self._items.items():
            entries[kind_of(key)] += 1
            sizes[kind_of(key)] += int(self._items.getsizeof(item))
        kinds = {kind: Held(entries[kind], sizes[kind]) for kind in sorted(entries)}
        return Holdings(kinds, int(self._items.maxsize))

    async def values(self, scope: Scope) -> list[tuple[str, bytes]]:
        """Return what is kept of ``scope``."""
        return [(key, item.value) for key, item in self._items.items() if scope.holds(key)]

    async def aclose(self) -> None:
        """Forget everything."""
        self._items.clear()
