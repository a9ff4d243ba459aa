"""The layered cache: read through with single flight, over layers that may fail."""

import random
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from chatcrew.cache._envelope import Found, pack, value_of
from chatcrew.cache._flights import Flights
from chatcrew.cache._keys import Scope, kind_of, scope_of
from chatcrew.cache._stack import Reading, Stack
from chatcrew.cache._store import Holdings, Invalidations, Observer, SilentObserver, Store
from chatcrew.clock import Clock
from chatcrew.errors import ChatcrewError, StoreError


@dataclass(frozen=True, slots=True)
class _Source:
    load: Callable[[], Awaitable[Any]]
    ttl: float
    stale: float
    keep: Callable[[Any], bool] | None
    negative_ttl: float | None

    def life(self, value: Any) -> tuple[float, float] | None:
        """Return time to live and stale allowance of a loaded value; None: it is not kept."""
        if value is None and self.negative_ttl is not None:
            # "there is none" never outlives its time: what was made since must be found
            return self.negative_ttl, 0.0
        return (self.ttl, self.stale) if self.keep is None or self.keep(value) else None


class LayeredCache:
    """JSON values under keys of ``cache.key``, in layers from fast to slow.

    No method raises because a layer is away: that is a miss, and it is counted. Each caller gets a
    copy of its own. Use it as a context manager: entering begins to hear other processes.

    Args:
        layers: fastest first; the first should be this process's memory.
        clock: its monotonic side measures lives.
        invalidations: how other processes are told; none or several are fine.
        observer: counts hits, misses and errors.
        jitter: share of the time to live that is taken off at random, so that what was written
            together does not expire together.
        chance: source of that randomness, 0–1.
    """

    def __init__(
        self,
        layers: Sequence[Store],
        *,
        clock: Clock,
        invalidations: Sequence[Invalidations] = (),
        observer: Observer | None = None,
        jitter: float = 0.0,
        chance: Callable[[], float] = random.random,
    ) -> None:
        if not layers:
            raise ValueError("a cache needs at least one layer")
        self._observer: Observer = observer or SilentObserver()
        self._stack = Stack(layers, clock, self._observer)
        self._flights: Flights[bytes] = Flights()
        self._clock = clock
        self._invalidations = tuple(invalidations)
        self._jitter = jitter
        self._chance = chance
        self._id = secrets.token_hex(8)
        self._unsubscribe: list[Callable[[], None]] = []

    async def __aenter__(self) -> Self:
        """Begin to hear other processes' invalidations."""
        self._unsubscribe = [port.subscribe(self._heard) for port in self._invalidations]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.aclose()

    async def get(self, key: str, default: Any = None) -> Any:
        """Return the live value of ``key``, or ``default``."""
        found = await self._stack.first(key)
        if found is None or found.fresh(self._clock.monotonic()) <= 0:
            with self._stack.reading(key) as reading:
                found = await self._stack.rest(key, reading, None)
        if found is None or found.fresh(self._clock.monotonic()) <= 0:
            return default
        return found.value

    async def set(self, key: str, value: Any, *, ttl: float) -> None:
        """Keep ``value`` for ``ttl`` seconds in every layer; other processes are not told.

        Raises:
            TypeError: the value is not JSON.
        """
        packed = pack(value)
        self._changed(key)
        await self._stack.put(key, packed, self._clock.monotonic() + self._shortened(ttl))

    async def invalidate(self, key: str) -> None:
        """Forget ``key`` in every layer, and tell the other processes."""
        self._changed(key)
        await self._stack.drop(key)
        await self._publish(key, kind_of(key))

    async def forget(self, scope: Scope) -> tuple[str, ...]:
        """Forget all of ``scope`` in every layer, and have the other processes do the same.

        Returns:
            What did not do it: names of layers, and ``invalidations`` where others were not told.
        """
        self._forgotten(scope)
        failed = await self._stack.forget(scope)
        told = await self._publish(str(scope), scope.kind or "other")
        return failed if told else (*failed, "invalidations")

    async def holdings(self) -> dict[str, Holdings | None]:
        """Return what each layer holds now, by its name; None where it is away."""
        return await self._stack.holdings()

    async def values(self, scope: Scope) -> dict[str, list[tuple[str, bytes]] | None]:
        """Return keys and packed values of ``scope`` by layer, None where it is away."""
        return await self._stack.values(scope)

    async def get_or_load(
        self,
        key: str,
        load: Callable[[], Awaitable[Any]],
        *,
        ttl: float,
        stale_if_error: float = 0.0,
        keep: Callable[[Any], bool] | None = None,
        negative_ttl: float | None = None,
    ) -> Any:
        """Return the value of ``key``, calling ``load`` once for all who ask at the same time.

        What was loaded is in the first layer by then; nobody waits for the slower ones.

        A caller that is cancelled leaves the load to the others; when the last one leaves, the load
        is cancelled.

        Args:
            key: from ``cache.key``.
            load: the real source; its error is raised to every waiter.
            ttl: seconds the value is good for.
            stale_if_error: seconds beyond ``ttl`` it may still serve while the source fails with an
                error of ours or of the operating system.
            keep: says of a loaded value whether it is stored at all.
            negative_ttl: seconds to remember that there is nothing: a ``load`` that returned None
                is not asked again so long. It takes the place of ``ttl``, ``keep`` is not asked,
                and it is never served stale. Left out, None is a value like any other.

        Raises:
            TypeError: the loaded value is not JSON.
            StoreError: the cache was closed while waiting.
        """
        found = await self._stack.first(key)
        if found is not None and found.fresh(self._clock.monotonic()) > 0:
            return found.value
        source = _Source(load, ttl, stale_if_error, keep, negative_ttl)
        packed = await self._flights.share(
            key,
            lambda: self._fetch(key, source, found),
            joined=lambda: self._observer.seen("load", kind_of(key), "joined"),
        )
        return value_of(packed)

    async def aclose(self) -> None:
        """Cancel loads, let writes end, close the layers."""
        for end in self._unsubscribe:
            end()
        self._unsubscribe = []
        await self._flights.aclose()
        await self._stack.aclose()

    async def _fetch(self, key: str, source: _Source, fallback: Found | None) -> bytes:
        with self._stack.reading(key) as reading:
            found = await self._stack.rest(key, reading, fallback)
            if found is not None and found.fresh(self._clock.monotonic()) > 0:
                return found.packed
            try:
                value = await source.load()
            except (ChatcrewError, OSError):  # a TimeoutError is an OSError
                old = self._still_serves(found, source, reading)
                self._observer.seen("load", kind_of(key), "error" if old is None else "stale")
                if old is None:
                    raise
                return old
            self._observer.seen("load", kind_of(key), "ok")
            life = source.life(value)
            if life is None:
                return pack(value)
            ttl, stale = life
            packed = pack(value, stale=stale)
            deadline = self._clock.monotonic() + self._shortened(ttl) + stale
            await self._stack.put_first(key, packed, deadline, reading=reading)
            return packed

    def _still_serves(self, found: Found | None, source: _Source, reading: Reading) -> bytes | None:
        now = self._clock.monotonic()
        if found is None or reading.outdated or now >= found.deadline:
            return None
        return found.packed if -found.fresh(now) <= source.stale else None

    def _shortened(self, ttl: float) -> float:
        return ttl * (1 - self._jitter * self._chance())

    def _changed(self, key: str | None) -> None:
        self._stack.outdate(key)
        self._flights.leave_behind(key)

    def _forgotten(self, scope: Scope) -> None:
        self._stack.outdate_all(scope)
        self._flights.leave_behind_all(scope.holds)

    async def _publish(self, what: str, kind: str) -> bool:
        """Tell the other processes; False where no way to them worked."""
        told = not self._invalidations
        for port in self._invalidations:
            try:
                await port.publish(f"{self._id} {what}")
                told = True
            except StoreError:
                self._observer.seen("invalidations", kind, "error")
        return told

    def _heard(self, message: str | None) -> None:
        if message is None:
            # some messages may have been missed, so nothing kept so far is certain
            self._changed(None)
            self._stack.distrust()
            return
        sender, _, key = message.partition(" ")
        if sender == self._id or not key:
            return
        scope = scope_of(key)
        if scope is not None:
            self._forgotten(scope)
            self._stack.forget_soon(scope)
        else:
            self._changed(key)
            self._stack.drop_soon(key)
