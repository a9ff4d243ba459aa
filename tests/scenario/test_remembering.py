"""Consent, collected data, refusals and operators' commands about memory, on a whole server."""

import asyncio
import shutil
from pathlib import Path

import pytest

from chatcrew.messages import Person
from chatcrew.testing.responders import ScriptedResponder

ROOT = Path(__file__).parents[2]
CLINIC = "health/varizemed"


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Nobody sends bursts here."""
    return prompt_crews


def crew() -> ScriptedResponder:
    """Return a crew that says nothing of its own."""
    return ScriptedResponder(lambda _: "Anotado.")


async def facts(c) -> list[str]:
    """Return what is remembered of the clinic's customer."""
    async with asyncio.timeout(10):
        await c.bot.parts.remembering.idle()
    store, person = c.bot.parts.remembering.store, Person(CLINIC, "demo", c.contact.id)
    return sorted(one.text for one in await store.facts(person, now=c.bot.base.clock.now()))


async def says(c, text: str, replies: int):
    """Let the customer write and wait for the answer."""
    talk = await c.says(text)
    await c.reply(talk, replies)
    await c.settled()
    return talk


async def test_what_customers_mention_goes_into_their_contact_once(clinic) -> None:
    """What is missing is filled, and said again it is no second call (S2-03)."""
    async with clinic(responder=crew(), user_token=True) as c:
        c.contact.email = None
        await says(c, "Pode mandar para joana@loja.example.com", 1)
        await says(c, "Anotou joana@loja.example.com?", 2)

        assert c.contact.email == "joana@loja.example.com"
        assert [one.path for one in c.chatwoot.requests if one.method == "PUT"] == [
            f"/api/v1/accounts/1/contacts/{c.contact.id}"
        ]


async def test_what_differs_from_the_contact_is_a_note_and_changes_nothing(clinic) -> None:
    """The customer may have written somebody else's address."""
    async with clinic(responder=crew(), user_token=True) as c:
        c.contact.email = "maria@casa.example.com"
        talk = await says(c, "Meu e-mail é joana@loja.example.com", 1)

        assert c.contact.email == "maria@casa.example.com"
        notes = [one.content for one in talk.messages if one.private]
        assert sum("joana@loja.example.com" in note for note in notes) == 1


async def test_without_a_user_token_it_becomes_attributes_of_the_conversation(clinic) -> None:
    """A bot's token may not change contacts (contract §4.3)."""
    async with clinic(responder=crew()) as c:
        c.contact.email = None
        talk = await says(c, "Meu e-mail é joana@loja.example.com", 1)

        assert talk.custom_attributes["cliente_email"] == "joana@loja.example.com"
        assert c.contact.email is None


@pytest.fixture
def config_that_asks(tmp_path: Path) -> Path:
    """A configuration whose clinic asks before it remembers."""
    copied = Path(shutil.copytree(ROOT / "config", tmp_path / "asks"))
    clinic = copied / "domains" / "health" / "varizemed.yaml"
    text = clinic.read_text("utf-8") + "\nmemory: {consent: required}\n"
    clinic.write_text(text, "utf-8")
    return copied


async def test_nothing_is_kept_until_the_customer_agrees(clinic, config_that_asks) -> None:
    """Asked once, with the text's version and the date recorded (S2-27)."""
    async with clinic(responder=crew(), config_dir=config_that_asks) as c:
        talk = await says(c, "Meu nome é Joana Prado", 1)
        assert "aceito" in talk.public_bot_replies[-1].content
        assert await facts(c) == []

        await says(c, "Aceito", 2)
        assert "lembrar" in talk.public_bot_replies[-1].content
        await says(c, "Então: meu nome é Joana Prado", 3)

        assert "O cliente se chama Joana Prado." in await facts(c)
        assert sum("não aceito" in one.content for one in talk.public_bot_replies) == 1
        store = c.bot.parts.remembering.store
        consent = await store.consent(Person(CLINIC, "demo", c.contact.id))
        assert consent is not None
        assert (consent.given, len(consent.version)) == (True, 12)


async def test_who_does_not_agree_is_not_remembered_nor_asked_again(
    clinic, config_that_asks
) -> None:
    """The answer is recorded, too: also another talk does not ask."""
    async with clinic(responder=crew(), config_dir=config_that_asks) as c:
        talk = await says(c, "Quero saber do laser", 1)
        await says(c, "não aceito", 2)
        await says(c, "Meu nome é Joana Prado", 3)
        assert await facts(c) == []

        await c.chatwoot.resolve(talk)
        await c.settled()
        again = await says(c, "Oi de novo, quero saber do laser", 1)
        assert again.id != talk.id
        assert "não aceito" not in again.public_bot_replies[-1].content


async def test_operators_see_and_erase_what_is_remembered(clinic) -> None:
    """By a private note; what was forgotten is neither remembered nor read again."""
    asked = crew()
    async with clinic(responder=asked) as c:
        talk = await says(c, "Meu nome é Joana Prado", 1)
        assert await facts(c) == ["O cliente se chama Joana Prado."]

        await c.chatwoot.agent_says(talk, "/bot memória", private=True, agent=c.agent)
        await c.settled()
        notes = [one.content for one in talk.messages if one.private]
        assert any("O cliente se chama Joana Prado." in note for note in notes)

        await c.chatwoot.agent_says(talk, "/bot esquecer", private=True, agent=c.agent)
        await c.settled()
        assert await facts(c) == []
        await says(c, "E o laser, dói?", 2)
        assert await facts(c) == []
        assert "Joana" not in "".join(map(str, asked.asked[-1].inputs.values()))
