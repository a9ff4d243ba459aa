"""One repair: what a crew made up is asked for once more, then people get the conversation."""

from pathlib import Path

import pytest

from chatcrew.errors import ModelUnavailable
from chatcrew.messages import ActKind, Answer, Handoff, PlannedPart
from chatcrew.testing.responders import ScriptedResponder

QUESTION = "Vocês consertam geladeira importada da Noruega?"


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


def steps(reply) -> list[tuple[str, str]]:
    """Return the rungs that stand in a reply's trace."""
    return [(name, end) for name, end, _ in reply.content_attributes["chatcrew"]["rungs"]]


async def test_an_answer_without_what_was_made_up_is_sent(clinic) -> None:
    """The claims are named to the crew, as they stood in its answer (S3-116)."""
    crew = ScriptedResponder(
        lambda ask: "Sim, por R$ 999,00, com 10 anos de garantia!",
        repaired=lambda claims: "Não consertamos geladeiras.",
    )
    async with clinic(responder=crew) as c:
        reply = await c.reply(await c.says(QUESTION))
        await c.settled()

        assert reply.content == "Não consertamos geladeiras."
        assert steps(reply) == [("crew", "unfounded_price"), ("repair", "answered")]
        assert crew.asked_again == [("R$ 999,00", "10 anos")]
        assert len(crew.asked) == 1
        assert await c.bot.metric("chatcrew_rungs_total", rung="repair", end="answered") == 1


async def test_what_is_made_up_twice_goes_to_people(clinic) -> None:
    """There is one attempt; the note names the kind of claim, and what the crew said is nowhere."""
    crew = ScriptedResponder(
        lambda ask: "Sim, por R$ 999,00!", repaired=lambda claims: "Fica em R$ 888,00, então."
    )
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()

        (reply,) = conversation.public_bot_replies
        assert not any(char.isdigit() for char in reply.content)
        note = conversation.notes[0].content
        assert "um valor que a empresa não informou" in note
        assert "999" not in note
        assert "888" not in note
        assert len(crew.asked_again) == 1


async def test_where_the_repair_fails_people_get_the_conversation(clinic) -> None:
    """A model that is away a second later is no reason to send what was made up."""
    away = ModelUnavailable("away", kind="unavailable")
    crew = ScriptedResponder(lambda ask: "Sim, por R$ 999,00!", repaired=lambda claims: away)
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        assert "999" not in conversation.public_bot_replies[0].content


async def test_nothing_is_repaired_when_the_time_is_over(clinic) -> None:
    """The deadline holds for both together."""
    crew = ScriptedResponder(
        lambda ask: "Sim, por R$ 999,00!", delay=1.1, repaired=lambda claims: "tarde"
    )
    async with clinic(responder=crew, times={"deadline": 2.0, "hedge": 0}) as c:
        conversation = await c.says(QUESTION)
        await c.chatwoot.wait_for(lambda: conversation.status == "open", timeout=20)
        assert crew.asked_again == []


async def test_what_was_done_on_the_way_is_kept_and_not_done_again(clinic) -> None:
    """A label that a tool set stays with the mended answer; the tools are not run twice."""
    label = PlannedPart(ActKind.LABELS, {"add": ["geladeira"]})
    crew = ScriptedResponder(
        lambda ask: Answer("Sim, por R$ 999,00!", engine="compiled", acts=(label,)),
        repaired=lambda claims: "Não consertamos geladeiras.",
    )
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        reply = await c.reply(conversation)
        await c.settled()

        assert reply.content == "Não consertamos geladeiras."
        assert "geladeira" in conversation.labels
        assert len(crew.asked) == 1


async def test_a_crew_that_called_people_is_not_asked_again(clinic) -> None:
    """Its words are replaced by ours, and its wish is obeyed."""
    wants = Answer("São R$ 999,00!", engine="compiled", handoff=Handoff("complaint"))
    crew = ScriptedResponder(lambda ask: wants, repaired=lambda claims: "nunca")
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        assert "999" not in conversation.public_bot_replies[0].content
        assert crew.asked_again == []
