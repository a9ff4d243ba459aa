"""Waits for what a version needs before it comes into force, as long as it is still wanted."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

_T = TypeVar("_T")

LOOK_AGAIN = 0.5
"""Seconds between two looks at the files while conversation tests are played: who mends a mistake
does not wait until all of them have found it."""
AT_ONCE = 0.05
"""Seconds within which nothing can have been played."""


async def unless_changed(
    asking: Awaitable[_T], changed: Callable[[], bool], *, waits: Callable[[], object]
) -> _T | None:
    """Return what ``asking`` gives, or None once the files are no longer those it asks about.

    Args:
        asking: cancelled where nobody wants its answer any more.
        changed: whether they are others; called in a thread.
        waits: called where it takes a while.
    """
    asked = asyncio.ensure_future(asking)
    try:
        await asyncio.wait({asked}, timeout=AT_ONCE)
        if asked.done():
            return asked.result()
        waits()
        while not asked.done():
            await asyncio.wait({asked}, timeout=LOOK_AGAIN)
            if await asyncio.to_thread(changed):
                return None
        return asked.result()
    finally:
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
