"""Learns the intents of businesses beside everything else, so that no customer waits for it."""

import asyncio
from collections.abc import Iterable
from itertools import islice
from types import TracebackType
from typing import Self

from chatcrew.intents import Classifiers
from chatcrew.tenancy import Tenant

MOST = 50
"""Businesses that are learned ahead; of an installation with more, the others when they are met."""


class Teaching:
    """One business after the other, in a thread, while it is open.

    Args:
        classifiers: that turns ask.
    """

    def __init__(self, classifiers: Classifiers) -> None:
        self._classifiers = classifiers
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def begin(self, tenants: Iterable[Tenant]) -> None:
        """Begin to learn what these tenants' customers say in their usual language."""
        task = asyncio.create_task(self._teach(tuple(islice(tenants, MOST))), name="teaching")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _teach(self, tenants: Iterable[Tenant]) -> None:
        for tenant in tenants:
            await asyncio.to_thread(self._classifiers.teach, tenant, tenant.language)
