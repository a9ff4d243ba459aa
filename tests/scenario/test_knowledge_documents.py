"""A business's documents in a conversation: found, answered from, cited, and missed."""

from pathlib import Path

import pytest
from sqlalchemy import text

from chatcrew.knowledge import PostgresGaps
from chatcrew.messages import Answer, Ask
from chatcrew.testing.responders import ScriptedResponder

PAGE = "config/domains/health/varizemed/knowledge/meias.md"
DOCUMENTS = {
    "meias.md": (
        "# Meias de compressão\n\n## Aluguel\n\n"
        "Alugamos meias elásticas por quinze dias, mediante caução.\n"
    ),
    "velho.md": (
        "---\nexpira: 2020-01-31\n---\n# Promoção das botas\n\n"
        "Botas pneumáticas com sessão de brinde.\n"
    ),
}


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


async def details(clinic) -> list[dict[str, object]]:
    """Return the details of every turn's record."""
    async with clinic.bot.base.database.begin() as connection:
        found = await connection.scalars(text("select details from turn order by started_at"))
        return [row for row in found if row]


async def test_an_answer_names_the_line_of_the_document_it_rests_on(clinic) -> None:
    """The crew reads the passage; message and record say where it stands (S3-97)."""
    asked: list[Ask] = []

    def say(ask: Ask) -> Answer:
        asked.append(ask)
        return Answer("Sim, alugamos por quinze dias.", "compiled", passages=tuple(ask.passages))

    async with clinic(responder=ScriptedResponder(say), documents=DOCUMENTS) as c:
        conversation = await c.says("Vocês locam meia elástica?")
        reply = await c.reply(conversation)
        await c.settled()

        assert "caução" in asked[0].inputs["knowledge"]
        passage = asked[0].passages[0]
        assert passage.source == f"{PAGE}:5"
        assert passage.title == "Meias de compressão › Aluguel"
        kept = await details(c)
        told = reply.content_attributes["chatcrew"]["sources"]
        assert told == kept[-1]["sources"]
        assert told[0] == f"{PAGE}:5"


async def test_an_expired_page_is_never_shown_to_the_crew(clinic) -> None:
    """What no longer holds is not there for anybody to repeat."""
    asked: list[Ask] = []

    def say(ask: Ask) -> str:
        asked.append(ask)
        return "Vou verificar."

    async with clinic(responder=ScriptedResponder(say), documents=DOCUMENTS) as c:
        await c.reply(await c.says("Tem promoção das botas pneumáticas?"))
        assert "brinde" not in asked[0].inputs["knowledge"]


async def test_what_could_not_be_answered_is_counted_without_who_asked(clinic) -> None:
    """Without a model the question goes to people, and the admin learns what was missing."""
    async with clinic(documents=DOCUMENTS) as c:
        conversation = await c.says("Vocês consertam bicicleta? meu cpf é 529.982.247-25")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()

        found = await PostgresGaps(c.bot.base.database).gaps("health/varizemed")
        assert len(found) == 1
        assert "consertam bicicleta" in found[0].question
        assert "529" not in found[0].question
