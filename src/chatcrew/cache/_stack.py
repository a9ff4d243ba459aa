"""The layers as one: reads from fast to slow, writes in turn, and never an error of a layer."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from chatcrew.cache._envelope import Found, unpack
from chatcrew.cache._keys import Scope, kind_of
from chatcrew.cache._store import Entry, Holdings, Observer, Store
from chatcrew.clock import Clock
from chatcrew.errors import StoreError


@dataclass(slots=True, eq=False)
class Reading:
    """Someone who has read something and may write it; ``outdated`` once the key changed since."""

    outdated: bool = False


@dataclass(slots=True, eq=False)
class _Layer:
    store: Store
    # writes that did not arrive: older values may be in there, so it is cleared before it is read
    failed_writes: int = 0
    cleared_writes: int = 0


class Stack:
    """The layers, fastest first, and the order of writes to one key."""

    def __init__(self, stores: Sequence[Store], clock: Clock, observer: Observer) -> None:
        self._layers = [_Layer(store) for store in stores]
        self._clock = clock
        self._observer = observer
        self._readings: dict[str, set[Reading]] = {}
        self._writes: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @contextmanager
    def reading(self, key: str) -> Iterator[Reading]:
        """Hold a ``Reading`` of ``key`` that learns of every change until the end."""
        reading = Reading()
        held = self._readings.setdefault(key, set())
        held.add(reading)
        try:
            yield reading
        finally:
            held.discard(reading)
            if not held and self._readings.get(key) is held:
                del self._readings[key]

    def outdate(self, key: str | None) -> None:
        """Tell the readings of ``key`` (None: all) that what they hold is old."""
        found = self._readings.values() if key is None else [self._readings.get(key, set())]
        for readings in found:
            for reading in readings:
                reading.outdated = True

    def outdate_all(self, scope: Scope) -> None:
        """Tell the readings of every key in ``scope`` that what they hold is old."""
        for key in [key for key in self._readings if scope.holds(key)]:
            self.outdate(key)

    def distrust(self) -> None:
        """Have every layer cleared before it is read again."""
        for layer in self._layers:
            layer.failed_writes += 1

    async def first(self, key: str) -> Found | None:
        """Look into the first layer only."""
        layer = self._layers[0]
        return await self._get(layer, key) if await self._readable(layer, key) else None

    async def rest(self, key: str, reading: Reading, fallback: Found | None) -> Found | None:
        """Look into the other layers; a fresh value is copied to those above it.

        Returns:
            A fresh value, else the least stale one (``fallback`` among them), else None.
        """
        missed = self._layers[:1]
        best = fallback
        for layer in self._layers[1:]:
            if not await self._readable(layer, key):
                continue
            found = await self._get(layer, key)
            now = self._clock.monotonic()
            if found is None or (best is not None and best.fresh(now) >= found.fresh(now)):
                missed.append(layer)
                continue
            if found.fresh(now) > 0:
                await self.put(key, found.packed, found.deadline, reading=reading, into=missed)
                return found
            best = found
        return best

    async def put(
        self,
        key: str,
        packed: bytes,
        deadline: float,
        *,
        reading: Reading | None = None,
        into: Sequence[_Layer] | None = None,
    ) -> None:
        """Write ``packed``, which lives until ``deadline``, unless ``reading`` is outdated."""
        layers = self._layers if into is None else into
        await self._in_turn(key, lambda: self._put(key, packed, deadline, reading, layers))

    async def put_first(
        self, key: str, packed: bytes, deadline: float, *, reading: Reading
    ) -> None:
        """Write as ``put`` does, but wait for the first layer only; the others follow in turn."""
        await self.put(key, packed, deadline, reading=reading, into=self._layers[:1])
        # whoever wrote ``reading`` down goes on; what changes meanwhile is still to be learnt
        held = ExitStack()
        later = held.enter_context(self.reading(key))
        later.outdated = reading.outdated

        async def work() -> None:
            with held:
                await self._put(key, packed, deadline, later, self._layers[1:])

        self._queue(key, work)

    async def drop(self, key: str) -> None:
        """Forget ``key`` in every layer."""

        async def work() -> None:
            for layer in self._layers:
                await self._write(layer, key, lambda store: store.delete(key))

        await self._in_turn(key, work)

    def drop_soon(self, key: str) -> None:
        """Forget ``key`` in every layer, without waiting for it."""
        self._begin(self.drop(key))

    async def forget(self, scope: Scope) -> tuple[str, ...]:
        """Forget ``scope`` in every layer, after the writes under way; once begun it is finished.

        Returns:
            The layers that did not do it; each is cleared whole before it is read again.
        """
        failed: list[str] = []
        await asyncio.shield(self._begin(self._forget(scope, failed)))
        return tuple(failed)

    def forget_soon(self, scope: Scope) -> None:
        """Forget ``scope`` in every layer, without waiting for it."""
        self._begin(self._forget(scope, []))

    async def holdings(self) -> dict[str, Holdings | None]:
        """Return what each layer holds, None where it is away."""
        found: dict[str, Holdings | None] = {}
        for layer in self._layers:
            try:
                found[layer.store.name] = await layer.store.holdings()
            except StoreError:
                found[layer.store.name] = None
        return found

    async def values(self, scope: Scope) -> dict[str, list[tuple[str, bytes]] | None]:
        """Return what each layer keeps of ``scope``, None where it is away."""
        found: dict[str, list[tuple[str, bytes]] | None] = {}
        for layer in self._layers:
            try:
                found[layer.store.name] = await layer.store.values(scope)
            except StoreError:
                found[layer.store.name] = None
        return found

    async def aclose(self) -> None:
        """Let the writes end, then close the layers."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        for layer in self._layers:
            await layer.store.aclose()

    async def _put(
        self,
        key: str,
        packed: bytes,
        deadline: float,
        reading: Reading | None,
        layers: Sequence[_Layer],
    ) -> None:
        for layer in layers:
            if reading is not None and reading.outdated:
                return
            ttl = deadline - self._clock.monotonic()
            await self._write(layer, key, partial(_set, key=key, packed=packed, ttl=ttl))

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _forget(self, scope: Scope, failed: list[str]) -> None:
        writes = [task for key, task in self._writes.items() if scope.holds(key)]
        if writes:
            await asyncio.wait(writes)
        for layer in self._layers:
            try:
                await layer.store.forget(scope)
            except StoreError:
                layer.failed_writes += 1
                failed.append(layer.store.name)
                self._observer.seen(layer.store.name, scope.kind or "other", "error")

    async def _in_turn(self, key: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run ``work`` after the writes of ``key`` that came before; once begun it is finished."""
        await asyncio.shield(self._queue(key, work))

    def _queue(self, key: str, work: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        previous = self._writes.get(key)

        async def run() -> None:
            if previous is not None:
                await asyncio.wait({previous})
            await work()

        task = asyncio.create_task(run())
        self._writes[key] = task
        self._tasks.add(task)

        def done(_: object) -> None:
            self._tasks.discard(task)
            if self._writes.get(key) is task:
                del self._writes[key]

        task.add_done_callback(done)
        return task

    async def _readable(self, layer: _Layer, key: str) -> bool:
        """Clear a distrusted layer; False where that is not possible now."""
        failed = layer.failed_writes
        if layer.cleared_writes == failed:
            return True
        try:
            await layer.store.clear()
        except StoreError:
            self._observer.seen(layer.store.name, kind_of(key), "error")
            return False
        layer.cleared_writes = max(layer.cleared_writes, failed)
        return layer.cleared_writes == layer.failed_writes

    async def _get(self, layer: _Layer, key: str) -> Found | None:
        name, kind = layer.store.name, kind_of(key)
        asked = self._clock.monotonic()
        try:
            entry: Entry | None = await layer.store.get(key)
            # counted from before the question, so that a copy never outlives its original
            found = None if entry is None else unpack(entry.value, deadline=asked + entry.remaining)
        except (StoreError, ValueError):  # ValueError: bytes that we did not write
            self._observer.seen(name, kind, "error")
            return None
        fresh = found is not None and found.fresh(self._clock.monotonic()) > 0
        self._observer.seen(name, kind, "hit" if fresh else "miss")
        return found

    async def _write(
        self, layer: _Layer, key: str, write: Callable[[Store], Coroutine[Any, Any, None]]
    ) -> None:
        try:
            await write(layer.store)
        except StoreError:
            layer.failed_writes += 1
            self._observer.seen(layer.store.name, kind_of(key), "error")


async def _set(store: Store, *, key: str, packed: bytes, ttl: float) -> None:
    await store.set(key, packed, ttl=ttl)
