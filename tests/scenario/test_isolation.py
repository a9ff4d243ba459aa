"""No tenant sees another's data, no customer another's words (S2-05, S2-35)."""

import asyncio
import shutil
from functools import partial
from pathlib import Path

import pytest

from chatcrew.analytics import PostgresFacts, transcript
from chatcrew.app.figures import open_figures
from chatcrew.app.telling import open_why
from chatcrew.audit import PostgresAudit
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.ids import ConversationId
from chatcrew.lgpd import HousePrivacy, Kept
from chatcrew.memory import PostgresMemory
from chatcrew.messages import Person
from chatcrew.testing import Conversation, FakeChatwoot, write_mapping
from chatcrew.testing.bot import RunningBot, running_bot
from chatcrew.testing.responders import ScriptedResponder

ROOT = Path(__file__).parents[2]
OTHER = """
persona: {name: Bia, business: Clínica Canário, tone: claro}
language: pt-BR
timezone: America/Recife
facts: {endereço: "Rua do Canário Amarelo, 7"}
faq:
  - question: Onde fica a clínica?
    answer: A clínica fica na Rua do Canário Amarelo, 7.
    keywords: [endereço, localização]
"""


def _two_tenants(folder: Path) -> Path:
    shutil.copytree(ROOT / "config", folder / "config")
    (folder / "config" / "domains" / "health" / "canario.yaml").write_text(OTHER, "utf-8")
    return folder / "config"


async def test_two_tenants_with_the_same_question_get_their_own_answers(database, tmp_path) -> None:
    """Two accounts, each with a conversation number 1: knowledge, facts and history stay apart."""
    crew = ScriptedResponder(lambda ask: f"resposta de {ask.inputs['business_name']}")
    async with FakeChatwoot(speed=50) as chatwoot:
        config = await asyncio.to_thread(_two_tenants, tmp_path)
        accounts = {1: "health/varizemed", 2: "health/canario"}
        bots, people = {}, {}
        for number in accounts:
            account = chatwoot.add_account(number)
            inbox = account.add_inbox(channel="Channel::Whatsapp")
            bots[number] = account.add_bot()
            people[number] = (inbox, account.add_contact(name=f"Cliente {number}"))
        mapping = await asyncio.to_thread(_mapping, tmp_path, chatwoot, accounts, bots, people)
        async with running_bot(
            database, mapping, config_dir=config, crews_dir=ROOT / "crews", responder=crew
        ) as server:
            talks = {}
            for number, bot in bots.items():
                bot.outgoing_url = server.webhook_url(f"bot-{number}")
                question = f"Onde fica a clínica? (canário {number})"
                talks[number] = await chatwoot.customer_says(*people[number], question)
            for talk in talks.values():
                await chatwoot.wait_for(lambda talk=talk: talk.public_bot_replies)

    assert [talk.id for talk in talks.values()] == [1, 1]
    assert talks[1].public_bot_replies[0].content == "resposta de Clínica Varizemed"
    assert talks[2].public_bot_replies[0].content == "resposta de Clínica Canário"
    asked = {ask.tenant: "\n".join(ask.inputs.values()) for ask in crew.asked}
    assert "Canário" not in asked["health/varizemed"]
    assert "Acácias" not in asked["health/canario"]
    assert "canário 2" not in asked["health/varizemed"]
    assert "canário 1" not in asked["health/canario"]


