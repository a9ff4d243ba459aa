"""What a run of chaos does to what stands around the processes: database, disk, Redis, Chatwoot."""

import asyncio
import contextlib
import os
import resource
import signal
import time
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

import psutil

from benchmarks._chaos_script import Step
from benchmarks._chaos_world import World

_PRIVATE = b'"private":true'
"""In the body of what a customer does not see."""

_STATUS = {"away": 502, "refuse": 422, "broken": 500}


class Strikes:
    """Does it, and makes it whole again.

    Args:
        world: to which.

    Attributes:
        halted: processes that are stopped just now.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._later: set[asyncio.Task[None]] = set()
        self.halted: set[int] = set()

    async def over(self) -> None:
        """Wait until everything is whole again."""
        while self._later:
            await asyncio.gather(*self._later)

    def name(self) -> None:
        """Tell the saboteurs which processes the database, Redis and the template are."""
        world = self._world
        redis = None if world.redis is None else world.redis.pid
        victims = {"postgres": world.server.pid, "redis": redis, "template": world.house.cradle.pid}
        for victim, pid in victims.items():
            world.house.sabotage.name(victim, pid)

    def fault(self, effect: str, endpoint: str, times: int) -> None:
        """Let Chatwoot, or the model, do something wrong next."""
        faults, models = self._world.chatwoot.faults, self._world.models
        if endpoint == "model":
            if effect == "error":
                models.fail("server_error")
            elif effect == "cut":
                models.drop(text="Isso é", after=1)
            else:
                models.hang()
        elif effect == "drop":
            faults.drop_response(times=times, endpoint=endpoint)
        elif effect in ("hang", "mute"):
            faults.hang(times=times, endpoint=endpoint, after_effect=effect == "mute")
        elif effect == "slow":
            faults.delay(2.0, times=times, endpoint=endpoint)
        else:
            faults.fail(_STATUS[effect], times=times, endpoint=endpoint, when=_public)

    def after(self, step: Step, pids: Sequence[int]) -> None:
        """Make whole again, in its time, what a blow at a point has struck."""
        if step.signal == "SIGSTOP":
            self.halted |= set(pids)
            self._spawn(self._go_on(pids, step.seconds))
        elif step.victim == "redis":
            self._spawn(self._redis_again(step.seconds))

    async def strike(self, kind: str, seconds: float) -> None:
        """Do what is no blow at a point."""
        world = self._world
        if kind == "disk":
            self._spawn(self._full(seconds))
        elif kind == "cut":
            world.cutter.cut()
            await asyncio.sleep(0.3)
            world.cutter.cut()
        elif kind == "model":
            world.models.fail("server_error").drop(text="Isso é", after=1).hang()
        elif kind == "busy":
            world.chatwoot.faults.fail(429, times=2, endpoint="create_message")
        elif kind == "chatwoot":
            await world.chatwoot.refuse_connections()
            await asyncio.sleep(1.5)
            await world.chatwoot.accept_connections()

    async def _full(self, seconds: float) -> None:
        world, end = self._world, time.monotonic() + seconds
        touched: set[int] = set()
        while time.monotonic() < end:
            now = backends(world.server.pid or 0)
            fill_disk(now, full=True)
            touched |= set(now)
            await asyncio.sleep(0.05)
        fill_disk({*touched, *backends(world.server.pid or 0)}, full=False)

    async def _go_on(self, pids: Sequence[int], seconds: float) -> None:
        await asyncio.sleep(seconds)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.halted -= set(pids)

    async def _redis_again(self, seconds: float) -> None:
        redis = self._world.redis
        if redis is not None:
            redis.kill()  # it is dead: only its number is given back
            await asyncio.sleep(seconds)
            await asyncio.to_thread(redis.start)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)


def backends(postmaster: int) -> list[int]:
    """Return the processes of a database, its postmaster first."""
    try:
        whole = psutil.Process(postmaster)
        return [postmaster, *(child.pid for child in whole.children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def fill_disk(pids: Iterable[int], *, full: bool) -> None:
    """Let no file of these processes grow beyond what a full disk would leave, or set it right."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (64 * 1024 if full else hard, hard))


def _public(body: bytes) -> bool:
    """Return whether a request is about a message that the customer sees."""
    return _PRIVATE not in body
