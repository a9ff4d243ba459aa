"""Two ways to the same answer against time: the second is tried when the first is slow or failed.

The first answer that passes its checks wins; the other way is cancelled and has ended before the
winner is returned, so that nobody goes on paying for it (tail hedging: Dean and Barroso, "The Tail
at Scale", CACM 56(2), 2013).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from chatcrew.clock import Clock
from chatcrew.hub.context import Reply
from chatcrew.messages import Rung

EARLY = 0.5
"""Share of the hedge after which a model that has not begun to answer is called slow."""

GRACE = 0.2
"""Seconds after the budget in which a way that keeps its own time may still end by itself."""

FINAL = frozenset({"budget", "content_filter", "context_length"})
"""Ends of the first way that the second would only repeat."""


@dataclass(frozen=True, slots=True)
class Step:
    """How one way ended.

    Attributes:
        rung: its last.
        reply: if it had one that may be sent.
        before: rungs of it that ended on the way, such as an answer that had to be repaired.
    """

    rung: Rung
    reply: Reply | None
    before: tuple[Rung, ...] = ()


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
        committed: set once the first way has done something that stands, such as calling people:
            the second is no way any more.
    """

    after: float
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    committed: asyncio.Event = field(default_factory=asyncio.Event)

    async def due(self, clock: Clock) -> None:
        """Return when the first way is to be called slow."""
        if self.after <= 0:
            await asyncio.Event().wait()
        await clock.sleep(self.after * EARLY)
        if self.begun.is_set():
            await clock.sleep(self.after * (1 - EARLY))


async def race(
    first: Way, second: Way, *, hedge: Hedge, budget: float, clock: Clock
) -> tuple[Reply | None, list[Rung]]:
    """Return the first reply, or None where neither way has one, and every rung in order of end.

    Args:
        first: taken at once.
        second: taken when the hedge is due, or the first way failed.
        hedge: when that is.
        budget: seconds after which neither is waited for any more, whatever they promised.
        clock: time.
    """
    rungs: list[Rung] = []
    running: dict[asyncio.Task[Step], tuple[str, float]] = {}

    def start(way: Way) -> None:
        running[asyncio.ensure_future(way.go())] = (way.name, clock.monotonic())

    start(first)
    slow = asyncio.create_task(hedge.due(clock))
    over = asyncio.create_task(clock.sleep(budget + GRACE))
    bound = asyncio.create_task(hedge.committed.wait())
    hedged = False
    end = "cancelled"
    try:
        while running:
            timers = [over, *([] if hedged else [slow]), *([] if bound.done() else [bound])]
            await asyncio.wait([*running, *timers], return_when=asyncio.FIRST_COMPLETED)
            # In the order they were started: of two that end at once the crew's is the better one.
            for task in [one for one in running if one.done()]:
                name, _ = running.pop(task)
                step = task.result()
                rungs += (*step.before, step.rung)
                # The event, not who waits for it: that one wakes a moment later
                binds = hedge.committed.is_set()
                if step.reply is not None and (name == first.name or not binds):
                    return step.reply, rungs
            if over.done():
                end = "timeout"
                break
            if hedge.committed.is_set():
                # Whatever else was asked may no longer win; the first way's own end is waited for.
                if not any(name == first.name for name, _ in running.values()):
                    break
                hedged = True
                continue
            failed = not running and rungs[-1].end not in FINAL
            if not hedged and (slow.done() or failed):
                hedged = True
                start(second)
        return None, rungs
    finally:
        now = clock.monotonic()
        for name, began in running.values():
            rungs.append(Rung(name, end, round((now - began) * 1000, 1)))
        waiters = (*running, slow, over, bound)
        for waiter in waiters:
            waiter.cancel()
        await asyncio.gather(*waiters, return_exceptions=True)
