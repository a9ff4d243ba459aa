"""Two ways to the same answer against time: the second is tried when the first is slow or failed.

The first answer that passes its checks wins; the other way is cancelled and has ended before the
winner is returned, so that nobody goes on paying for it (tail hedging: Dean and Barroso, "The Tail
at Scale", CACM 56(2), 2013).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chatcrew.clock import Clock
from chatcrew.hub.context import Reply
from chatcrew.messages import Rung

EARLY = 0.5
"""Share of the hedge after which a model that has not begun to answer is called slow."""

FINAL = frozenset({"content_filter", "context_length"})
"""Ends of the first way that the second would only repeat."""


@dataclass(frozen=True, slots=True)
class Step:
    """How one way ended: its rung, and the reply if it had one that may be sent."""

    rung: Rung
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class Way:
    """One way to an answer.

    Attributes:
        name: of its rung.
        go: walks it; a fault it raises ends the turn.
    """

    name: str
    go: Callable[[], Awaitable[Step]]


@dataclass(frozen=True, slots=True)
class Hedge:
    """When the second way is taken although the first has not failed.

    Attributes:
        after: seconds; 0 never.
        begun: set once the first way's model has begun to answer.
    """

    after: float
    begun: asyncio.Event

    async def due(self, clock: Clock) -> None:
        """Return when the first way is to be called slow."""
        if self.after <= 0:
            await asyncio.Event().wait()
        await clock.sleep(self.after * EARLY)
        if self.begun.is_set():
            await clock.sleep(self.after * (1 - EARLY))


async def race(
    first: Way, second: Way, *, hedge: Hedge, clock: Clock
) -> tuple[Reply | None, list[Rung]]:
    """Return the first reply, or None where neither way has one, and every rung in order of end."""
    rungs: list[Rung] = []
    begun_at: dict[asyncio.Task[Step], tuple[str, float]] = {}

    def start(way: Way) -> None:
        task = asyncio.ensure_future(way.go())
        begun_at[task] = (way.name, clock.monotonic())

    start(first)
    slow = asyncio.create_task(hedge.due(clock))
    hedged = False
    try:
        while begun_at:
            await asyncio.wait(
                [*begun_at, slow] if not hedged else begun_at,
                return_when=asyncio.FIRST_COMPLETED,
            )
            # In the order they were started: of two that end at once the crew's is the better one.
            for task in [one for one in begun_at if one.done()]:
                del begun_at[task]
                step = task.result()
                rungs.append(step.rung)
                if step.reply is not None:
                    return step.reply, rungs
            failed = not begun_at and rungs[-1].end not in FINAL
            if not hedged and (slow.done() or failed):
                hedged = True
                start(second)
        return None, rungs
    finally:
        now = clock.monotonic()
        for task, (name, began) in begun_at.items():
            task.cancel()
            rungs.append(Rung(name, "cancelled", round((now - began) * 1000, 1)))
        slow.cancel()
        await asyncio.gather(slow, *begun_at, return_exceptions=True)
