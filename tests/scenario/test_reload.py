"""Files are edited under a running bot: the next reply has it, a broken file changes nothing."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from chatcrew.app.configuration import renew_knowledge, sync_knowledge
from chatcrew.app.reload import Files, Hooks, Reloader, following
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.messages import Ask
from chatcrew.tenancy import Configuration, Tenant
from chatcrew.tenancy.known import knowledge_version
from chatcrew.testing import Account, Contact, Conversation, FakeChatwoot, Inbox, write_mapping
from chatcrew.testing.bot import RunningBot, running_bot
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.tools import ToolContext, builtin_catalogue, names

ROOT = Path(__file__).parents[2]


@dataclass
class Desk:
    """A running bot whose files may be edited.

    ``prepared`` is set once a new version is ready; it comes into force when ``let`` is set.
    """

    chatwoot: FakeChatwoot
    account: Account
    inbox: Inbox
    bot: RunningBot
    reloader: Reloader
    tenant: Path
    prepared: asyncio.Event
    let: asyncio.Event

    async def asks(self, text: str) -> Conversation:
        """Let a new customer write."""
        contact: Contact = self.account.add_contact(name="Maria da Silva")
        return await self.chatwoot.customer_says(self.inbox, contact, text)

    async def reply(self, conversation: Conversation, count: int = 1) -> str:
        """Return the bot's ``count``-th public reply."""
        await self.chatwoot.wait_for(
            lambda: len(conversation.public_bot_replies) >= count, timeout=20.0
        )
        return str(conversation.public_bot_replies[count - 1].content)

    async def edit(self, change: Callable[[str], str]) -> None:
        """Save the business's file as an editor does: another file in its place."""

        def save() -> None:
            text = self.tenant.read_text("utf-8")
            fresh = self.tenant.with_name("varizemed.yaml.new~")
            fresh.write_text(change(text), "utf-8")
            fresh.replace(self.tenant)

        await asyncio.to_thread(save)

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait for what the reloader does by itself."""
        async with asyncio.timeout(20):
            while not ready():
                await asyncio.sleep(0.02)

    @property
    def version(self) -> str:
        """The version in force."""
        return self.bot.base.directory.current.version


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Callable[..., object]:
    """Return a context manager that runs a bot over a copy of the shipped files."""

    @contextlib.asynccontextmanager
    async def run(*, responder: ScriptedResponder | None = None) -> AsyncIterator[Desk]:
        prepared, let = asyncio.Event(), asyncio.Event()
        let.set()
        config = tmp_path / "config"
        await asyncio.to_thread(shutil.copytree, ROOT / "config", config)
        async with FakeChatwoot() as chatwoot:
            account = chatwoot.add_account(1, "Clínica")
            inbox = account.add_inbox(21, channel="Channel::Whatsapp")
            agent_bot = account.add_bot(7)
            mapping = await asyncio.to_thread(
                write_mapping,
                tmp_path,
                base_url=chatwoot.url,
                bots={"clinic-bot": agent_bot},
                inboxes={21: "whatsapp"},
                tenant="health/varizemed",
            )
            crews = ROOT / "crews"
            async with running_bot(
                database, mapping, config_dir=config, crews_dir=crews, responder=responder
            ) as bot:
                agent_bot.outgoing_url = bot.webhook_url("clinic-bot")
                knowledge = PostgresKnowledge(database)

                async def prepare(_: Configuration, changed: Sequence[Tenant]) -> None:
                    await sync_knowledge(knowledge, changed)
                    prepared.set()
                    await let.wait()

                reloader = Reloader(
                    bot.base.directory,
                    Files(mapping, config, crews),
                    tools=names(),
                    metrics=bot.base.metrics,
                    clock=bot.base.clock,
                    hooks=Hooks(prepare=prepare),
                )
                tenant = config / "domains" / "health" / "varizemed.yaml"
                async with following(reloader):
                    yield Desk(
                        chatwoot, account, inbox, bot, reloader, tenant, prepared=prepared, let=let
                    )

    return run


async def test_an_edited_text_is_in_the_next_reply_and_a_broken_file_in_none(desk) -> None:
    """Edit, break, mend: each as the customer sees it (S4-29; issue 4, hot reload)."""
    async with desk() as d:
        assert "Rua das Acácias" in await d.reply(await d.asks("Onde fica a clínica?"))

        first = d.version
        await d.edit(lambda text: text.replace("Rua das Acácias", "Rua dos Ipês"))
        await d.until(lambda: d.version != first)
        assert "Rua dos Ipês" in await d.reply(await d.asks("Onde fica a clínica?"))

        second = d.version
        await d.edit(lambda text: text.replace("Rua dos Ipês", "Rua Nova") + "\tfaq: [\n")
        await d.until(lambda: d.reloader.status()["faults"] == 1)
        assert d.version == second
        assert await d.bot.metric("chatcrew_config_faults") == 1
        assert "Rua dos Ipês" in await d.reply(await d.asks("Onde fica a clínica?"))

        await d.edit(lambda text: text.removesuffix("\tfaq: [\n"))
        await d.until(lambda: d.version != second)
        assert "Rua Nova" in await d.reply(await d.asks("Onde fica a clínica?"))
        assert await d.bot.metric("chatcrew_config_faults") == 0
        assert await d.bot.metric("chatcrew_config_version", version=d.version) == 1
        assert await d.bot.metric("chatcrew_config_version", version=first) == 0


async def test_a_document_dropped_in_answers_the_next_customer(desk) -> None:
    """Added, edited and taken away, while the server runs (S3-97, S4-29)."""
    question = "Vocês têm sala de amamentação?"
    async with desk() as d:
        path = d.tenant.with_suffix("") / "knowledge" / "mais" / "clinica.md"

        async def save(answer: str) -> None:
            before = d.version
            await asyncio.to_thread(path.parent.mkdir, exist_ok=True)
            await asyncio.to_thread(path.write_text, f"# {question}\n\n{answer}\n", "utf-8")
            await d.until(lambda: d.version != before)

        await save("Sim, ao lado da recepção.")
        assert "ao lado da recepção" in await d.reply(await d.asks(question))
        await save("Sim, no segundo andar.")
        assert "no segundo andar" in await d.reply(await d.asks(question))

        before = d.version
        await asyncio.to_thread(path.unlink)
        await d.until(lambda: d.version != before)
        assert "segundo andar" not in await d.reply(await d.asks(question))


async def test_a_turn_under_way_keeps_the_version_it_began_with(desk) -> None:
    """What was checked together is answered together; the next turn is the new version's."""
    asked, go_on = asyncio.Event(), asyncio.Event()

    class Slow(ScriptedResponder):
        async def respond(self, crew, tenant, ask, *, config):
            asked.set()
            await go_on.wait()
            return await super().respond(crew, tenant, ask, config=config)

    def say(ask: Ask) -> str:
        return f"Aqui é {ask.inputs['agent_name']}."

    async with desk(responder=Slow(say)) as d:
        first = d.version
        name = d.bot.base.directory.current.tenants["health/varizemed"].persona.name
        conversation = await d.asks("tenho uma dúvida sobre o pós-operatório da minha tia")
        async with asyncio.timeout(20):
            await asked.wait()
        await d.edit(lambda text: text.replace(f"name: {name}", "name: Zulmira", 1))
        await d.until(lambda: d.version != first)
        go_on.set()

        assert await d.reply(conversation) == f"Aqui é {name}."
        later = await d.asks("tenho outra dúvida sobre o pós-operatório da minha avó")
        assert await d.reply(later) == "Aqui é Zulmira."


