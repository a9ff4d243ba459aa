"""The world of a simulated month: a business with opening hours, its model, and its books."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from benchmarks import _virtual
from benchmarks._court import Court, Witness
from benchmarks._life import Life, Seen
from benchmarks._parts import Ground, Paces
from benchmarks._savings_day import MODEL, SENTENCES
from benchmarks._shifts import OPENING
from benchmarks._witness import departures, listen
from benchmarks._world import TENANT, Setting, World, running
from benchmarks.faqcache import questions, zipf
from chatcrew.app.meter import LedgerMeter
from chatcrew.app.responder import CrewResponder
from chatcrew.budgets import Keeper
from chatcrew.cache import LayeredCache
from chatcrew.crews import Reach
from chatcrew.crews._engine_compiled import CompiledEngine
from chatcrew.crews._sentences import read as read_sentences
from chatcrew.debts import Calibration, calibration_of, waited_of
from chatcrew.errors import CrewError, ModelUnavailable
from chatcrew.ids import ConversationId
from chatcrew.llm.gateway import build, load_guarded
from chatcrew.messages import Answer, Ask, Debt, ModelAnswer, ModelCall, ModelRequest, Usage
from chatcrew.tenancy import Tenant
from chatcrew.tenancy._values.opening import made_opening
from chatcrew.tenancy.model import Crew, WaitingPolicy
from chatcrew.testing import Conversation
from chatcrew.tools import builtin_catalogue

BEGIN = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
"""Midnight of a Monday in Recife."""
PEOPLE = 7
FAILS = 0.01


@dataclass(slots=True)
class Books:
    """What the server's own records say of the month, added up before they are forgotten.

    Attributes:
        turns: by outcome.
        reasons: of turns, by outcome and reason.
        calls: of models that were asked.
        tokens: that went in and out.
        nanos: US dollars, by the billion.
        depths: what waited in the mailbox, every five minutes.
        oldest: seconds that the oldest of it had waited, most ever.
        broken: promises that did not hold, as the court names them.
    """

    turns: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    tokens: Counter[str] = field(default_factory=Counter)
    nanos: int = 0
    depths: Counter[int] = field(default_factory=Counter)
    oldest: float = 0.0
    broken: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Lived:
    """A month that is over.

    Attributes:
        seen: by who stood beside.
        books: by the server.
        debts: what people owed.
        calibration: how true the promised waits were.
        metrics: as the page of metrics shows them.
        requests: calls to Chatwoot.
        webhooks: that came.
    """

    seen: Seen
    books: Books
    debts: list[Debt]
    calibration: Calibration | None
    metrics: str
    requests: Counter[str]
    webhooks: int


@dataclass(slots=True)
class Advisor:
    """A model that says a few of its sentences, the same to the same words, and takes its time."""

    chance: random.Random

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Answer after 0.5 to 3 s, seldom not at all; four characters are a token."""
        await asyncio.sleep(min(8.0, self.chance.lognormvariate(0.0, 0.45)))
        if self.chance.random() < FAILS:
            raise ModelUnavailable("simulated")
        words = str(request.messages[-1].get("content"))
        drawn = random.Random(words)
        said = " ".join(drawn.sample(SENTENCES, drawn.randint(1, 3)))
        asked = sum(len(str(one.get("content"))) for one in request.messages)
        return ModelAnswer(said, usage=Usage(asked // 4, len(said) // 4), model=request.model)


class _Elsewhere:
    """Stands for CrewAI, which lives in processes of its own and so outside of this time."""

    async def respond(self, crew: Crew, ask: Ask, reach: Reach) -> Answer:
        """Refuse: the fast model answers."""
        raise CrewError(crew.name, message="no process of this simulation")


def live(setting: Setting, *, seed: int, days: int, per_hour: float) -> Lived:
    """Let a month pass; the same seed always gives the same."""
    load_guarded()  # these read files, which nobody may do while time is held
    read_sentences()
    random.seed(seed)
    return _virtual.run(_Month(setting.changed(_business), seed, days, per_hour).run())


def _business(tenant: Tenant) -> Tenant:
    """Give the business hours, and its people conversations in turn."""
    people = replace(
        tenant.people,
        opening=made_opening({"times": list(OPENING)}),
        waiting=WaitingPolicy(resolve_within=None),
        distribution=replace(tenant.people.distribution, method="round_robin", previous=False),
    )
    return replace(tenant, people=people, timezone="America/Recife")


class _Month:
    def __init__(self, setting: Setting, seed: int, days: int, per_hour: float) -> None:
        self.chance = random.Random(f"month {seed}")
        self.network = random.Random(f"network {seed}")
        self.model = Advisor(random.Random(f"model {seed}"))
        self.witness, self.books = Witness(), Books()
        self.setting, self.days, self.per_hour = setting, days, per_hour
        self.gone: set[tuple[str, int]] = set()
        self.webhooks = 0
        self.debts: list[Debt] = []

    async def run(self) -> Lived:
        world = self.world = World(
            self.setting,
            self._crews,
            self.chance,
            BEGIN,
            plan=None,
            paces=Paces(idle=300.0, alarms=60.0, debts=60.0, sweep=1800.0),
            way=lambda: self.network.lognormvariate(-3.7, 0.6),
            people=PEOPLE,
            line=lambda session: departures(session, self.witness),
        )
        world.chatwoot.disorder.shuffle = 0.4
        world.chatwoot.disorder.duplicates = 0.01
        listen(world, self.witness)
        async with running(world):
            asked = zipf(self.chance, questions(self.setting.tenant, 300), s=1.1)
            life = Life(world, self.chance, self.days, self.per_hour, asked, self._over)
            watching = asyncio.create_task(self._watch())
            await life.run()
            watching.cancel()
            self._forget(everything=True)
            tenant, now = self.setting.tenant, world.clock.now()
            since = BEGIN - timedelta(days=1)
            debts = list(await world.stores.debts.history(TENANT, since=since, limit=10**6))
            waits = ((one, waited_of(one, tenant, now=now)) for one in debts)
            return Lived(
                life.seen,
                self.books,
                debts,
                calibration_of(waits),
                world.metrics.exposition({}).decode(),
                world.chatwoot.calls,
                self.webhooks,
            )

    def _crews(self, ground: Ground, cache: LayeredCache, keeper: Keeper) -> CrewResponder:
        gateway = build(
            self.model,
            meter=LedgerMeter(ground.stores.ledger, metrics=ground.metrics),
            clock=ground.clock,
            cache=cache,
            catalogue=lambda: ground.configuration.models,
            purse=keeper,
        )
        return CrewResponder(
            {"compiled": CompiledEngine(), "crewai": _Elsewhere()},
            model=gateway,
            catalogue=builtin_catalogue(),
            knowledge=ground.knowledge,
            default_model=MODEL,
            available=True,
            clock=ground.clock,
        )

    async def _watch(self) -> None:
        """Look at the queue, and forget what is over: twins read whole tables at every turn."""
        while True:
            await asyncio.sleep(300.0)
            depth = await self.world.stores.mailbox.depth()
            self.books.depths[depth.waiting] += 1
            self.books.oldest = max(self.books.oldest, depth.oldest)
            self._forget()

    def _over(self, talk: Conversation) -> None:
        """Judge a conversation that is over."""
        found = Court([talk], self.world.stores.tables, self.witness).of(talk)
        self.books.broken.update(one.partition(":")[0] for one in found)
        account = self.world.account
        account.conversations.pop(talk.id)
        account.contact_inboxes.remove(talk.contact_inbox)
        account.contacts.pop(talk.contact.id)
        self.gone.add((next(iter(self.setting.configuration.bots)), talk.id))

    def _forget(self, *, everything: bool = False) -> None:
        """Drop what is over from every table, as retention does, once it is in the books."""
        tables, gone, chatwoot = self.world.stores.tables, self.gone, self.world.chatwoot
        for name, turn in list(tables.turns.items()):
            place = (turn.state_of.id.bot, turn.state_of.id.number)
            if everything or place in gone:
                del tables.turns[name]
                if turn.record is not None:
                    self.books.turns[turn.record.outcome.value] += 1
                    reason = f"{turn.record.outcome.value}: {turn.record.reason}"
                    self.books.reasons[reason] += 1
        for call in tables.calls:
            assert isinstance(call, ModelCall)
            self.books.calls += not call.from_cache
            if not call.from_cache:
                self.books.tokens["in"] += call.usage.prompt_tokens
                self.books.tokens["out"] += call.usage.completion_tokens
            self.books.nanos += round((call.cost or 0.0) * 1e9)
        for event in [n for n, row in tables.events.items() if row.key in gone]:
            del tables.events[event]
        for line in [name for name, row in tables.messages.items() if row.key in gone]:
            del tables.messages[line]
        for number in [n for n, one in tables.parts.items() if _place(one.conversation) in gone]:
            del tables.parts[number]
        for place in gone:
            tables.conversations.pop(place, None)
        tables.calls.clear()
        tables.seen.clear()
        self.webhooks += sum(len(one.attempts) for one in chatwoot.deliveries)
        for seen in (chatwoot.deliveries, chatwoot.requests, chatwoot.changes.entries, gone):
            seen.clear()


def _place(conversation: ConversationId) -> tuple[str, int]:
    return conversation.bot, conversation.number
