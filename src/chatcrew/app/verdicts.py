"""What came of playing conversation tests, where every process of every machine finds it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

Row = Mapping[str, Any]
"""One expectation that did not come true, as ``chatcrew test --json`` says it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the conversation tests of one business went.

    Attributes:
        content: digest of everything they depend on (``tenancy.content``).
        tenant: whose.
        failures: what went wrong; None: they could not be played.
    """

    content: str
    tenant: str
    failures: tuple[Row, ...] | None

    @property
    def passed(self) -> bool:
        """Whether everything came as the files say."""
        return self.failures == ()


class Verdicts(Protocol):
    """Shared by all processes that are to run the same version."""

    async def read(self, contents: Collection[str]) -> Mapping[str, Verdict]:
        """Return what is known, by content; what could not be played is soon forgotten.

        Raises:
            StoreError: the store is away.
        """
        ...

    async def write(self, verdict: Verdict) -> None:
        """Keep it; the first that was played stays, so that all read the same.

        Raises:
            StoreError: the store is away.
        """
        ...

    def alone(self) -> AbstractAsyncContextManager[bool]:
        """Give whether nobody else is inside such a block now; who gets False keeps out.

        Raises:
            StoreError: the store is away.
        """
        ...


class MemoryVerdicts:
    """Verdicts of one process, for tests and for who shares them with nobody."""

    def __init__(self) -> None:
        self._known: dict[str, Verdict] = {}
        self._playing = asyncio.Lock()

    async def read(self, contents: Collection[str]) -> Mapping[str, Verdict]:
        """Return what is known."""
        return {one: self._known[one] for one in contents if one in self._known}

    async def write(self, verdict: Verdict) -> None:
        """Keep it, unless it was played before."""
        before = self._known.get(verdict.content)
        if before is None or before.failures is None:
            self._known[verdict.content] = verdict

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[bool]:
        if self._playing.locked():
            yield False
            return
        async with self._playing:
            yield True

    def alone(self) -> AbstractAsyncContextManager[bool]:
        """Give whether nobody else is inside."""
        return self._alone()


def failures_of(verdicts: Collection[Verdict]) -> Sequence[Row]:
    """Return everything that went wrong, by tenant."""
    ordered = sorted(verdicts, key=lambda one: one.tenant)
    return [{**row, "tenant": one.tenant} for one in ordered for row in one.failures or ()]