async def test_an_inbox_given_to_another_business_takes_nothing_along(database, tmp_path) -> None:
    """Neither its bot, nor its console, nor an export sees what the first one's customer said."""
    secret = "zebrulina"
    crew = ScriptedResponder(lambda ask: f"resposta de {ask.inputs['business_name']}")
    async with FakeChatwoot(speed=50) as chatwoot:
        config = await asyncio.to_thread(_two_tenants, tmp_path)
        account = chatwoot.add_account(1)
        inbox, bot = account.add_inbox(channel="Channel::Whatsapp"), account.add_bot()
        inbox.lock_to_single_conversation = True
        people, said = {1: (inbox, account.add_contact(name="Ana"))}, 0
        for tenant, asked in (
            ("health/varizemed", [f"meu remédio é {secret}, pode?", f"tem {secret} em gotas?"]),
            ("health/canario", ["bom dia, qual remédio eu tomo?", "e quanto custa?"]),
        ):
            mapping = await asyncio.to_thread(
                _mapping, tmp_path / tenant, chatwoot, {1: tenant}, {1: bot}, people
            )
            async with running_bot(
                database, mapping, config_dir=config, crews_dir=ROOT / "crews", responder=crew
            ) as server:
                bot.outgoing_url = server.webhook_url("bot-1")
                for text in asked:
                    said += 1
                    talk = await chatwoot.customer_says(*people[1], text)
                    await chatwoot.wait_for(partial(_said, talk, said))
                    await chatwoot.idle()
                    await server.quiet()
                place = ConversationId("account-1", "bot-1", talk.id)
                shown = await _shown(server, database, place, tenant)
                if tenant == "health/varizemed":
                    assert secret in shown

    assert len(talk.public_bot_replies) == 4
    prompts = ["\n".join(ask.inputs.values()) for ask in crew.asked]
    assert [secret in one for one in prompts] == [True, True, False, False]
    assert "qual remédio eu tomo" in prompts[3]
    assert "qual remédio eu tomo" in shown
    assert secret not in shown
    assert "resposta de Clínica Varizemed" not in shown


def _said(talk: Conversation, count: int) -> bool:
    return len(talk.public_bot_replies) >= count


async def _shown(server: RunningBot, database: Database, place: ConversationId, tenant: str) -> str:
    """Return all that console and export show to a business's people."""
    clock, base = SystemClock(), server.base
    why = open_why(
        database,
        states=base.mailbox,
        configuration=lambda: base.directory.current,
        settings=base.settings,
        clock=clock,
    )
    await PostgresFacts(database, clock).run({tenant: "America/Recife"})
    figures = open_figures(database, why=why, clock=clock)
    trace = await figures.trace(place, tenants=frozenset({tenant}))
    kept = Kept(database, memory=PostgresMemory(database))
    privacy = HousePrivacy(kept, audit=PostgresAudit(database, clock), clock=clock)
    state = await base.mailbox.state(place)
    assert trace is not None
    assert state is not None
    assert state.snapshot.contact.id is not None
    person = Person(tenant, place.account, state.snapshot.contact.id)
    exported = await privacy.export(person, actor="cli:root")
    return f"{transcript(trace)} {trace} {exported}"


def _mapping(folder: Path, chatwoot: FakeChatwoot, accounts, bots, people) -> Path:
    """Write one mapping with both accounts, out of one written for each."""
    parts = []
    for number, tenant in accounts.items():
        path = write_mapping(
            folder / str(number),
            base_url=chatwoot.url,
            bots={f"bot-{number}": bots[number]},
            inboxes={people[number][0].id: "whatsapp"},
            tenant=tenant,
            account=f"account-{number}",
        )
        parts.append(path.read_text("utf-8").split("accounts:\n")[1])
    mapping = folder / "chatwoot_mapping.yaml"
    mapping.write_text("version: 1\naccounts:\n" + "".join(parts), "utf-8")
    return mapping


@pytest.mark.parametrize("count", [40])
async def test_forty_customers_at_once_never_see_each_others_words(clinic, count: int) -> None:
    """Each reply carries the marker of its own customer and no other."""
    crew = ScriptedResponder(lambda ask: f"Li: {ask.inputs['message']}", delay=0.05)
    async with clinic(responder=crew) as c:
        people = [
            c.account.add_contact(name=f"C{n}", phone_number=f"+55819{n:08d}") for n in range(count)
        ]
        talks = [
            await c.chatwoot.customer_says(c.inbox, who, f"minha marca particular é zx{n:03d}zx")
            for n, who in enumerate(people)
        ]
        for talk in talks:
            await c.reply(talk)
        await c.settled()

        for n, talk in enumerate(talks):
            said = [message.content for message in talk.public_bot_replies]
            assert said == [f"Li: minha marca particular é zx{n:03d}zx"]
