"""A month of handoffs to people in shifts: how true the promised waits are, and who is forgotten.

Run from the repository's root: ``python -m benchmarks.debts``. See benchmarks/README.md.
"""

import argparse
import asyncio
import heapq
import itertools
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from benchmarks._figures import Report, percentile
from benchmarks._installation import BOT
from benchmarks._shifts import OPENING, People, arrivals
from benchmarks._shipped import Shipped, load_shipped
from chatcrew.conversations import MemoryHistory
from chatcrew.database.rows import MemoryTables
from chatcrew.debts import Calibration, MemoryDebts, Waits, calibration_of, waited_of
from chatcrew.hub.context import TurnContext
from chatcrew.hub.debts import Dunned, Dunning, handed
from chatcrew.hub.desk_port import NoDesk, Placement, Placing
from chatcrew.hub.parts import OPEN_TO_PEOPLE
from chatcrew.mailbox import MemoryMailbox
from chatcrew.messages import ActKind, Claim, Debt, DebtEnd, InputKind, PartState, StoredPart
from chatcrew.telemetry import Metrics, configure
from chatcrew.tenancy import Configuration, Tenant
from chatcrew.tenancy._values.opening import made_opening
from chatcrew.tenancy.calendar import calendar
from chatcrew.tenancy.model import WaitingPolicy
from chatcrew.testing.stores import REPLIED, Talk
from chatcrew.worker import DebtWatch
from chatcrew.worker.history import EpisodeHistory

BEGIN = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
WARM, MONTH = 20, 30
"""Days whose waits are only learnt from, and days that are judged."""

LOW, HIGH = 0.75, 0.85


@dataclass(slots=True)
class Virtual:
    """Satisfies ``clock.Clock``: time is whatever the simulation says."""

    at: datetime = BEGIN

    def now(self) -> datetime:
        """Return it."""
        return self.at

    def monotonic(self) -> float:
        """Return its seconds."""
        return (self.at - BEGIN).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Nobody sleeps here."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Satisfies ``Configurations``."""

    current: Configuration


@dataclass(frozen=True, slots=True)
class ShortestQueue(NoDesk):
    """Satisfies ``Desk``: who did not come loses it to the team with the shortest queue."""

    people: People

    async def place(self, claim: Claim, tenant: Tenant, asked: Placing) -> Placement:
        """Return that team."""
        return Placement(team_id=self.people.shortest())


@dataclass
class Month:
    """The simulation: the server's own book, watch, rules and estimates, and people in shifts.

    Attributes:
        shipped: whose configuration it runs with.
        policy: what is done about waits.
        dice: everything random.
    """

    shipped: Shipped
    policy: WaitingPolicy
    dice: random.Random
    clock: Virtual = field(default_factory=Virtual)
    tables: MemoryTables = field(default_factory=MemoryTables)
    talks: dict[int, Talk] = field(default_factory=dict)
    events: list[tuple[datetime, int, str, int]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=itertools.count)
    steps: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        tenant = self.shipped.tenant
        opening = made_opening({"times": list(OPENING)})
        people = replace(tenant.people, opening=opening, waiting=self.policy)
        self.tenant = replace(tenant, people=people, timezone="America/Recife")
        tenants = {**self.shipped.configuration.tenants, tenant.key: self.tenant}
        self.configuration = replace(self.shipped.configuration, tenants=tenants)
        self.people = People(self.dice)
        self.mailbox = MemoryMailbox(self.tables, self.clock)
        self.book = MemoryDebts(self.tables, self.clock)
        self.waits = Waits(self.book, self.clock)
        metrics, history = Metrics(), EpisodeHistory(MemoryHistory(self.tables))
        self.watch = DebtWatch(
            self.book,
            mailbox=self.mailbox,
            configurations=Fixed(self.configuration),
            metrics=metrics,
            clock=self.clock,
        )
        desk = ShortestQueue(self.people)
        self.dunning = Dunning(self.book, desk, history, metrics, self.clock)

    async def run(self) -> None:
        """Let the days pass, and three more for what was given to people on the last one."""
        for number, (at, team) in enumerate(arrivals(self.dice, BEGIN, WARM + MONTH), 1):
            self._at(at, f"arrives:{team}", number)
        for minutes in range(0, (WARM + MONTH + 3) * 24 * 60, 5):
            self._at(BEGIN + timedelta(minutes=minutes), "look", 0)
        while self.events:
            self.clock.at, _, what, number = heapq.heappop(self.events)
            if what == "answers":
                await self._answers(number)
            elif what.startswith("arrives"):
                await self._handed(number, team=int(what.partition(":")[2]))
            elif what == "due":
                await self._due()
            for waiting, words, free in self.people.picked(self.clock.at):
                self._at(words, "answers", waiting.number)
                self._at(free, "look", 0)

    def _at(self, at: datetime, what: str, number: int) -> None:
        heapq.heappush(self.events, (at, next(self.order), what, number))

    async def _handed(self, number: int, *, team: int) -> None:
        """The bot hands a conversation over, with what it promises now."""
        now = self.clock.at
        talk = self.talks[number] = Talk(self.clock, number, account="demo", bot=BOT)
        await self.mailbox.put(talk.says("quero falar com uma pessoa"))
        opens = calendar(self.tenant).is_open(now)
        wait = await self.waits.estimate(self.tenant, team, now) if opens else None
        placement = Placement(open_now=opens, team_id=team, wait=wait)
        part = handed(OPEN_TO_PEOPLE, reason="customer_asked", placement=placement)
        await self.watch.owe(
            StoredPart(
                number, f"t{number}", talk.id, 0, ActKind.STATUS, part.payload, part.gated,
                f"tag{number}", PartState.SENDING,
            )
        )  # fmt: skip
        await self.mailbox.put(talk.becomes("open", team_id=team))
        self.clock.at += timedelta(seconds=6)  # until the customer has said all he wants
        await self._turns()
        self.people.arrives(number, now, team=team)
        await self._next(number)

    async def _answers(self, number: int) -> None:
        """A person writes the first word."""
        talk = self.talks.get(number)
        if talk is not None:
            await self.mailbox.put(talk.person("Oi! Em que posso ajudar?"))
            await self._due()
            self._forget(number)

    async def _due(self) -> None:
        """The server's watch comes by, and its turns take the steps."""
        await self.watch.run()
        await self._turns()

    async def _turns(self) -> None:
        while claims := await self.mailbox.claim("w", limit=100):
            for claim in claims:
                number = claim.key.conversation.number
                for item in claim.burst:
                    if item.kind is InputKind.TIMER:
                        ctx = TurnContext(claim, self.configuration, deadline=0.0)
                        ctx.bot = self.configuration.bots[BOT]
                        await self._done(number, await self.dunning.step(ctx, item.payload))
                await self.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
                await self._next(number)
        # Every input was taken: a month of them would only fill the memory
        self.tables.events.clear()
        self.tables.turns.clear()

    async def _done(self, number: int, dunned: Dunned) -> None:
        self.steps[dunned.reason] += 1
        if dunned.note:
            self.people.told(number)
        for act in dunned.acts:
            if "team_id" in act.payload and number in self.people.queue:
                self.people.queue[number].team = act.payload["team_id"]
            if act.payload.get("status") == "pending":
                self.people.queue.pop(number, None)
                await self.mailbox.put(self.talks[number].becomes("pending"))

    async def _next(self, number: int) -> None:
        debt = await self.book.standing(self.talks[number].id)
        if debt is not None and debt.owed.next_at is not None:
            self._at(max(debt.owed.next_at, self.clock.at), "due", number)

    def _forget(self, number: int) -> None:
        """Drop what is over from the tables, which a month would fill."""
        self.talks.pop(number)
        key = (BOT, number)
        self.tables.conversations.pop(key, None)
        messages = self.tables.messages
        for name in [name for name, row in messages.items() if row.key == key]:
            del messages[name]
        self.tables.seen.clear()

    async def judged(self) -> list[Debt]:
        """Return the month's debts: what was learnt from before is left out."""
        since = BEGIN + timedelta(days=WARM)
        return list(await self.book.history(self.tenant.key, since=since, limit=1_000_000))


