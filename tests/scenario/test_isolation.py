"""No tenant sees another's data, no customer another's words (S2-05, S2-35)."""

import asyncio
import shutil
from pathlib import Path

import pytest

from chatcrew.testing import FakeChatwoot, write_mapping
from chatcrew.testing.bot import running_bot
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
