"""The world that pictures are taken of: a month on record, and a bot with conversations of now."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from aiohttp import ClientSession
from scripts.pictures import _month_sql as month
from scripts.pictures._houses import BELLA, CLINIC, HOUSES, JOBS

from chatcrew.accounts import QUICK, Accounts, Passwords, PostgresAccounts, Role
from chatcrew.cli._sandboxed import free_port
from chatcrew.clock import SystemClock
from chatcrew.database import Database, attach_or_own, migrate
from chatcrew.messages import Answer, Ask, Timing
from chatcrew.sandbox import Sandbox, Window
from chatcrew.telemetry import configure
from chatcrew.testing import (
    Account,
    Agent,
    Contact,
    Conversation,
    FakeChatwoot,
    Inbox,
    ManualClock,
    signed_headers,
    write_mapping,
)
from chatcrew.testing.bot import RunningBot, running_bot
from chatcrew.testing.chatwoot_page import ChatwootPage, chatwoot_page
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.testing.stores import Stores, Talk, claimed

ROOT = Path(__file__).parents[2]
TOKEN = "tab-token-0123456789abcdef0123456789"
USER, PASSWORD = "ana", "um segredo bem longo"
HANDED = "João Pedro Albuquerque"
"""Who asks for a person."""
PLACES = {21: BELLA, 22: CLINIC, 23: JOBS}
_NAMES = {21: "WhatsApp da loja", 22: "WhatsApp da clínica", 23: "Telegram"}
_KINDS = {"whatsapp": "Channel::Whatsapp", "telegram": "Channel::Telegram"}
_MORE = """
experiment:
  name: curtinha
  start: {start}
  share: 50
  b: {{style: "uma frase só, sem emoji"}}
