"""What a cache layer is: bytes under a key, for a while; plus the ports the layered cache needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from chatcrew.cache._keys import Scope


@dataclass(frozen=True, slots=True)
class Entry:
    """A value that was found.

    Attributes:
        value: the bytes as they were stored.
        remaining: seconds it may still live, above zero.
    """

    value: bytes
    remaining: float


@dataclass(frozen=True, slots=True)
class Held:
    """How much there is of one kind.

    Attributes:
        entries: how many.
        size: their bytes, as the layer counts them.
    """

    entries: int
    size: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a layer holds now.

    Attributes:
        kinds: by kind; ``other`` where a key names none.
        bound: most bytes the layer takes, None where it has no bound of its own.
    """

    kinds: Mapping[str, Held]
    bound: int | None

    @property
    def total(self) -> Held:
        """All kinds together."""
        held = self.kinds.values()
        return Held(sum(one.entries for one in held), sum(one.size for one in held))


class Store(Protocol):
    """One layer. Every method raises ``StoreError`` when the layer is away, and nothing else."""

    @property
    def name(self) -> str:
        """Short name for metrics: ``memory``, ``redis``, ``file``."""
        ...

    async def get(self, key: str) -> Entry | None:
        """Return the live entry of ``key``, or None."""
        ...

    async def set(self, key: str, value: bytes, *, ttl: float) -> None:
        """Keep ``value`` for ``ttl`` seconds; at or below zero the key is deleted instead.

        A layer may forget any entry at any time (it is bounded), but never keep an older value.
        """
        ...

    async def delete(self, key: str) -> None:
        """Forget ``key``; forgetting what is not there is no error."""
        ...

    async def clear(self) -> None:
        """Forget everything in this store's namespace."""
        ...

    async def forget(self, scope: Scope) -> None:
        """Forget what belongs to ``scope``."""
        ...

    async def holdings(self) -> Holdings:
        """Count what is live now."""
        ...

    async def values(self, scope: Scope) -> list[tuple[str, bytes]]:
        """Return keys and bytes of what is kept of ``scope``, for who verifies an erasure."""
        ...

    async def aclose(self) -> None:
        """Release what the layer holds; closing twice is no error."""
        ...


class Observer(Protocol):
    """Who counts what the cache did."""

    def seen(self, layer: str, kind: str, outcome: str) -> None:
        """Count one event; must neither block nor raise.

        Args:
            layer: ``memory``, ``redis``, ``file``, ``load`` (the real source), ``invalidations``.
            kind: a ``Kind``, or ``other``.
            outcome: ``hit``, ``miss``, ``error``, ``ok``, ``joined`` (waited for another caller's
                load), ``stale`` (the source failed, an old value was served).
        """
        ...


class Invalidations(Protocol):
    """How processes tell each other that a key is no longer true."""

    async def publish(self, message: str) -> None:
        """Send ``message`` (under 1 kB of text) to every process, this one included.

        Raises:
            StoreError: it was not sent.
        """
        ...

    def subscribe(self, callback: Callable[[str | None], None]) -> Callable[[], None]:
        """Call ``callback`` with each message, with None where some may have been missed.

        Returns:
            A function that ends the subscription.
        """
        ...


class SilentObserver:
    """Counts nothing."""

    def seen(self, layer: str, kind: str, outcome: str) -> None:
        """Do nothing."""


class LocalInvalidations:
    """Invalidations among the caches of one process: one-process set-ups and tests."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[str | None], None]] = []

    async def publish(self, message: str) -> None:
        """Hand ``message`` to every subscriber at once."""
        for callback in list(self._callbacks):
            callback(message)

    def subscribe(self, callback: Callable[[str | None], None]) -> Callable[[], None]:
        """Call ``callback`` with each message from now on."""
        self._callbacks.append(callback)

        def end() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return end
