"""The whole server in one process: stores in memory, a Chatwoot without sockets, virtual time."""

import asyncio
import contextlib
import random
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from aiohttp import ClientSession, web

from benchmarks._installation import BOT
from benchmarks._parts import Ground, Paces, Respond, Stores, wire
from benchmarks._seams import LIFE, Life, LifeClock, Plan, mortal, seamed
from benchmarks._virtual import VirtualClock
from chatcrew.app.secrets import SecretBox
from chatcrew.clock import Clock
from chatcrew.intents import Classifiers, load_languages
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Configuration, Directory, Tenant, load
from chatcrew.tenancy.known import knowledge_version
from chatcrew.tenancy.model import Bot, Secret
from chatcrew.tenancy.secrets import read
from chatcrew.testing import Account, AgentBot, FakeChatwoot, Inbox, write_mapping
from chatcrew.testing.wires import Wires
from chatcrew.tools import names
from chatcrew.web import Reception, public_app
from chatcrew.worker import Worker

ROOT = Path(__file__).parents[1]
TENANT = "health/varizemed"
CHATWOOT, INGRESS = "http://127.0.0.1:1", "http://127.0.0.1:2"
ACCOUNT, WHATSAPP, WIDGET = 1, 1, 2
SECRET = "a secret of the simulated bot"
TOKEN, USER_TOKEN = "token-of-the-bot", "token-of-a-person"


@dataclass(frozen=True, slots=True)
class Setting:
    """What many worlds share: nothing in it changes.

    Attributes:
        configuration: the shipped one, with one business in two inboxes.
        classifiers: taught.
        knowledge: of the business.
        values: of its secrets, by reference.
    """

    configuration: Configuration
    classifiers: Classifiers
    knowledge: MemoryKnowledge
    values: Mapping[str, bytes]

    @property
    def tenant(self) -> Tenant:
        """The business."""
        return self.configuration.tenants[TENANT]

    def secrets(self, clock: Clock) -> SecretBox:
        """Return what reads secrets, of files that nobody has to open any more."""
        return _Known(clock, self.values)

    def changed(self, change: Callable[[Tenant], Tenant]) -> "Setting":
        """Return it with the business changed."""
        tenants = {**self.configuration.tenants, TENANT: change(self.tenant)}
        return replace(self, configuration=replace(self.configuration, tenants=tenants))


def setting() -> Setting:
    """Return the shipped configuration, taught and read."""
    with tempfile.TemporaryDirectory(prefix="chatcrew-world-") as folder:
        mapping = write_mapping(
            Path(folder),
            base_url=CHATWOOT,
            bots={BOT: AgentBot(1, ACCOUNT, "bot", TOKEN, SECRET)},
            inboxes={WHATSAPP: "whatsapp", WIDGET: "web_widget"},
            tenant=TENANT,
            account="demo",
            user_token=USER_TOKEN,
        )
        found = load(mapping, ROOT / "config", ROOT / "crews", tools=names())
        knowledge, classifiers = MemoryKnowledge(), Classifiers()
        tenant = found.tenants[TENANT]
        version = knowledge_version(tenant)
        asyncio.run(knowledge.sync(TENANT, tenant.faq, version=version))
        classifiers.teach(tenant, "pt-BR")
        load_languages()  # reads files, which nobody may do while time is held
        values = {one.reference: read(one) for bot in found.bots.values() for one in _secrets(bot)}
        return Setting(found, classifiers, knowledge, values)


def _secrets(bot: Bot) -> Iterator[Secret]:
    yield bot.token
    if bot.user_token is not None:
        yield bot.user_token
    for each in bot.secrets.values():
        yield from each


class _Known(SecretBox):
    """Secrets that were read before time began: threads are outside of this time."""

    def __init__(self, clock: Clock, values: Mapping[str, bytes]) -> None:
        super().__init__(clock, also=(one.decode() for one in values.values()))
        self._known = values

    async def read(self, secret: Secret) -> bytes:
        """Return the secret's bytes."""
        return self._known[secret.reference]