def calibrated(month: Month, debts: Sequence[Debt]) -> Calibration | None:
    """Return how true the promises were, as ``chatcrew debts`` tells it."""
    now = month.clock.now()
    return calibration_of((one, waited_of(one, month.tenant, now=now)) for one in debts)


def orphans(debts: Sequence[Debt]) -> int:
    """Return the customers whom nobody answered, nor the bot took back."""
    return sum(one.ending not in (DebtEnd.ANSWERED, DebtEnd.RETURNED) for one in debts)


async def run(*, seed: int) -> int:
    """Simulate with and without the steps; return the exit code: 1 where a target was missed."""
    configure("critical", form="console", process="benchmark")
    report, shipped = Report(), load_shipped()
    begun = time.perf_counter()
    for name, policy in (("the default steps", _STEPS), ("no steps", _NOTHING)):
        month = Month(shipped, policy, random.Random(seed))
        await month.run()
        debts = await month.judged()
        report.title(f"{MONTH} days after {WARM} to learn from, {name}: {len(debts)} handoffs")
        waits = [one.waited / 60 for one in debts if one.waited is not None]
        shares = ", ".join(f"p{p} {percentile(waits, p / 100):.1f}" for p in (50, 90, 99))
        report.line("minutes at work until a person answered", shares)
        report.line("steps taken", ", ".join(f"{k} {n}" for k, n in sorted(month.steps.items())))
        forgotten = orphans(debts)
        if policy is _NOTHING:
            report.line("customers nobody ever answered", str(forgotten))
            continue
        report.target("customers nobody ever answered", str(forgotten), met=not forgotten,
                      wanted="0")  # fmt: skip
        _tell(report, calibrated(month, debts))
    print(f"\n{time.perf_counter() - begun:.0f} s", flush=True)
    return report.close()


_STEPS = WaitingPolicy(resolve_within=None)
_NOTHING = WaitingPolicy(steps=(), daily=0, resolve_within=None)


def _tell(report: Report, found: Calibration | None) -> None:
    if found is None:
        report.target("waits inside what was promised", "none promised", met=False, wanted="some")
        return
    report.target(
        f"waits inside what was promised (of {found.promises})",
        f"{found.within:.1%}",
        met=LOW <= found.within <= HIGH,
        wanted="80 ± 5 %",
    )
    report.line("ended by the likely wait (50 % is right)", f"{found.by_likely:.1%}")
    report.line("ended by the longest told (90 % is right)", f"{found.by_at_most:.1%}")


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    return asyncio.run(run(seed=parser.parse_args().seed))


if __name__ == "__main__":
    sys.exit(main())
