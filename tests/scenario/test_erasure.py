"""Somebody is erased while the bot is answering him; he writes again and is somebody new (N8)."""

from pathlib import Path

import pytest

from chatcrew.app.erasing import open_privacy
from chatcrew.lgpd import Sought
from chatcrew.messages import Person
from chatcrew.testing._planted_sql import dumped
from chatcrew.testing.responders import ScriptedResponder

CLINIC = "health/varizemed"
STORY = "Meu nome é Joana Prado de Almeida e operei a perna esquerda em Caruaru no ano passado"
AGAIN = "Bom dia, vocês atendem aos sábados por acaso ou só durante a semana mesmo?"


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Nobody sends bursts here."""
    return prompt_crews


async def left_in(database, *words: str) -> set[str]:
    """Return the tables that still hold one of these words."""
    found = await dumped(database)
    return {
        table
        for table, rows in found.items()
        if any(one.casefold() in row.casefold() for row in rows for one in words)
    }


async def test_a_person_who_is_erased_while_the_bot_thinks_gets_no_reply_and_leaves_no_trace(
    clinic, database
) -> None:
    """The turn loses its lease before it can say or remember anything; a later one answers."""
    crew = ScriptedResponder(lambda _: "Claro, Joana Prado, vamos ver isso.", delay=1.5)
    async with clinic(responder=crew) as c:
        base = c.bot.base
        privacy = open_privacy(
            base.settings,
            database=database,
            cache=base.cache,
            clock=base.clock,
            current=lambda: base.directory.current,
        )
        conversation = await c.says(STORY)
        await c.asked(crew)
        number = str(c.contact.phone_number or "")
        sought = Sought(contact=c.contact.id)
        (person,) = await privacy.find(CLINIC, sought)
        assert isinstance(person, Person)
        assert number in str(await privacy.export(person, actor="cli:root"))

        receipt = await privacy.erase(person, actor="cli:root")
        await c.settled()

        assert receipt.left == 0
        assert conversation.public_bot_replies == []
        assert await left_in(database, "joana", "caruaru", number) == set()
        assert await privacy.find(CLINIC, sought) == []

        await c.says(AGAIN)
        reply = await c.reply(conversation)
        assert reply.content
        assert "Caruaru" not in "".join(crew.asked[-1].inputs.values())
        await c.settled()
        assert "message" in await left_in(database, "aos sábados por acaso")
        assert await privacy.find(CLINIC, sought) == [person]
