"""Two businesses in one house whose names, customers and words attack whoever shows them."""

import asyncio
import contextlib
import json
import re
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientResponse, ClientSession, CookieJar, web

from chatcrew.accounts import QUICK, Accounts, Passwords, PostgresAccounts, Role, form_token
from chatcrew.analytics import PostgresFacts
from chatcrew.app.api import open_api
from chatcrew.app.console import open_console
from chatcrew.app.tab import open_tab
from chatcrew.database import Database
from chatcrew.ids import ConversationId
from chatcrew.telemetry import Health
from chatcrew.testing import Account, Agent, Conversation, FakeChatwoot, write_mapping
from chatcrew.testing.bot import RunningBot, running_bot
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.version import VERSION
from chatcrew.web import Reception, admin_app, public_app

ROOT = Path(__file__).parents[2]
MINE, THEIRS = "health/minha", "health/deles"
WORDS: Mapping[str, str] = {MINE: "zebrulina", THEIRS: "quixandira"}
"""A word that only the one's customers, bot and files say."""

HOSTILE = (
    "\"'><script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>"
    "</title></textarea><a href=javascript:alert(1)>x</a>"
    "[y](javascript:alert(2)) **<b onclick=alert(3)>** `<i>` > {{7*7}} {% raw %} ${7*7}"
)
PASSWORD = "um segredo bem longo"
TAB = "tab-token-0123456789abcdef0123456789"
_TENANT = """
persona: {{name: {name}, business: {name}, tone: claro}}
language: pt-BR
timezone: America/Recife
facts: {{{name}: {name}}}
faq:
  - question: Onde fica?
    answer: {name}
    keywords: [endereço]
"""


@dataclass
class House:
    """The house, what happened in it, and the applications that its ports serve."""

    bot: RunningBot
    chatwoot: FakeChatwoot
    account: Account
    agent: Agent
    talks: Mapping[str, Conversation]
    apps: Sequence[web.Application]

    def place(self, tenant: str) -> ConversationId:
        """Return the conversation of a tenant by our own name for it."""
        return ConversationId("demo", "the-bot", self.talks[tenant].id)

    @contextlib.asynccontextmanager
    async def browser(self, name: str | None) -> AsyncIterator["Browser"]:
        """Give a browser before the console, in which somebody is signed in."""
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
            browser = Browser(session, self.bot.admin_url)
            if name is not None:
                assert (await browser.enters(name)).status == 303
            yield browser


@dataclass
class Browser:
    """Somebody's browser before the console."""

    session: ClientSession
    url: str

    async def ask(self, method: str, path: str, **more: object) -> ClientResponse:
        """Ask for an address and read the answer, following nothing."""
        answer = await self.session.request(
            method,
            f"{self.url}{path}",
            allow_redirects=False,
            **more,  # type: ignore[arg-type]  # options of aiohttp
        )
        await answer.read()
        return answer

    def cookie(self, name: str) -> str:
        """Return a cookie's value, "" where there is none."""
        return {one.key: one.value for one in self.session.cookie_jar}.get(name, "")

    async def enters(self, name: str) -> ClientResponse:
        """Sign in by the form."""
        await self.ask("GET", "/console/login")
        form = {
            "name": name,
            "password": PASSWORD,
            "token": form_token(self.cookie("chatcrew_door")),
        }
        return await self.ask("POST", "/console/login", data=form)

    async def posts(self, path: str, form: Mapping[str, str], **headers: str) -> ClientResponse:
        """Send a form as a page of the console would."""
        token = form_token(self.cookie("chatcrew_console"))
        return await self.ask("POST", path, data={"token": token, **form}, headers=headers)


def _files(folder: Path) -> Path:
    domain = folder / "config" / "domains" / "health"
    domain.mkdir(parents=True)
    shutil.copy(ROOT / "config" / "domains" / "health" / "_base.yaml", domain)
    for tenant, word in WORDS.items():
        name = json.dumps(f"{word} {HOSTILE}")
        text = _TENANT.format(name=name)
        (domain / f"{tenant.split('/')[1]}.yaml").write_text(text, "utf-8")
    return folder / "config"


