"""What roles read of earlier conversations, and whom they hand over to by name."""

import orjson
import pytest

from chatcrew.messages import Ask
from chatcrew.testing.acting import ActingResponder, Call

FIRST = "tenho uma dúvida sobre o exame da minha mãe, ela tem alergia a látex"
SECOND = "tenho uma dúvida sobre a alergia que comentei com vocês antes"


@pytest.fixture
def crew(database) -> ActingResponder:
    """Give a crew that looks at earlier conversations and says what it found."""

    async def work(ask: Ask, call: Call) -> str:
        found = await call(
            "search_conversations", orjson.dumps({"query": "alergia látex"}).decode()
        )
        return f"Achei: {found.text}"

    return ActingResponder(work, database=database)


async def test_an_earlier_talk_with_the_same_contact_is_found(clinic, crew) -> None:
    """With its day and who said it; the present conversation is not searched (S3-65)."""
    async with clinic(responder=crew) as c:
        crew.archive = c.bot.parts.archive
        first = await c.says(FIRST)
        reply = await c.reply(first)
        assert "Nada encontrado" in reply.content
        await c.chatwoot.resolve(first, by=c.agent)
        await c.settled()
        second = await c.says(SECOND)
        assert second is not first
        reply = await c.reply(second)
        assert "alergia a látex" in reply.content
        assert "Cliente:" in reply.content


async def test_nobody_elses_words_are_found(clinic, crew) -> None:
    """Another contact who asks the same reads nothing of the first one's talk."""
    async with clinic(responder=crew) as c:
        crew.archive = c.bot.parts.archive
        first = await c.says(FIRST)
        await c.reply(first)
        await c.settled()
        other = c.account.add_contact(name="João", phone_number="+5581990000009")
        theirs = await c.chatwoot.customer_says(c.inbox, other, SECOND)
        await c.chatwoot.wait_for(lambda: theirs.public_bot_replies)
        assert "látex" not in theirs.public_bot_replies[0].content


async def test_private_notes_are_never_found(clinic, crew) -> None:
    """What the team writes to itself is not told to customers."""
    async with clinic(responder=crew) as c:
        crew.archive = c.bot.parts.archive
        first = await c.says(FIRST)
        await c.reply(first)
        await c.chatwoot.agent_says(first, "alergia látex: cliente difícil", private=True)
        await c.chatwoot.resolve(first, by=c.agent)
        await c.settled()
        second = await c.says(SECOND)
        reply = await c.reply(second)
        assert "difícil" not in reply.content


@pytest.mark.parametrize("user_token", [True, False])
async def test_what_was_said_before_we_came_is_asked_of_chatwoot(clinic, crew, user_token) -> None:
    """Only with a user token: a bot may not list messages (contract §2.5)."""
    async with clinic(responder=crew, user_token=user_token) as c:
        crew.archive = c.bot.parts.archive
        url, c.agent_bot.outgoing_url = c.agent_bot.outgoing_url, ""
        first = await c.says(FIRST)
        await c.chatwoot.resolve(first, by=c.agent)
        await c.chatwoot.idle()
        c.agent_bot.outgoing_url = url
        second = await c.says(SECOND)
        reply = await c.reply(second)
        assert ("alergia a látex" in reply.content) is user_token


@pytest.mark.parametrize(
    ("wanted", "team", "agent"),
    [("financeiro", "Financeiro", None), ("Patrícia", None, "Patrícia Gomes"), ("Zé", None, None)],
)
async def test_a_handoff_goes_to_whom_the_customer_named(
    clinic, database, wanted, team, agent
) -> None:
    """Agent or team by name (S3-66); who is unknown stands in the note, and people get it."""

    async def work(ask: Ask, call: Call) -> str:
        asked = {"reason": "customer_asked", "summary": "Quer falar.", "to": wanted}
        await call("handoff", orjson.dumps(asked).decode())
        return "Vou passar você para a equipe."

    crew = ActingResponder(work, database=database)
    async with clinic(responder=crew, user_token=True) as c:
        crew.archive = c.bot.parts.archive
        c.account.add_team(5, "Financeiro")
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()

        assert (conversation.team.name if conversation.team else None) == team
        if agent is not None:
            assert conversation.assignee.name == agent
        if wanted == "Zé":
            assert any("O cliente pediu: Zé" in note.content for note in conversation.notes)
