"""A worker over stores in memory, wired as ``app.assembly`` wires one over PostgreSQL."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from aiohttp import ClientSession

from benchmarks._seams import Life, seamed
from chatcrew.answers import KeptAnswers, MemoryAnswers
from chatcrew.app.chores import Chores, Round
from chatcrew.app.clients import BotClients
from chatcrew.app.rights import KnownRights
from chatcrew.app.secrets import SecretBox
from chatcrew.budgets import Keeper, MemoryCounters
from chatcrew.cache import LayeredCache, open_cache
from chatcrew.chatwoot import ChatwootClient, Pacing, Transport
from chatcrew.chatwoot.lookups import Lookups
from chatcrew.clock import Clock
from chatcrew.conduct import MemoryConduct
from chatcrew.conversations import MemoryHistory
from chatcrew.database.rows import MemoryTables
from chatcrew.debts import MemoryDebts, Waits
from chatcrew.desk import ChatwootStaff, MemoryAssignments, PeopleDesk
from chatcrew.feedback import MemoryFeedback
from chatcrew.hub import Hub
from chatcrew.hub.answers_port import KeptAnswers as Kept
from chatcrew.hub.ports import Responder
from chatcrew.intents import Classifiers
from chatcrew.knowledge import MemoryGaps, MemoryKnowledge
from chatcrew.ledger import MemoryLedger, MemoryTalks
from chatcrew.mailbox import MemoryMailbox
from chatcrew.memory import MemoryMemory
from chatcrew.outbox import MemoryOutbox
from chatcrew.proposals import MemoryDrafts
from chatcrew.provision._memory import MemoryExaminations
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Configuration, Directory
from chatcrew.timers import MemoryTimers
from chatcrew.worker import (
    Alarms,
    Courier,
    DebtWatch,
    Leases,
    Limits,
    StoredTurns,
    Sweep,
    Typing,
    Worker,
)
from chatcrew.worker.history import EpisodeHistory
from chatcrew.worker.memory import StoredMemory


@dataclass(frozen=True, slots=True)
class Paces:
    """How often a worker looks, in seconds: seldom, for wake-ups are never lost in memory.

    Attributes:
        idle: into its mailbox.
        alarms: for timers that are due.
        debts: for who waits for people.
        sweep: for forgotten customers.
        concurrency: turns at once.
        kept: answers that may be given again; left out, as in a server.
    """

    idle: float = 10.0
    alarms: float = 5.0
    debts: float = 20.0
    sweep: float = 60.0
    concurrency: int = 16
    kept: Kept | None = None


@dataclass
class Stores:
    """Everything that outlives a process, in memory.

    Attributes:
        clock: of the machine.
        tables: rows of mailbox, outbox, history and ledger.
    """

    clock: Clock
    tables: MemoryTables = field(default_factory=MemoryTables)

    def __post_init__(self) -> None:
        tables, clock = self.tables, self.clock
        self.mailbox = MemoryMailbox(tables, clock)
        self.outbox = MemoryOutbox(tables, clock)
        self.history = MemoryHistory(tables)
        self.ledger = MemoryLedger(tables)
        self.timers = MemoryTimers(clock)
        self.debts = MemoryDebts(tables, clock)
        self.assignments = MemoryAssignments(tables, clock)
        self.answers = MemoryAnswers()
        self.conduct = MemoryConduct(self.history, clock, ledger=self.ledger)
        self.feedback = MemoryFeedback()
        self.drafts = MemoryDrafts(clock)
        self.gaps = MemoryGaps(clock)
        self.memory = MemoryMemory()
        self.talks = MemoryTalks(tables)
        self.counters = MemoryCounters()
        self.examinations = MemoryExaminations()


@dataclass(frozen=True, slots=True)
class Ground:
    """What one worker stands on.

    Attributes:
        name: of it, unique.
        life: through which it touches everything.
        clock: its own.
        secrets: that it may read.
        configuration: the only version.
        classifiers: taught.
        knowledge: of the businesses.
        stores: what outlives it.
        session: carries its calls.
        metrics: counters.
        paces: how often it looks.
    """

    name: str
    life: Life
    clock: Clock
    secrets: SecretBox
    configuration: Configuration
    classifiers: Classifiers
    knowledge: MemoryKnowledge
    stores: Stores
    session: ClientSession
    metrics: Metrics
    paces: Paces


Respond = Callable[[Ground, LayeredCache, Keeper], Responder]
"""Makes the crews of one worker."""


async def wire(ground: Ground, stack: AsyncExitStack, respond: Respond) -> Worker:
    """Return a worker whose rounds go already; only ``run`` is left to call."""
    life, clock, metrics, stores = ground.life, ground.clock, ground.metrics, ground.stores
    paces = ground.paces
    directory = Directory(ground.configuration)
    mailbox = seamed(stores.mailbox, "mailbox", life)
    outbox = seamed(stores.outbox, "outbox", life)
    timers, debts = seamed(stores.timers, "timers", life), seamed(stores.debts, "debts", life)
    plain = EpisodeHistory(stores.history)
    cache = await stack.enter_async_context(open_cache(clock, jitter=0.0))
    secrets, pacing = ground.secrets, Pacing(clock)
    rights = KnownRights(directory, examinations=stores.examinations, metrics=metrics, clock=clock)
    clients = BotClients(
        directory,
        transport=Transport(lambda: ground.session, pacing=pacing, clock=clock),
        secrets=secrets,
        rights=rights,
    )
    leases = Leases(clock)
    watch = DebtWatch(
        debts, mailbox=mailbox, configurations=directory, metrics=metrics, clock=clock
    )
    courier = Courier(
        outbox,
        mailbox=mailbox,
        clients=clients,
        leases=leases,
        metrics=metrics,
        clock=clock,
        rights=rights,
        timers=timers,
        owe=watch.owe,
    )
    keeper = Keeper(
        stores.counters,
        tenants=lambda: directory.current.tenants,
        exchange=lambda: directory.current.models.exchange,
        clock=clock,
        metrics=metrics,
    )
    hub = Hub(
        directory,
        history=seamed(plain, "history", life),
        memory=StoredMemory(stores.memory, clock=clock),
        knowledge=ground.knowledge,
        responder=respond(ground, cache, keeper),
        kept=paces.kept or KeptAnswers(stores.answers, cache=cache, clock=clock, metrics=metrics),
        turns=StoredTurns(mailbox, outbox=outbox, courier=courier),
        metrics=metrics,
        clock=clock,
        classifiers=ground.classifiers,
        gaps=stores.gaps,
        drafts=stores.drafts,
        conducts=stores.conduct,
        desk=PeopleDesk(
            ChatwootStaff(clients, cache=cache, clock=clock),
            assignments=stores.assignments,
            clock=clock,
            waits=Waits(debts, clock),
        ),
        confidential=secrets.stand_in,
        talks=stores.talks,
        feedback=stores.feedback,
        debts=debts,
    )
    alarms = Alarms(timers, mailbox=mailbox, metrics=metrics, clock=clock, worker=ground.name)

    async def is_there(account: str, inbox_id: int, client: ChatwootClient) -> bool:
        return await Lookups(cache, client, account=account).inbox(inbox_id) is not None

    sweep = Sweep(
        mailbox,
        configurations=directory,
        clients=clients,
        metrics=metrics,
        clock=clock,
        is_there=is_there,
    )
    rounds = [
        Round("sweep", paces.sweep, sweep.run),
        Round("debts_missing", paces.sweep, watch.find),
        Round("alarms", paces.alarms, alarms.run),
        Round("debts", paces.debts, watch.run),
    ]
    await stack.enter_async_context(Chores(rounds, clock=clock))
    return Worker(
        ground.name,
        mailbox=mailbox,
        hub=hub,
        leases=leases,
        typing=Typing(clients, rights=rights),
        metrics=metrics,
        clock=clock,
        limits=Limits(concurrency=paces.concurrency, idle=paces.idle),
    )