"""
_SAYS = {
    "vitamina": "Para viço e tom uniforme, o sérum de vitamina C (R$ 119,90) é uma boa escolha. "
    "Use de manhã, antes do hidratante e do protetor solar 🌸",
    "sábado": "Atendemos aos sábados, das 8h às 12h. Quer que eu veja um horário para você?",
}


@dataclass
class World:
    """Everything that has pages.

    Attributes:
        awaited: nothing waits that is not answered soon.
    """

    chatwoot: FakeChatwoot
    account: Account
    agent: Agent
    bot: RunningBot
    parent: ChatwootPage
    sandbox: Sandbox
    talks: dict[str, Conversation]
    awaited: bool = True

    async def settled(self) -> None:
        """Wait until Chatwoot and the bot have nothing left to do."""
        for _ in range(3):
            await self.chatwoot.idle()
            await self.bot.quiet(within=60, waiting=self.awaited)

    async def says(self, inbox: int, contact: Contact, *texts: str) -> Conversation:
        """Let a customer write, one message after each answer."""
        for words in texts:
            talk = await self.chatwoot.customer_says(self.account.inboxes[inbox], contact, words)
            await self.settled()
        return talk


def _say(ask: Ask) -> Answer:
    heard = ask.inputs["message"].lower()
    for word, said in _SAYS.items():
        if word in heard:
            return Answer(said, engine="compiled")
    return Answer(
        "Claro! Me conta um pouquinho mais, para eu indicar o que combina com você?",
        engine="compiled",
    )


@contextlib.asynccontextmanager
async def world() -> AsyncIterator[World]:
    """Fill a database of its own, start everything, and let customers write."""
    configure("error", form="console", process="pictures")
    clock = SystemClock()
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cc-pictures-")))
        attached = await attach_or_own(folder / "data", may_own=True)
        stack.push_async_callback(attached.close)
        database = await stack.enter_async_context(
            await Database.open(attached.url, name="pictures")
        )
        await migrate(database)
        await month.fill(database, HOUSES, clock=clock)
        await _given_up(database)
        chatwoot = await stack.enter_async_context(FakeChatwoot(speed=50))
        parent = await stack.enter_async_context(chatwoot_page())
        page_port = free_port(0)
        account = chatwoot.add_account(1, "Grupo Aurora")
        agent = account.add_agent(12, "Patrícia Gomes")
        account.add_agent(13, "Rafael Antunes")
        inboxes = {
            number: account.add_inbox(number, _NAMES[number], channel=_KINDS[house.channel])
            for number, house in PLACES.items()
        }
        bots = {
            house.bot: account.add_bot(name=house.name, inboxes=[inboxes[number]])
            for number, house in PLACES.items()
        }
        config = await asyncio.to_thread(_files, folder, clock)
        mapping = await asyncio.to_thread(
            write_mapping,
            folder,
            base_url=chatwoot.url,
            bots=bots,
            inboxes={n: {"channel": h.channel, "tenant": h.tenant} for n, h in PLACES.items()},
            tenant=CLINIC.tenant,
            tab_token=TOKEN,
            tab_origins=[parent.url, f"http://127.0.0.1:{page_port}"],
        )
        bot = await stack.enter_async_context(
            running_bot(
                database,
                mapping,
                config_dir=config,
                crews_dir=ROOT / "crews",
                responder=ScriptedResponder(_say, delay=0.3),
            )
        )
        for label, agent_bot in bots.items():
            agent_bot.outgoing_url = bot.webhook_url(label)
        parent.app = f"{bot.public_url}/tab/{TOKEN}"
        tenants = bot.base.directory.current.tenants
        sandbox = Sandbox(
            chatwoot,
            title="chatcrew",
            model_configured=True,
            tab=parent.app,
            windows=[
                Window(
                    inboxes[number],
                    tenants[house.tenant].persona.business,
                    [one.question for one in tenants[house.tenant].faq[:4]],
                    voice=tenants[house.tenant].persona.tone,
                )
                for number, house in PLACES.items()
            ],
        )
        await sandbox.start("127.0.0.1", page_port)
        stack.push_async_callback(sandbox.close)
        made = World(chatwoot, account, agent, bot, parent, sandbox, {})
        await _enter(database, clock)
        await _live(made, inboxes)
        await _broken(made)
        yield made


def _files(folder: Path, clock: SystemClock) -> Path:
    """Return the shipped businesses, one of them with an experiment and limits of its own."""
    config = Path(shutil.copytree(ROOT / "config", folder / "config"))
    place = config / "domains" / f"{BELLA.tenant}.yaml"
    start = f"{clock.now():%Y-%m}-01"
    place.write_text(place.read_text("utf-8") + _MORE.format(start=start), "utf-8")
    models = config / "models.yaml"
    dollar = f"\nexchange: {{as_of: {clock.now():%Y-%m}-01, brl: 5.40, source: Banco Central}}\n"
    models.write_text(models.read_text("utf-8") + dollar, "utf-8")
    return config


async def _enter(database: Database, clock: SystemClock) -> None:
    accounts = Accounts(PostgresAccounts(database, clock), Passwords(QUICK))
    await accounts.add(USER, PASSWORD, role=Role.OWNER)
    await accounts.add("bia", PASSWORD, role=Role.VIEWER, tenants=[BELLA.tenant])
    await accounts.add("rafael.antunes", PASSWORD, role=Role.ADMIN)


async def _live(made: World, inboxes: dict[int, Inbox]) -> None:
    """Hold the conversations of now: answered, asked for, handed over, taken by a person."""
    people = {
        "answered": "Maria da Silva",
        "handed": HANDED,
        "taken": "Marina Prado",
        "jobs": "Rui Barros",
    }
    who = {
        key: made.account.add_contact(name=name, phone_number=f"+558199000000{place}")
        for place, (key, name) in enumerate(people.items())
    }
    made.talks["answered"] = await made.says(
        21,
        who["answered"],
        "oi! meu nome é Maria da Silva",
        "o que vocês têm de vitamina C para manchas?",
        "quanto custa o frete para Salvador?",
    )
    made.talks["handed"] = await made.says(
        22, who["handed"], "vocês atendem sábado?", "prefiro falar com uma pessoa, por favor"
    )
    made.talks["taken"] = await made.says(21, who["taken"], "quero trocar o pedido BF12345")
    taken = made.talks["taken"]
    await made.chatwoot.agent_says(taken, "Oi, Marina! Aqui é a Patrícia 💛", agent=made.agent)
    await made.settled()
    made.talks["jobs"] = await made.says(23, who["jobs"], "procuro emprego de auxiliar")


async def _broken(made: World) -> None:
    """Let one delivery be unreadable, and leave one customer waiting."""
    now = made.chatwoot.clock.now()
    bot = next(one for one in made.account.bots.values() if one.name == BELLA.name)
    body = b'{"event": "message_created", "id": '
    async with ClientSession() as session:
        url = made.bot.webhook_url(BELLA.bot)
        await session.post(url, data=body, headers=signed_headers(bot.secret, body, now=now))
    # Whoever writes on and on is answered once he rests
    slow = Timing(quiet=1800, max_wait=1800)
    waits = Talk(SystemClock(), 901, "demo", CLINIC.bot, timing=slow)
    await made.bot.base.mailbox.put(waits.says("oi, tudo bem?"))
    made.awaited = False


async def _given_up(database: Database) -> None:
    """Leave a conversation that the bot could not answer, half an hour ago."""
    clock = ManualClock(SystemClock().now() - timedelta(minutes=34))
    stores = Stores.on_postgres(database, clock)
    talk = Talk(clock, 900, "demo", CLINIC.bot)
    await stores.mailbox.put(talk.says("meu resultado já saiu?"))
    await stores.mailbox.park(await claimed(stores, clock), reason="too_many_failures")
    await stores.mailbox.close()