async def test_until_the_new_version_is_in_force_the_old_address_is_given(desk) -> None:
    """Its knowledge is written before; nobody reads it before the rest of the version (S4-29)."""
    async with desk() as d:
        d.let.clear()
        first = d.version
        await d.edit(lambda text: text.replace("Rua das Acácias", "Rua dos Ipês"))
        async with asyncio.timeout(20):
            await d.prepared.wait()

        assert d.version == first
        assert "Rua das Acácias" in await d.reply(await d.asks("Onde fica a clínica?"))

        d.let.set()
        await d.until(lambda: d.version != first)
        assert "Rua dos Ipês" in await d.reply(await d.asks("Onde fica a clínica?"))


async def test_a_worker_that_starts_with_old_files_changes_nothing_for_the_others(
    desk, database: Database
) -> None:
    """Two machines, of which one was not updated yet: each answers as its own files say."""
    async with desk() as d:
        old, first = d.bot.base.directory.current.tenants, d.version
        await d.edit(lambda text: text.replace("Rua das Acácias", "Rua dos Ipês"))
        await d.until(lambda: d.version != first)

        theirs = PostgresKnowledge(database)
        await renew_knowledge(theirs, old.values())

        assert "Rua dos Ipês" in await d.reply(await d.asks("Onde fica a clínica?"))
        clinic = old["health/varizemed"]
        found = await theirs.search(
            clinic.key, "Onde fica a clínica?", version=knowledge_version(clinic)
        )
        assert "Rua das Acácias" in found[0].text


async def test_a_turn_that_began_before_a_reload_searches_what_its_version_says(
    desk, database: Database
) -> None:
    """Its crew's tools, too: a turn is of one version from its first word to its last."""
    asked, go_on = asyncio.Event(), asyncio.Event()
    clock = SystemClock()

    class Searching(ScriptedResponder):
        async def respond(self, crew, tenant, ask, *, config):
            asked.set()
            await go_on.wait()
            context = ToolContext(
                tenant, ask.conversation, PostgresKnowledge(database), clock, ask.budget
            )
            query = '{"query": "Onde fica a clínica?"}'
            found = await builtin_catalogue().call("search_knowledge", query, context)
            street = "Rua dos Ipês" if "Rua dos Ipês" in found.text else "Rua das Acácias"
            assert street in found.text
            return replace(
                await super().respond(crew, tenant, ask, config=config), text=f"Fica na {street}."
            )

    async with desk(responder=Searching(lambda _: "")) as d:
        first = d.version
        conversation = await d.asks("tenho uma dúvida sobre o pós-operatório da minha tia")
        async with asyncio.timeout(20):
            await asked.wait()
        await d.edit(lambda text: text.replace("Rua das Acácias", "Rua dos Ipês"))
        await d.until(lambda: d.version != first)
        go_on.set()

        assert await d.reply(conversation) == "Fica na Rua das Acácias."
        later = await d.asks("tenho outra dúvida sobre o pós-operatório da minha avó")
        assert await d.reply(later) == "Fica na Rua dos Ipês."