@dataclass
class World:
    """Chatwoot, ingress and workers, all of them alive until something happens to them.

    Attributes:
        setting: what it shares with others.
        respond: makes the crews of a worker.
        chance: everything random.
        start: when it begins.
        plan: what happens to the processes; None where they live as long as the world.
        paces: how often workers look.
        way: seconds that one way of a call takes.
        receipts: what WhatsApp tells of each message.
        people: agents.
        line: puts something between workers and Chatwoot.
        clock: of our machine.
        stores: everything that is kept.
        metrics: of all processes together.
        workers: those that live.
    """

    setting: Setting
    respond: Respond
    chance: random.Random
    start: datetime
    plan: Plan | None = field(default_factory=Plan)
    paces: Paces = field(default_factory=Paces)
    way: Callable[[], float] = lambda: 0.0
    receipts: tuple[str, ...] = ()
    people: int = 1
    line: Callable[[ClientSession], ClientSession] = lambda session: session
    clock: VirtualClock = field(init=False)
    wires: Wires = field(default_factory=Wires)
    stores: Stores = field(init=False)
    metrics: Metrics = field(default_factory=Metrics)
    workers: dict[str, Worker] = field(default_factory=dict)
    lives: dict[str, Life] = field(default_factory=dict)
    incarnations: int = 0

    def __post_init__(self) -> None:
        self.clock = VirtualClock(self.start)
        self.stores = Stores(self.clock)
        self._going: list[asyncio.Task[None]] = []
        self._open_things: list[AsyncExitStack] = []
        self.chatwoot = FakeChatwoot(
            clock=VirtualClock(self.start), wires=self.wires, port=1, receipts=self.receipts
        )
        self.account: Account = self.chatwoot.add_account(ACCOUNT)
        self.inboxes: dict[int, Inbox] = {
            WHATSAPP: self.account.add_inbox(WHATSAPP, channel="Channel::Whatsapp"),
            WIDGET: self.account.add_inbox(WIDGET, channel="Channel::WebWidget"),
        }
        self.bot = self.account.add_bot(
            1,
            outgoing_url=f"{INGRESS}/webhooks/chatwoot/{BOT}",
            secret=SECRET,
            access_token=TOKEN,
        )
        self.agents = [
            self.account.add_agent(
                100 + n, f"Pessoa {n}", access_token=USER_TOKEN if n == 1 else f"token-{n}"
            )
            for n in range(1, self.people + 1)
        ]
        for inbox in self.inboxes.values():
            inbox.member_ids[:] = [one.id for one in self.agents]

    async def begin(self, workers: int) -> None:
        """Start everything."""
        if self.plan is not None:
            asyncio.get_running_loop().set_task_factory(mortal)
        await self.chatwoot.__aenter__()
        await self._process("ingress", self._serve)
        for number in range(1, workers + 1):
            await self._process(f"worker{number}", self._work)

    def kill(self, kind: str, *, seconds: float) -> None:
        """Kill every process of a kind now; each comes back after so many seconds."""
        for life in [one for one in self.lives.values() if one.name == kind]:
            life.die(seconds)

    def cut(self, *, seconds: float) -> None:
        """Let nobody reach our door for so long; what has come in is handled."""
        self.wires.cut(INGRESS)
        asyncio.get_running_loop().call_later(seconds, self._open, context=self._door[1])

    async def end(self) -> None:
        """End everything."""
        for life in list(self.lives.values()):
            life.end()
        self.chatwoot.faults.clear()
        while rest := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in rest:
                task.cancel()
            await asyncio.wait(rest)

    async def _process(self, name: str, work: Callable[[str, Life], Awaitable[None]]) -> None:
        """Start a process, and whenever it was killed again."""
        loop = asyncio.get_running_loop()

        def again() -> None:
            self._going.append(loop.create_task(self._process(name, work)))

        def died(seconds: float) -> None:
            self.workers.pop(name, None)
            self.lives.pop(name, None)
            if name == "ingress":
                self.wires.cut(INGRESS, at_once=True)
            # Nothing of what starts it again may belong to the life that ended
            loop.call_later(seconds, again, context=Context())

        life = self.lives[name] = Life(name.rstrip("0123456789"), self.plan, died)
        self.incarnations += 1

        async def live() -> None:
            LIFE.set(life)
            await work(name, life)

        await asyncio.wait([asyncio.create_task(live())])

    async def _serve(self, _name: str, life: Life) -> None:
        clock = self._clock_of(life)
        reception = Reception(
            Directory(self.setting.configuration),
            mailbox=seamed(self.stores.mailbox, "mailbox", life),
            secrets=self.setting.secrets(clock),
            metrics=self.metrics,
            clock=clock,
        )
        app = public_app(reception, metrics=self.metrics, clock=clock)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self._door = life, copy_context(), runner
        self._open()

    def _open(self) -> None:
        """Listen; a door of a process that has ended stays shut."""
        life, _, runner = self._door
        if not life.dead:
            self.wires.serve(INGRESS, runner)

    def _clock_of(self, life: Life) -> Clock:
        return self.clock if life.plan is None else LifeClock(self.clock, life)

    async def _work(self, name: str, life: Life) -> None:
        clock = self._clock_of(life)
        ground = Ground(
            name,
            life,
            clock,
            self.setting.secrets(clock),
            self.setting.configuration,
            self.setting.classifiers,
            self.setting.knowledge,
            self.stores,
            self.line(self.wires.session(way=self.way)),
            self.metrics,
            self.paces,
        )
        await self.stores.mailbox.free(name)
        stack = AsyncExitStack()
        self._open_things.append(stack)  # nobody closes what a killed process had open
        worker = self.workers[name] = await wire(ground, stack, self.respond)
        self._going.append(asyncio.create_task(worker.run(), name=name))


@contextlib.asynccontextmanager
async def running(world: World, *, workers: int = 1) -> AsyncIterator[World]:
    """Let a world run until the block ends."""
    try:
        await world.begin(workers)
        yield world
    finally:
        await world.end()
