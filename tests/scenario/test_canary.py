"""Four tenants at once over five channels, each with a word that nobody else may ever see."""

import asyncio
import contextlib
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import structlog
from aiohttp import ClientSession

from chatcrew.app.meter import LedgerMeter
from chatcrew.app.responder import CrewResponder
from chatcrew.cache import open_cache
from chatcrew.clock import SystemClock
from chatcrew.crews import CrewPool, engines
from chatcrew.database import Database
from chatcrew.database.schema import metadata
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.ledger import PostgresLedger
from chatcrew.llm import gateway
from chatcrew.messages import ModelRequest, ToolCall
from chatcrew.telemetry import Metrics
from chatcrew.testing import Contact, Conversation, FakeChatwoot, ScriptedModel, write_mapping
from chatcrew.testing.bot import RunningBot, running_bot
from chatcrew.tools import builtin_catalogue

ROOT = Path(__file__).parents[2]
WORDS = {
    "health/varizemed": "zebrulina",
    "cosmetics/bella": "quixandira",
    "jobs/sophie": "morvelhota",
    "sales/timmy": "tamborixo",
}
"""A word of each tenant's own, which stands in its facts, rules and knowledge."""
INBOXES = {
    1: ("health/varizemed", "whatsapp", "Channel::Whatsapp"),
    2: ("health/varizemed", "web_widget", "Channel::WebWidget"),
    3: ("cosmetics/bella", "instagram", "Channel::Instagram"),
    4: ("jobs/sophie", "telegram", "Channel::Telegram"),
    5: ("sales/timmy", "email", "Channel::Email"),
}
"""Tenant, our channel and Chatwoot's by inbox, as the shipped mapping has them."""
INBOXES |= {
    # On one channel too, where crew, function and question are the same for several tenants
    6: ("cosmetics/bella", "whatsapp", "Channel::Whatsapp"),
    7: ("jobs/sophie", "whatsapp", "Channel::Whatsapp"),
    8: ("sales/timmy", "whatsapp", "Channel::Whatsapp"),
}
QUESTION = "Qual é a palavra secreta da casa?"
MORE = "E por que essa palavra foi escolhida?"
PERSON = "Quero falar com um atendente, por favor"
CUSTOMERS = 2


def words_in(text: str) -> set[str]:
    """Return every tenant's word that stands in ``text``, in capitals or not."""
    return {word for word in WORDS.values() if word in text.casefold()}


def echo(request: ModelRequest) -> str | ToolCall:
    """Say every word that any part of the prompt gave away; look it up first if asked for more."""
    looked = any(message.get("role") == "tool" for message in request.messages)
    tools = orjson.dumps(list(request.tools)).decode()
    if "search_knowledge" in tools and MORE in prompt_of(request) and not looked:
        query = orjson.dumps({"query": QUESTION}).decode()
        return ToolCall(id="1", name="search_knowledge", arguments=query)
    found = re.findall("|".join(WORDS.values()), prompt_of(request).casefold())
    return f"Aqui se diz {', '.join(dict.fromkeys(found)) or 'nada'}."


def prompt_of(request: ModelRequest) -> str:
    """Return all that a model was sent."""
    return orjson.dumps([list(request.messages), list(request.tools)]).decode()


def _with_words(folder: Path) -> Path:
    """Return a copy of the shipped configuration in which each tenant has its word."""
    copied = Path(shutil.copytree(ROOT / "config", folder / "config"))
    for tenant, word in WORDS.items():
        path = copied / "domains" / f"{tenant}.yaml"
        text = path.read_text("utf-8")
        for key, more in {
            "facts": f"  palavra secreta: {word}\n",
            "rules": f"  - A palavra secreta da casa é {word}.\n",
            "faq": f"  - question: {QUESTION}\n    answer: A palavra secreta da casa é {word}.\n",
        }.items():
            text, times = re.subn(rf"(?m)^({key}:.*\n)", rf"\g<1>{more}", text)
            assert times == 1, (tenant, key)
        path.write_text(text, "utf-8")
    return copied


@dataclass
class House:
    """Everybody's bot, and all that can be looked into."""

    chatwoot: FakeChatwoot
    bot: RunningBot
    model: ScriptedModel
    database: Database
    file: Path
    logs: list[Any]
    talks: dict[str, list[Conversation]] = field(
        default_factory=lambda: {tenant: [] for tenant in WORDS}
    )

    async def newcomers_say(self, text: str) -> None:
        """Let customers who never wrote before write to every inbox at the same time."""
        account = self.chatwoot.accounts[1]
        known = len(account.contacts)
        people = [
            account.add_contact(name=f"Cliente {n}", phone_number=f"+55819{n:08d}")
            for n in range(known, known + CUSTOMERS)
        ]
        await self.say(text, people)

    async def everybody_says(self, text: str) -> None:
        """Let every customer write to every inbox at the same time."""
        await self.say(text, list(self.chatwoot.accounts[1].contacts.values()))

    async def say(self, text: str, people: list[Contact]) -> None:
        """Let ``people`` write to every inbox at the same time, and wait for all answers."""
        account = self.chatwoot.accounts[1]
        asked = [
            (tenant, self.chatwoot.customer_says(account.inboxes[number], contact, text))
            for contact in people
            for number, (tenant, *_) in INBOXES.items()
        ]
        talks = await asyncio.gather(*(saying for _, saying in asked))
        for (tenant, _), talk in zip(asked, talks, strict=True):
            if talk not in self.talks[tenant]:
                self.talks[tenant].append(talk)
        await self.settled()

    async def settled(self) -> None:
        """Wait until nothing is left to do."""
        for _ in range(3):
            await self.chatwoot.idle()
            await self.bot.quiet(within=60)

    async def rows(self) -> AsyncIterator[tuple[str, str | None, str]]:
        """Yield table, tenant (None: nobody's) and content of every row of the database."""
        tenants = {talk.id: name for name, talks in self.talks.items() for talk in talks}
        for table in metadata.sorted_tables:
            async with self.database.begin() as connection:
                found = (await connection.execute(table.select())).mappings().all()
            for row in found:
                owner = row.get("tenant") or tenants.get(row.get("number", 0))
                yield table.name, owner, " ".join(_readable(value) for value in row.values())

    def kept(self) -> list[tuple[str, str]]:
        """Return key and value of everything in the cache's file, which holds all that is kept."""
        with contextlib.closing(sqlite3.connect(self.file)) as connection:
            rows = connection.execute("select key, value from entries").fetchall()
        return [(key, _readable(value)) for key, value in rows]


