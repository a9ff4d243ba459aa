"""Where a simulated process touches the world: there it can die, stop, or find storage away."""

import asyncio
import inspect
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar, cast

from chatcrew.clock import Clock
from chatcrew.errors import StoreError

_T = TypeVar("_T")

Harm = Literal["die", "stop", "away"]
"""``die`` is kill -9, ``stop`` is SIGSTOP and a later SIGCONT, ``away`` is a failing database."""

LIFE: ContextVar["Life | None"] = ContextVar("LIFE", default=None)
"""Whose task this is; tasks hand it to the tasks that they begin."""


@dataclass(frozen=True, slots=True)
class Blow:
    """What happens to a process at a passage.

    Attributes:
        harm: which.
        point: name of the passage, such as ``outbox.begin:after``.
        nth: at the how manieth time, of all processes of this kind together.
        seconds: how long it lasts: until it is started again, goes on, or storage is back.
    """

    harm: Harm
    point: str
    nth: int
    seconds: float


@dataclass(slots=True)
class Plan:
    """What happens at which passage, and what was passed.

    Attributes:
        blows: planned, by point and number.
        passed: how often each point was.
        struck: those that happened.
    """

    blows: Mapping[tuple[str, int], Blow] = field(default_factory=dict)
    passed: Counter[str] = field(default_factory=Counter)
    struck: list[Blow] = field(default_factory=list)

    def at(self, point: str) -> Blow | None:
        """Count a passage; return what happens there."""
        self.passed[point] += 1
        blow = self.blows.get((point, self.passed[point]))
        if blow is not None:
            self.struck.append(blow)
        return blow


@dataclass(slots=True, eq=False)
class Life:
    """One incarnation of a process: everything it does to the world goes through here.

    What it has begun ends where it was when it dies: no line of it runs on, except clauses
    included, for each that touches anything is cancelled there.

    Attributes:
        name: kind of process, such as ``worker``.
        plan: what happens to it; None where nothing does, and nobody counts.
        tasks: everything it does now.
        died: called once, with the seconds until somebody starts it again.
        dead: whether it was killed.
        stopped_until: loop time until which it is stopped.
    """

    name: str
    plan: Plan | None
    died: Callable[[float], None]
    tasks: dict["asyncio.Task[Any]", None] = field(default_factory=dict)
    dead: bool = False
    stopped_until: float = 0.0

    def die(self, seconds: float) -> None:
        """Kill it; its own task ends at its next passage."""
        if self.dead:
            return
        self.dead = True
        for task in list(self.tasks):
            task.cancel()
        self.died(seconds)

    def end(self) -> None:
        """End it with the world: nobody starts it again."""
        self.died = _nobody
        self.die(0.0)

    async def gate(self, point: str) -> None:
        """Pass a point, or whatever the plan says.

        Raises:
            StoreError: storage is away.
            CancelledError: this process is dead.
        """
        if self.plan is not None and not self.dead:
            blow = self.plan.at(f"{self.name}/{point}")
            if blow is not None and blow.harm == "die":
                self.die(blow.seconds)
            elif blow is not None and blow.harm == "stop":
                self.stopped_until = _time() + blow.seconds
            elif blow is not None:
                raise StoreError(f"simulated: away at {point}")
        while not self.dead and _time() < self.stopped_until:  # noqa: ASYNC110 - it may be stopped again
            await asyncio.sleep(self.stopped_until - _time())
        if self.dead:
            raise asyncio.CancelledError

    async def passing(
        self, point: str, call: Callable[..., Awaitable[_T]], *a: Any, **k: Any
    ) -> _T:
        """Make a call of a port, with a point on either side of its effect."""
        await self.gate(f"{point}:before")
        result = await call(*a, **k)
        await self.gate(f"{point}:after")
        return result


def seamed(port: _T, name: str, life: Life) -> _T:
    """Return a port whose coroutines pass ``life``'s points; everything else is as it is."""
    return port if life.plan is None else cast("_T", _Seamed(port, name, life))


class _Seamed:
    def __init__(self, inner: object, name: str, life: Life) -> None:
        self._inner, self._name, self._life = inner, name, life

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if inspect.isasyncgenfunction(found):
            return found
        if not inspect.iscoroutinefunction(found):
            return found
        point, life = f"{self._name}.{name}", self._life

        async def call(*args: Any, **kwargs: Any) -> Any:
            return await life.passing(point, found, *args, **kwargs)

        setattr(self, name, call)  # the next look-up finds it
        return call


@dataclass(frozen=True, slots=True)
class LifeClock:
    """The machine's clock as a process sees it, which may be stopped while it sleeps."""

    clock: Clock
    life: Life

    def now(self) -> datetime:
        """Return the wall clock."""
        return self.clock.now()

    def monotonic(self) -> float:
        """Return the monotonic clock, which a stopped process finds gone on."""
        return self.clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait, and longer where the process is stopped meanwhile."""
        await self.clock.sleep(seconds)
        await self.life.gate("clock")


def mortal(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> "asyncio.Task[Any]":
    """Make a task that dies with the life it belongs to (a task factory)."""
    task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **options)
    context = options.get("context")
    life = context.get(LIFE) if context is not None else LIFE.get()
    if life is not None:
        life.tasks[task] = None
        task.add_done_callback(lambda ended: life.tasks.pop(ended, None))
        if life.dead:
            task.cancel()
    return task


def _time() -> float:
    return asyncio.get_running_loop().time()


def _nobody(_seconds: float) -> None:
    """Start nothing."""
