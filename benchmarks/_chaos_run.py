"""Plays the steps of a script against the running processes, and judges round by round."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from benchmarks import _chaos_trial
from benchmarks._chaos_played import Played
from benchmarks._chaos_script import Step, again
from benchmarks._chaos_strikes import Strikes
from benchmarks._chaos_trial import Trial, Violation
from benchmarks._chaos_world import World
from chatcrew.errors import StoreError
from chatcrew.testing import Conversation

AGAIN = 6.0
"""Seconds after which one more customer is asked to pass a point."""

LEAST = 3.0
"""Seconds before rest means that nobody passes it: quiet period, model, timers."""

PATIENCE, RARE_PATIENCE = 45.0, 130.0
"""Seconds for a point to be passed; what is rare waits for a timer or a sweep of a minute."""

STUCK, SETTLED = 150.0, 900.0
"""Seconds without any movement, and altogether, after which what waits is a violation."""

_TRIES = 4


class Run:
    """One run.

    Args:
        world: where.
        per_round: steps between two judgements.
        strict: also what is known to happen behind the fence is a violation.
        say: told of what happens.
    """

    def __init__(
        self, world: World, *, per_round: int, say: Callable[[str], None], strict: bool = False
    ) -> None:
        self._world = world
        self._per_round = per_round
        self._strict = strict
        self._say = say
        self._strikes = Strikes(world)
        self._rare: set[asyncio.Task[None]] = set()
        self._told: set[Violation] = set()
        self._spans: list[tuple[Step, float, float]] = []
        self._tried: Counter[tuple[str, str]] = Counter()
        self._lag = 0.0
        self._played = Played()

    async def play(
        self,
        steps: Sequence[Step],
        *,
        more: Iterator[Step] | None = None,
        within: float = float("inf"),
    ) -> Played:
        """Play the steps and judge what came of them.

        A blow that did not fall is tried again at the end, and replaced by the next of ``more``
        where it never does, until as many fell as were to.

        Args:
            steps: in their order.
            more: what follows them in their seed.
            within: seconds after which no round begins.
        """
        begun, plan, at = time.time(), list(steps), 0
        watch = asyncio.create_task(self._oversleep(), name="lag")
        wanted = sum(step.kind == "point" for step in steps)
        while at < len(plan) and time.time() - begun <= within and await self._somebody_works():
            for step in plan[at : at + self._per_round]:
                if not await self._somebody_works():
                    break
                await self._step(step)
            since, at = at, at + self._per_round
            await self._judge(since=since, last=at >= len(plan))
            if at >= len(plan):
                at = len(plan)
                plan += self._further(wanted, more, number=at)
        watch.cancel()
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

    def _further(self, wanted: int, more: Iterator[Step] | None, *, number: int) -> list[Step]:
        """Return what is tried again, and what falls in the place of what never did."""
        retried = []
        for step, _ in self._played.missed:
            self._tried[step.point, step.blow] += 1
            if self._tried[step.point, step.blow] < _TRIES:
                retried.append(step)
        self._played.missed = [one for one in self._played.missed if one[0] not in retried]
        lacking = wanted - len(self._played.fired) - len(retried)
        if more is not None and lacking > 0:
            blows = (step for step in more if step.kind == "point")
            retried += [next(blows) for _ in range(lacking)]
        return [again(step, number=number + at) for at, step in enumerate(retried)]

    async def _somebody_works(self) -> bool:
        """Wait for an ingress and a worker that are neither ended nor stopped."""
        house, halted = self._world.house, self._strikes.halted
        try:
            with self._played.spending("waiting for processes"):
                await house.working(
                    lambda: all(set(house.pids(kind)) - halted for kind in ("ingress", "worker"))
                )
        except TimeoutError as error:
            self._found([Violation(0, str(error))], [])
            return False
        return True

    async def _step(self, step: Step) -> None:
        world, began = self._world, time.time()
        for effect, endpoint, times in step.faults:
            self._strikes.fault(effect, endpoint, times)
        if step.kind == "point":
            with self._played.spending("until blows fell"):
                await self._blow(step)
            return
        with self._played.spending("other blows"):
            for kind in step.talks:
                world.talks.begin(kind, step=step.number, seed=step.seed)
            await asyncio.sleep(0.4)
            self._say(f"  {step}")
            await self._strikes.strike(step.kind, step.seconds)
            self._played.struck.append(step)
            self._spans.append((step, began, time.time() + step.seconds))

    async def _blow(self, step: Step) -> None:
        """Order it, let customers write, and see it fall."""
        sabotage, talks = self._world.house.sabotage, self._world.talks
        self._strikes.name()
        order = sabotage.order(
            step.role,
            step.point,
            nth=step.nth,
            number=step.signal,
            victim=step.victim,
            seconds=step.seconds,
        )
        for kind in step.talks:
            talks.begin(kind, step=step.number, seed=step.seed)
        seen = self._see(step, order)
        if step.rare:
            task = asyncio.create_task(seen)
            self._rare.add(task)
            task.add_done_callback(self._rare.discard)
        else:
            await seen

    async def _see(self, step: Step, order: str) -> None:
        sabotage, played = self._world.house.sabotage, self._played
        began, looked, asked = time.time(), time.monotonic(), 0
        while (row := sabotage.fired(order)) is None:
            if time.monotonic() - looked >= 0.5:
                looked = time.monotonic()
                self._strikes.name()
                reason = await self._hopeless(step, time.time() - began, asked)
                if reason and sabotage.withdraw(order):
                    played.missed.append((step, reason))
                    self._say(f"  {step}: not struck, {reason}")
                    return
                if not step.rare and time.time() - began > AGAIN * (asked + 1):
                    asked += 1
                    self._world.talks.begin(step.talks[0], step=step.number, seed=step.seed + asked)
            await asyncio.sleep(0.02)
        if row["what"] == "spared":
            played.missed.append((step, f"no {step.victim} was there"))
            self._say(f"  {step}: not struck, no {step.victim} was there")
            return
        took = time.time() - began
        played.fired.append(step)
        if not step.rare:
            played.slowest = sorted([*played.slowest, (took, step)], key=lambda one: -one[0])[:5]
        self._spans.append((step, began, time.time() + abs(step.seconds)))
        self._say(f"  {step} ({row['name']}, {took:.1f} s)")
        self._strikes.after(step, row["pids"])

    async def _hopeless(self, step: Step, waited: float, asked: int) -> str:
        """Return why a point will not be passed any more, empty while it may be.

        Args:
            step: whose.
            waited: seconds since the order.
            asked: how many more customers were asked to pass it.
        """
        if step.rare:
            return f"not passed in {RARE_PATIENCE:.0f} s" if waited > RARE_PATIENCE else ""
        if waited > PATIENCE:
            return f"not passed in {PATIENCE:.0f} s"
        if not asked or waited < AGAIN * asked + LEAST:
            return ""
        return "all its talks ended without it" if await self._world.resting() else ""

    async def _judge(self, *, since: int, last: bool) -> None:
        """Wait until all has ended, and hold it against the records.

        Args:
            since: talks that began before this step are judged no more.
            last: what may still strike later is waited for.
        """
        world, played = self._world, self._played
        with played.spending("waiting for what is rare or stopped"):
            await asyncio.gather(*(self._rare if last else ()))
            await self._strikes.over()
        # What hangs is not let go on: no Chatwoot does what somebody asked of it minutes ago
        world.chatwoot.faults.forget()
        with played.spending("until all had ended"):
            settled = await world.settled(stuck=STUCK, within=SETTLED)
        talks = list({id(talk): talk for _, talk in world.talks.begun}.values())
        slow, self._lag = self._lag, 0.0
        played.lag = max(played.lag, slow)
        with played.spending("judging"):
            trial = await self._heard(talks, slow)
        trial.violations += _chaos_trial.acts(world.talks, world)
        if settled is None:
            trial.violations.append(Violation(0, f"not settled, and nothing moved for {STUCK} s"))
        else:
            played.settling.append(settled)
        self._found(trial.violations, talks)
        played.trial.ended |= trial.ended
        world.talks.begun = [one for one in world.talks.begun if one[0] >= since]
        fallen = len(played.fired)
        self._say(f"round: {fallen} blows fell, {trial.messages} messages, {dict(trial.outcomes)}")

    async def _heard(self, talks: Sequence[Conversation], slow: float) -> Trial:
        """Judge; a database that is just coming up again is asked once more."""
        for left in reversed(range(5)):
            try:
                return await _chaos_trial.hear(self._world, talks, slow=slow)
            except StoreError:
                if not left:
                    raise
                await asyncio.sleep(2.0)
        raise AssertionError("the loop returns or raises")

    def _found(self, violations: Sequence[Violation], talks: Sequence[Conversation]) -> None:
        """Count what is new, with the steps that may have to do with it."""
        for violation in violations:
            if violation in self._told:
                continue
            self._told.add(violation)
            steps = self._under_way(violation, talks)
            fenced = violation.fence and any(step.unfenced for step in steps)
            if fenced and not self._strict:
                self._played.known.append(violation)
            else:
                self._played.found.append((violation, steps))
                self._say(f"VIOLATION in conversation {violation.conversation}: {violation.what}")

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

    async def _oversleep(self) -> None:
        """Measure how much longer than it was to a short sleep takes."""
        while True:
            begun = time.monotonic()
            await asyncio.sleep(0.05)
            self._lag = max(self._lag, time.monotonic() - begun - 0.05)
