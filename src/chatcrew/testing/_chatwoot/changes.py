"""What happened in FakeChatwoot, in order, for waiting tests and live pages."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """One fact.

    Attributes:
        seq: 1, 2, 3 … over the whole installation.
        kind: ``conversation_created``, ``conversation``, ``message``, ``message_updated``,
            ``typing``, ``delivery`` (a webhook attempt ended) or ``call`` (an API call ended).
    """

    seq: int
    kind: str
    at: datetime
    account_id: int | None = None
    conversation_id: int | None = None
    message_id: int | None = None


class ChangeLog:
    """An append-only list of changes that can be followed and waited on."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.entries: list[Change] = []
        self._grown, self._followed = asyncio.Event(), False

    def add(
        self,
        kind: str,
        *,
        account_id: int | None = None,
        conversation_id: int | None = None,
        message_id: int | None = None,
    ) -> None:
        """Append a fact and wake everybody who waits."""
        seq = len(self.entries) + 1
        change = Change(seq, kind, self._now(), account_id, conversation_id, message_id)
        self.entries.append(change)
        if self._followed:  # most of what happens nobody waits for
            self._grown.set()
            self._grown, self._followed = asyncio.Event(), False

    async def batches(self, after: int = 0) -> AsyncIterator[list[Change]]:
        """Yield every change with a ``seq`` above ``after`` in lists of what came meanwhile."""
        while True:
            grown = self._next()
            fresh = self.entries[after:]
            after += len(fresh)
            if fresh:
                yield fresh
            else:
                await grown.wait()

    def _next(self) -> asyncio.Event:
        """Return what is set by the next change."""
        self._followed = True
        return self._grown

    async def follow(self, after: int = 0) -> AsyncIterator[Change]:
        """Yield every change with a ``seq`` above ``after``, for ever."""
        async for batch in self.batches(after):
            for change in batch:
                yield change

    async def wait_for(self, predicate: Callable[[], T], timeout: float) -> T:  # noqa: ASYNC109 - the driver's public parameter; asyncio.timeout implements it
        """Return the first truthy value of ``predicate``, asked again after every change.

        Raises:
            TimeoutError: ``timeout`` seconds passed; names the last changes.
        """
        try:
            async with asyncio.timeout(timeout):
                while True:
                    grown = self._next()
                    if found := predicate():
                        return found
                    await grown.wait()
        except TimeoutError:
            recent = ", ".join(change.kind for change in self.entries[-8:]) or "none"
            raise TimeoutError(f"nothing within {timeout} s; last changes: {recent}") from None