@contextlib.asynccontextmanager
async def opened(database: Database, folder: Path) -> AsyncIterator[House]:
    """Run the house, and let everything happen in it that a page shows."""
    crew = ScriptedResponder(lambda ask: "Temos, sim.")
    async with FakeChatwoot(speed=50) as chatwoot:
        account = chatwoot.add_account(1)
        inboxes = {MINE: 21, THEIRS: 22}
        for number in inboxes.values():
            account.add_inbox(number, channel="Channel::Whatsapp")
        bot, agent = account.add_bot(7), account.add_agent(12, f"Patrícia {HOSTILE}")
        mapping = await asyncio.to_thread(
            write_mapping,
            folder,
            base_url=chatwoot.url,
            bots={"the-bot": bot},
            inboxes={
                number: {"tenant": tenant, "channel": "whatsapp"}
                for tenant, number in inboxes.items()
            },
            tenant=MINE,
            tab_token=TAB,
        )
        config = await asyncio.to_thread(_files, folder)
        async with running_bot(
            database, mapping, config_dir=config, crews_dir=ROOT / "crews", responder=crew
        ) as running:
            bot.outgoing_url = running.webhook_url("the-bot")
            talks = {}
            for tenant, number in inboxes.items():
                he = account.add_contact(name=f"{WORDS[tenant]} {HOSTILE}")
                said = f"tem {WORDS[tenant]}? {HOSTILE}"
                talks[tenant] = await chatwoot.customer_says(account.inboxes[number], he, said)
            await chatwoot.wait_for(lambda: all(one.public_bot_replies for one in talks.values()))
            for tenant, talk in talks.items():
                said = f"quero falar com uma pessoa, {WORDS[tenant]}"
                await chatwoot.customer_replies(talk, said)
            await chatwoot.wait_for(lambda: all(one.status == "open" for one in talks.values()))
            await chatwoot.idle()
            await running.quiet(waiting=False)
            await _accounts(running)
            apps = await _apps(running)
            yield House(running, chatwoot, account, agent, talks, apps)


async def _accounts(running: RunningBot) -> None:
    base = running.base
    zones = dict.fromkeys(WORDS, "America/Recife")
    await PostgresFacts(base.database, base.clock).run(zones)
    accounts = Accounts(PostgresAccounts(base.database, base.clock), Passwords(QUICK))
    await accounts.add("casa", PASSWORD, role=Role.OWNER)
    await accounts.add("minha", PASSWORD, role=Role.OWNER, tenants=[MINE])
    await accounts.add("deles", PASSWORD, role=Role.OWNER, tenants=[THEIRS])


async def _apps(running: RunningBot) -> Sequence[web.Application]:
    """Return both ports' applications, put together as an ingress process does."""
    base = running.base
    reception = Reception(
        base.directory,
        mailbox=base.mailbox,
        secrets=base.secrets,
        metrics=base.metrics,
        clock=base.clock,
    )
    public = public_app(reception, metrics=base.metrics, clock=base.clock, tab=await open_tab(base))

    async def gauges() -> Mapping[str, float]:
        return {}

    admin = admin_app(
        Health({}),
        metrics=base.metrics,
        gauges=gauges,
        version=VERSION,
        console=await open_console(base),
        api=open_api(base),
    )
    return public, admin


async def panel_of(house: House, tenant: str) -> tuple[str, Mapping[str, str]]:
    """Return the tab's panel of a tenant's conversation as a paired operator gets it."""
    talk = house.talks[tenant]
    here = f"{house.bot.public_url}/tab/{TAB}/conversations/{talk.id}"
    async with ClientSession() as session:
        async with session.post(f"{here}/code") as got:
            begun = await got.json()
        code = re.search(r"/bot parear <b>([0-9]{4})</b>", begun["html"])
        assert code is not None
        await house.chatwoot.agent_says(talk, f"/bot parear {code[1]}", private=True)
        await house.chatwoot.wait_for(lambda: "pareado" in str(talk.notes[-1].content))
        key = {"Authorization": f"Bearer {begun['secret']}"}
        async with session.get(f"{here}/panel", headers=key) as got:
            assert got.status == 200, got.status
            return await got.text(), key