def _readable(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


@contextlib.asynccontextmanager
async def house(database: Database, folder: Path) -> AsyncIterator[House]:
    """Run one bot for all tenants: one account, one agent bot, one model, one cache."""
    clock = SystemClock()
    model = ScriptedModel(default=echo)
    config = await asyncio.to_thread(_with_words, folder)
    await asyncio.to_thread(gateway.load_guarded)  # imports what it stands on
    file = folder / "cache" / "kept.sqlite"
    async with contextlib.AsyncExitStack() as stack:
        logs = stack.enter_context(structlog.testing.capture_logs())
        chatwoot = await stack.enter_async_context(FakeChatwoot(speed=50))
        account = chatwoot.add_account(1)
        for number, (_, _, channel) in INBOXES.items():
            account.add_inbox(number, channel=channel)
        agent_bot = account.add_bot(7)
        mapping = await asyncio.to_thread(
            write_mapping,
            folder,
            base_url=chatwoot.url,
            bots={"all": agent_bot},
            inboxes={
                number: {"tenant": tenant, "channel": channel}
                for number, (tenant, channel, _) in INBOXES.items()
            },
            tenant="health/varizemed",
        )
        cache = await stack.enter_async_context(open_cache(clock, file=file))
        pool = CrewPool(size=1)
        stack.push_async_callback(pool.close)
        responder = CrewResponder(
            engines(pool),
            model=gateway.build(
                model,
                meter=LedgerMeter(PostgresLedger(database), metrics=Metrics()),
                clock=clock,
                cache=cache,
            ),
            catalogue=builtin_catalogue(),
            knowledge=PostgresKnowledge(database),
            default_model="scripted",
            available=True,
            clock=clock,
        )
        bot = await stack.enter_async_context(
            running_bot(
                database,
                mapping,
                config_dir=config,
                crews_dir=ROOT / "crews",
                responder=responder,
                cache=cache,
            )
        )
        agent_bot.outgoing_url = bot.webhook_url("all")
        yield House(chatwoot, bot, model, database, file, logs)


def _strangers(found: Iterable[tuple[str | None, str]]) -> Iterator[tuple[str | None, set[str]]]:
    """Yield what holds a word of somebody else than its tenant."""
    for tenant, text in found:
        strange = words_in(text) - {WORDS.get(tenant or "")}
        if strange:
            yield tenant, strange


async def test_no_word_of_one_tenant_shows_in_anything_of_another(database, tmp_path) -> None:
    """Prompts, replies, notes, cache, log lines, metrics, every table (S2-05, S4-37, S4-48)."""
    async with house(database, tmp_path) as h:
        await h.newcomers_say(QUESTION)
        await h.newcomers_say(QUESTION)
        await h.everybody_says(MORE)
        await h.everybody_says(PERSON)
        async with ClientSession() as session, session.get(f"{h.bot.admin_url}/metrics") as got:
            metrics = await got.text()
        rows = [row async for row in h.rows()]
        kept = await asyncio.to_thread(h.kept)

    replies = [(t, m.content) for t, talks in h.talks.items() for c in talks for m in c.messages]
    notes = {t: [n.content for c in talks for n in c.notes] for t, talks in h.talks.items()}
    prompts = [(request.tenant, prompt_of(request)) for request in h.model.requests]
    cached = [(key.split("|")[1].split(":")[1], f"{key} {value}") for key, value in kept]
    stored = [(tenant, text) for _, tenant, text in rows]

    for found in (replies, prompts, cached, stored):
        assert list(_strangers(found)) == []
    # What the words never reach at all: they are content, and content is neither key nor log line
    assert words_in(" ".join(key for key, _ in kept)) == set()
    assert words_in(_readable(h.logs)) == set()
    assert words_in(metrics) == set()

    # All of it was there to be looked at, for each tenant
    for tenant, word in WORDS.items():
        said = [m.content for c in h.talks[tenant] for m in c.public_bot_replies]
        assert len(said) >= 3 * len(h.talks[tenant])
        assert any(word in text for text in said), tenant
        assert notes[tenant], tenant
        for found in (prompts, cached, stored):
            assert any(word in text for owner, text in found if owner == tenant), tenant
    finished = [line for line in h.logs if line["event"] == "turn.finished"]
    assert len(finished) >= 3 * 2 * CUSTOMERS * len(INBOXES)
    # The second to ask got what was kept for the first, of each tenant
    kinds = {tuple(key.split(":")[1:3]) for key, _ in kept}
    assert kinds == {(tenant, kind) for tenant in WORDS for kind in ("answers", "completions")}
    # The crew for e-mail greets by name, so its answers are nobody else's
    chats = sum(channel != "email" for _, channel, _ in INBOXES.values())
    assert [line["engine"] for line in finished].count("cache") >= CUSTOMERS * chats
    assert {"turn", "message", "event", "outbox_part"} <= {table for table, *_ in rows}
