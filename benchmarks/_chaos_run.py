"""Plays the steps of a script against the running processes, and judges round by round."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from benchmarks import _chaos_trial
from benchmarks._chaos_house import backends, fill_disk
from benchmarks._chaos_script import Step
from benchmarks._chaos_trial import Trial, Violation
from benchmarks._chaos_world import World
from chatcrew.testing import Conversation

PATIENCE = 15.0
"""Seconds for a point to be passed after the talks that pass it began."""

RARE_PATIENCE = 120.0
SETTLED = 150.0
"""Seconds after the last blow within which everything has to have ended."""

_TRIES = 2


@dataclass
class Played:
    """What a run came to.

    Attributes:
        fired: steps whose blow fell.
        missed: those whose point was not passed in time.
        struck: other blows, by kind.
        found: violations with the steps that were under way.
        known: what was said twice behind the fence, as documented.
        seconds: the run took.
    """

    fired: list[Step] = field(default_factory=list)
    missed: list[Step] = field(default_factory=list)
    struck: list[Step] = field(default_factory=list)
    trial: Trial = field(default_factory=Trial)
    found: list[tuple[Violation, list[Step]]] = field(default_factory=list)
    known: list[Violation] = field(default_factory=list)
    seconds: float = 0.0


class Run:
    """One run.

    Args:
        world: where.
        per_round: steps between two judgements.
        say: told of what happens.
    """

    def __init__(self, world: World, *, per_round: int, say: Callable[[str], None]) -> None:
        self._world = world
        self._per_round = per_round
        self._say = say
        self._later: set[asyncio.Task[None]] = set()
        self._rare: set[asyncio.Task[None]] = set()
        self._told: set[Violation] = set()
        self._spans: list[tuple[Step, float, float]] = []
        self._halted: set[int] = set()
        self._played = Played()

    async def play(self, steps: Sequence[Step], *, within: float = float("inf")) -> Played:
        """Play the steps and judge what came of them.

        A blow whose point nobody passed in time is tried again at the end, twice at most.

        Args:
            steps: in their order.
            within: seconds after which no round begins.
        """
        begun, plan, at, tries = time.time(), list(steps), 0, 0
        while at < len(plan) and time.time() - begun <= within:
            for step in plan[at : at + self._per_round]:
                await self._somebody_works()
                await self._step(step)
            at += self._per_round
            last = at >= len(plan)
            await self._judge(since=at - self._per_round, last=last)
            if last and tries < _TRIES:
                tries += 1
                missed, self._played.missed = self._played.missed, []
                at = len(plan)
                plan += [replace(step, number=at + more) for more, step in enumerate(missed)]
        self._played.seconds = time.time() - begun
        return self._played

    async def shrink(self, steps: Sequence[Step]) -> list[Step]:
        """Return the steps without those that a violation does not need, one tried after the other.

        Each try is one play: a violation that comes only now and then may keep a step too many.
        """
        needed = list(steps)
        for step in steps:
            fewer = [one for one in needed if one is not step]
            known = len(self._played.found)
            await self.play([replace(one, number=at) for at, one in enumerate(fewer)])
            if fewer and len(self._played.found) > known:
                needed = fewer
                self._say(f"not needed: {step}")
        return needed

    async def _somebody_works(self) -> None:
        """Wait for an ingress and a worker that are neither ended nor stopped."""
        house = self._world.house
        async with asyncio.timeout(180.0):
            while True:
                if all(set(house.pids(kind)) - self._halted for kind in ("ingress", "worker")):
                    return
                await asyncio.sleep(0.05)

    async def _step(self, step: Step) -> None:
        world, began = self._world, time.time()
        for effect, endpoint, times in step.faults:
            self._fault(effect, endpoint, times)
        if step.kind == "point":
            await self._blow(step)
        else:
            for kind in step.talks:
                world.talks.begin(kind, step=step.number, seed=step.seed)
            await asyncio.sleep(0.4)
            await self._strike(step)
            self._played.struck.append(step)
            self._spans.append((step, began, time.time() + abs(step.seconds)))

    def _fault(self, effect: str, endpoint: str, times: int) -> None:
        faults = self._world.chatwoot.faults
        if effect == "drop":
            faults.drop_response(times=times, endpoint=endpoint)
        elif effect == "hang":
            faults.hang(times=times, endpoint=endpoint)
        elif effect == "slow":
            faults.delay(2.0, times=times, endpoint=endpoint)
        else:
            status = {"busy": 429, "away": 502, "refuse": 422}[effect]
            faults.fail(status, times=times, endpoint=endpoint, when=_public)

    async def _blow(self, step: Step) -> None:
        """Order it, let customers write, and see it fall."""
        sabotage, talks = self._world.house.sabotage, self._world.talks
        order = sabotage.order(step.role, step.point, nth=step.nth, number=step.signal)
        for kind in step.talks:
            talks.begin(kind, step=step.number, seed=step.seed)
        if step.rare:
            task = asyncio.create_task(self._see(step, order, RARE_PATIENCE))
            self._rare.add(task)
            task.add_done_callback(self._rare.discard)
        else:
            await self._see(step, order, PATIENCE)

    async def _see(self, step: Step, order: str, patience: float) -> None:
        sabotage, end = self._world.house.sabotage, time.monotonic() + patience
        began = time.time()
        again = time.monotonic() + patience / 2
        while (row := sabotage.fired(order)) is None:
            if time.monotonic() >= end and sabotage.withdraw(order):
                self._played.missed.append(step)
                self._say(f"  not passed: {step}")
                return
            if time.monotonic() >= again and not step.rare:
                again = end
                self._world.talks.begin(step.talks[0], step=step.number, seed=step.seed + 1)
            await asyncio.sleep(0.02)
        self._played.fired.append(step)
        self._spans.append((step, began, time.time() + step.seconds))
        self._say(f"  {step} ({row['name']})")
        if step.signal == "SIGSTOP":
            self._halted.add(int(row["pid"]))
            self._spawn(self._go_on(int(row["pid"]), step.seconds))

    async def _strike(self, step: Step) -> None:
        """Do what is no blow at a point."""
        world, kind = self._world, step.kind
        self._say(f"  {step}")
        everybody = backends(world.server.pid or 0)
        if kind == "postgres" and everybody:
            os.kill(everybody[0], signal.SIGKILL)
        elif kind == "backend" and len(everybody) > 1:
            with contextlib.suppress(ProcessLookupError):
                os.kill(everybody[-1], signal.SIGKILL)
        elif kind == "hang":
            self._spawn(_stopped(everybody, step.seconds))
        elif kind == "disk":
            self._spawn(self._full(step.seconds))
        elif kind == "cut":
            world.cutter.cut()
            await asyncio.sleep(0.3)
            world.cutter.cut()
        elif kind == "model":
            world.models.fail("server_error").drop(text="Isso é", after=1).hang()
        elif kind == "chatwoot":
            await world.chatwoot.refuse_connections()
            await asyncio.sleep(1.5)
            await world.chatwoot.accept_connections()
        elif kind == "clock":
            place = world.house.places[-1]
            world.house.skew(place.name, step.seconds)
            await self._restart(place.name)
        elif kind == "redis" and world.redis is not None:
            world.redis.kill()
            await asyncio.sleep(step.seconds)
            await asyncio.to_thread(world.redis.start)

    async def _restart(self, name: str) -> None:
        place = next(one for one in self._world.house.places if one.name == name)
        if place.process is not None:
            with contextlib.suppress(ProcessLookupError):
                place.process.kill()

    async def _full(self, seconds: float) -> None:
        world, end = self._world, time.monotonic() + seconds
        touched: set[int] = set()
        while time.monotonic() < end:
            now = backends(world.server.pid or 0)
            fill_disk(now, full=True)
            touched |= set(now)
            await asyncio.sleep(0.05)
        fill_disk({*touched, *backends(world.server.pid or 0)}, full=False)

    async def _go_on(self, pid: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
        self._halted.discard(pid)

    def _spawn(self, work: "asyncio.Future[None] | object") -> None:
        task = asyncio.ensure_future(work)  # type: ignore[arg-type]  # a coroutine
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _judge(self, *, since: int, last: bool) -> None:
        """Wait until all has ended, and hold it against the records.

        Args:
            since: talks that began before this step are judged no more.
            last: what may still strike later is waited for.
        """
        world = self._world
        while self._later or (last and self._rare):
            await asyncio.gather(*self._later, *(self._rare if last else ()))
        # What hangs is not let go on: no Chatwoot does what somebody asked of it minutes ago
        world.chatwoot.faults.forget()
        settled = await world.settled(within=SETTLED)
        talks = list({id(talk): talk for _, talk in world.talks.begun}.values())
        trial = await _chaos_trial.hear(world, talks)
        trial.violations += _chaos_trial.acts(world.talks, world)
        if not settled:
            trial.violations.append(Violation(0, f"not settled within {SETTLED:.0f} s"))
        fresh = [one for one in trial.violations if one not in self._told]
        self._told |= set(fresh)
        for violation in fresh:
            steps = self._under_way(violation, talks)
            if violation.said_twice and any(step.unfenced for step in steps):
                self._played.known.append(violation)
            else:
                self._played.found.append((violation, steps))
                self._say(f"VIOLATION in conversation {violation.conversation}: {violation.what}")
        self._played.trial.ended |= trial.ended
        world.talks.begun = [one for one in world.talks.begun if one[0] >= since]
        said = dict(trial.outcomes)
        self._say(f"round: {trial.messages} messages, {len(fresh)} violations, {said}")

    def _under_way(self, violation: Violation, talks: Sequence[Conversation]) -> list[Step]:
        """Return the steps that may have to do with it: those of the conversation's life."""
        found = [talk for talk in talks if talk.id == violation.conversation]
        if not found:
            return [step for step, _, _ in self._spans]
        first = found[0].created_at.timestamp()
        last = max(message.created_at.timestamp() for message in found[0].messages)
        own = {number for number, talk in self._world.talks.begun if talk is found[0]}
        return [
            step
            for step, began, ended in self._spans
            if step.number in own or (began <= last and ended >= first - 1.0)
        ]


def _public(body: bytes) -> bool:
    """Return whether a request is about a message that the customer sees."""
    return b'"private":true' not in body


async def _stopped(pids: Sequence[int], seconds: float) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(seconds)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
