"""What the bot remembers: of a long talk, of a customer who comes back, and of nobody else."""

import asyncio
from pathlib import Path

import pytest

from chatcrew.messages import Person
from chatcrew.testing import FakeChatwoot, write_mapping
from chatcrew.testing.bot import running_bot
from chatcrew.testing.responders import ScriptedResponder

ROOT = Path(__file__).parents[2]
CLINIC = "health/varizemed"
NAME = "Meu nome é Joana Prado e meu pedido é o 48213."


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Nobody sends bursts here."""
    return prompt_crews


async def talk(clinic, crew: ScriptedResponder, *texts: str, contact=None, begin: int = 0):
    """Let a customer say these, each after the bot's answer to the one before."""
    conversation = None
    for number, text in enumerate(texts, begin + 1):
        who = contact or clinic.contact
        conversation = await clinic.chatwoot.customer_says(clinic.inbox, who, text)
        await clinic.asked(crew, number)
        await clinic.settled()
    async with asyncio.timeout(10):
        await clinic.bot.parts.remembering.idle()
    return conversation


def prompt(crew: ScriptedResponder) -> str:
    """Return what the crew read of the past in its newest prompt."""
    inputs = crew.asked[-1].inputs
    return "\n".join((inputs["memory"], inputs["summary"], inputs["history"]))


async def test_a_name_from_the_beginning_is_known_when_the_window_has_moved_on(clinic) -> None:
    """With a window of 4 lines the first message is told in the summary (S2-01, S2-02)."""
    crew = ScriptedResponder(lambda _: "Anotado.")
    filler = [f"E sobre a coisa {word}?" for word in ("azul", "verde", "rosa", "cinza", "roxa")]
    async with clinic(responder=crew, times={"quiet": 0.1, "history": 4}) as c:
        await talk(c, crew, NAME, *filler, "Lembra meu nome e meu pedido?")

        inputs = crew.asked[-1].inputs
        assert "Joana" not in inputs["history"]
        assert "Joana Prado" in inputs["summary"]
        assert "48213" in inputs["summary"]


async def restarted(database, folder: Path, crews: Path, *, tenant: str, says: tuple[str, str]):
    """Return what a second process's crew read of the past, in another conversation."""
    async with FakeChatwoot(speed=50) as chatwoot:
        account = chatwoot.add_account(1)
        inbox, agent_bot = account.add_inbox(channel="Channel::Whatsapp"), account.add_bot()
        contact = account.add_contact(name="+55 81 99000-0000", phone_number="+5581990000000")
        for number, (key, text) in enumerate(((CLINIC, says[0]), (tenant, says[1]))):
            mapping = await asyncio.to_thread(
                write_mapping,
                folder / str(number),
                base_url=chatwoot.url,
                bots={"clinic-bot": agent_bot},
                inboxes={inbox.id: "whatsapp"},
                tenant=key,
            )
            crew = ScriptedResponder(lambda _: "Anotado.")
            async with running_bot(
                database, mapping, config_dir=ROOT / "config", crews_dir=crews, responder=crew
            ) as bot:
                agent_bot.outgoing_url = bot.webhook_url("clinic-bot")
                conversation = await chatwoot.customer_says(inbox, contact, text)
                await chatwoot.wait_for(lambda talk=conversation: talk.public_bot_replies)
                await bot.quiet()
                async with asyncio.timeout(10):
                    await bot.parts.remembering.idle()
            await chatwoot.resolve(conversation)
    return prompt(crew)


async def test_a_customer_who_comes_back_is_known_after_a_restart(
    database, tmp_path, prompt_crews
) -> None:
    """In another conversation, of another process over the same database (S2-34)."""
    says = (NAME, "Lembra meu nome?")
    read = await restarted(database, tmp_path, prompt_crews, tenant=CLINIC, says=says)

    assert "O cliente se chama Joana Prado." in read
    assert "48213" not in read


async def test_another_tenant_is_told_nothing_of_the_same_contact(
    database, tmp_path, prompt_crews
) -> None:
    """The inbox leads to another business now: same account, same contact, no memory (S2-35)."""
    says = (NAME, "Lembra meu nome?")
    read = await restarted(database, tmp_path, prompt_crews, tenant="cosmetics/bella", says=says)

    assert "Joana" not in read


async def test_another_contact_is_told_nothing(clinic) -> None:
    """What one customer told is in no prompt of the other's."""
    crew = ScriptedResponder(lambda _: "Anotado.")
    async with clinic(responder=crew) as c:
        await talk(c, crew, NAME)
        other = c.account.add_contact(name="Outra", phone_number="+5581990000001")
        await talk(c, crew, "Lembra meu nome?", contact=other, begin=1)

        assert "Joana" not in prompt(crew)


async def test_what_is_remembered_never_reaches_the_customer_late(clinic) -> None:
    """The stage is after the delivery, and the work itself is in no turn."""
    crew = ScriptedResponder(lambda _: "Anotado.")
    async with clinic(responder=crew) as c:
        await talk(c, crew, NAME)
        store = c.bot.parts.remembering.store
        person = Person("health/varizemed", "demo", c.contact.id)
        facts = await store.facts(person, now=c.bot.base.clock.now())

        assert [fact.text for fact in facts] == ["O cliente se chama Joana Prado."]
        assert await c.bot.metric("chatcrew_memory_total", result="kept") >= 1
