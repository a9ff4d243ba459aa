"""Reads begun before the stage that needs them: what is independent waits together."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

from chatcrew.hub.context import TurnContext


class Early(Protocol):
    """A stage that reads something for certain which no stage before it can change."""

    def begin(self, ctx: TurnContext) -> asyncio.Task[Any]:
        """Begin to read; the stage itself waits for it."""
        ...


@asynccontextmanager
async def begun(ctx: TurnContext, stages: Sequence[Early]) -> AsyncIterator[None]:
    """Begin what ``stages`` read; nothing of it goes on when the walk through them has ended.

    Args:
        ctx: the turn, as it stands before the first of them.
        stages: those that read early.
    """
    reads = [stage.begin(ctx) for stage in stages]
    try:
        yield
    finally:
        left = [read for read in reads if read.cancel()]
        if left:
            await asyncio.gather(*left, return_exceptions=True)
        for read in reads:
            # What nobody waited for may have failed, too; whoever raises says why the turn ended
            if not read.cancelled():
                read.exception()
