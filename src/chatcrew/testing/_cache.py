"""Cache layers that fail on purpose, and several processes' caches over one shared layer."""

import asyncio
from collections import Counter
from typing import Any

from chatcrew.cache import (
    Entry,
    Holdings,
    LayeredCache,
    LocalInvalidations,
    MemoryStore,
    Scope,
    Store,
)
from chatcrew.errors import StoreError
from chatcrew.testing._manual_clock import ManualClock


class FlakyStore:
    """A memory store under another name that can be away, or hold its calls back."""

    def __init__(self, clock: ManualClock, name: str) -> None:
        self.name = name
        self.inner = MemoryStore(clock)
        self.away = False
        self.calls: Counter[str] = Counter()
        self.open = asyncio.Event()
        self.open.set()

    async def _enter(self, call: str) -> None:
        self.calls[call] += 1
        await self.open.wait()
        if self.away:
            raise StoreError(f"{self.name} is away")

    async def get(self, key: str) -> Entry | None:
        await self._enter("get")
        return await self.inner.get(key)

    async def set(self, key: str, value: bytes, *, ttl: float) -> None:
        await self._enter("set")
        await self.inner.set(key, value, ttl=ttl)

    async def delete(self, key: str) -> None:
        await self._enter("delete")
        await self.inner.delete(key)

    async def clear(self) -> None:
        await self._enter("clear")
        await self.inner.clear()

    async def forget(self, scope: Scope) -> None:
        await self._enter("forget")
        await self.inner.forget(scope)

    async def holdings(self) -> Holdings:
        await self._enter("holdings")
        return await self.inner.holdings()

    async def values(self, scope: Scope) -> list[tuple[str, bytes]]:
        await self._enter("values")
        return await self.inner.values(scope)

    async def aclose(self) -> None:
        self.calls["aclose"] += 1


class CacheTally:
    """An observer that counts."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def seen(self, layer: str, kind: str, outcome: str) -> None:
        self.counts[layer, outcome] += 1
        assert kind == "configs"


class CountedSource:
    """A real source that counts loads, can be held, and can fail."""

    def __init__(self) -> None:
        self.loads = 0
        self.error: Exception | None = None
        self.cancelled = 0
        self.open = asyncio.Event()
        self.open.set()
        self.began = asyncio.Event()

    async def __call__(self) -> Any:
        self.loads += 1
        number = self.loads
        self.began.set()
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error is not None:
            raise self.error
        return {"load": number}


class CacheHouse:
    """Caches of several processes over one slow, shared layer."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.shared = FlakyStore(self.clock, "redis")
        self.tally = CacheTally()
        self.port = LocalInvalidations()

    def process(self, *more: Store, **options: Any) -> LayeredCache:
        """Return the cache of one more process."""
        layers = [FlakyStore(self.clock, "memory"), self.shared, *more]
        return LayeredCache(
            layers,
            clock=self.clock,
            observer=self.tally,
            invalidations=[self.port],
            **options,
        )
