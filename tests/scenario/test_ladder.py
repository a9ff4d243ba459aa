"""The ladder: every turn ends in time with something true, and says which steps it took (N5)."""

from pathlib import Path

import pytest

from chatcrew.errors import ModelUnavailable
from chatcrew.messages import Answer, Ask, Handoff
from chatcrew.testing import Message
from chatcrew.testing.responders import ScriptedResponder

QUESTION = "Vocês consertam geladeira importada da Noruega?"
FAQ = "Onde fica a clínica?"


def steps(reply: Message) -> list[tuple[str, str]]:
    """Return the rungs that stand in a reply's trace."""
    return [(name, end) for name, end, _ in reply.content_attributes["chatcrew"]["rungs"]]


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


async def test_a_slow_crew_is_answered_for_by_the_fast_model_and_cancelled(clinic) -> None:
    """The customer waits for the quicker of the two; the slower one is cancelled for real."""
    crew = ScriptedResponder(lambda ask: "tarde", delay=30.0, fast=lambda ask: "Não consertamos.")
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        reply = await c.reply(conversation)
        await c.settled()

        trace = reply.content_attributes["chatcrew"]
        assert reply.content == "Não consertamos."
        assert trace["engine"] == "fast"
        assert steps(reply) == [("fast", "answered"), ("crew", "cancelled")]
        assert trace["ms"] < 3000
        assert crew.cancelled == 1
        assert len(conversation.public_bot_replies) == 1


async def test_a_crew_whose_model_is_down_is_answered_for_by_the_fast_model(clinic) -> None:
    """Where the crew fails at once nobody waits for the hedge."""
    down = ModelUnavailable("away", kind="unavailable")
    crew = ScriptedResponder(lambda ask: down, fast=lambda ask: "Não consertamos.")
    async with clinic(responder=crew) as c:
        reply = await c.reply(await c.says(QUESTION))
        assert steps(reply) == [("crew", "unavailable"), ("fast", "answered")]


async def test_an_invented_price_of_the_fast_model_never_wins(clinic) -> None:
    """Only a checked answer wins; the crew's comes later and is the one that is sent (S3-116)."""
    crew = ScriptedResponder(
        lambda ask: "Não consertamos geladeiras.",
        delay=1.5,
        fast=lambda ask: "Sim, por R$ 999,00!",
    )
    async with clinic(responder=crew) as c:
        reply = await c.reply(await c.says(QUESTION))
        assert reply.content == "Não consertamos geladeiras."
        assert steps(reply) == [("fast", "unfounded_price"), ("crew", "answered")]


async def test_a_crew_that_called_people_is_obeyed_and_not_outrun(clinic) -> None:
    """A handoff of the crew is an answer."""
    wants = Answer("", engine="compiled", handoff=Handoff("complaint"))
    crew = ScriptedResponder(lambda ask: wants, fast=lambda ask: "Não consertamos.")
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        assert len(crew.asked_fast) == 0


async def test_past_the_deadline_the_customer_reads_why_and_people_read_what_was_tried(
    clinic,
) -> None:
    """Lateness has words of its own; both ways were tried and told in the team's words."""
    crew = ScriptedResponder(lambda ask: "tarde", delay=30.0, fast=late, fast_delay=0.1)
    async with clinic(responder=crew, times={"deadline": 4.0, "hedge": 0.4}) as c:
        conversation = await c.says(QUESTION)
        await c.chatwoot.wait_for(lambda: conversation.status == "open", timeout=20)
        await c.settled()

        reply = conversation.public_bot_replies[0]
        assert "Estou demorando" in reply.content
        assert reply.content_attributes["chatcrew"]["reason"] == "late"
        note = conversation.notes[0].content
        assert "o modelo de IA não respondeu a tempo" in note
        assert "modelo rápido: o modelo não respondeu a tempo" in note
        assert crew.cancelled == 1


def late(ask: Ask) -> ModelUnavailable:
    """Fail as a model does whose time is up."""
    return ModelUnavailable("late", kind="timeout")


async def test_the_next_customer_with_the_same_question_gets_the_kept_answer(clinic) -> None:
    """A certain question is thought about once; the second customer waits for no model (S4-33)."""
    crew = ScriptedResponder(lambda ask: "Ficamos na Rua das Acácias.")
    async with clinic(responder=crew) as c:
        first = await c.reply(await c.says(FAQ))
        await c.settled()
        other = c.account.add_contact(name="João Souza", phone_number="+5581990000001")
        second = await c.reply(
            await c.chatwoot.customer_says(c.inbox, other, "onde fica a clinica")
        )

        assert second.content == first.content
        assert second.content_attributes["chatcrew"]["engine"] == "cache"
        assert steps(second) == [("cache", "answered")]
        assert len(crew.asked) == 1


@pytest.mark.parametrize("before", ["Estou grávida", "tenho diabetes", "e laser?", "sou menor"])
async def test_what_a_customer_said_before_keeps_the_answer_his_own(clinic, before: str) -> None:
    """Three words may change everything: such an answer is neither taken nor kept (N7)."""
    crew = ScriptedResponder(lambda ask: "Ficamos na Rua das Acácias.")
    async with clinic(responder=crew) as c:
        talk = await c.says(before)
        await c.reply(talk)
        await c.settled()
        await c.chatwoot.customer_says(c.inbox, c.contact, FAQ)
        await c.reply(talk, 2)
        await c.settled()
        asked = len(crew.asked)
        other = c.account.add_contact(name="João Souza", phone_number="+5581990000001")
        await c.reply(await c.chatwoot.customer_says(c.inbox, other, FAQ))

        assert len(crew.asked) == asked + 1


async def test_a_greeting_before_the_question_changes_no_answer(clinic) -> None:
    """Hello and the question are one burst or two: the kept answer fits both."""
    crew = ScriptedResponder(lambda ask: "Ficamos na Rua das Acácias.")
    async with clinic(responder=crew) as c:
        await c.reply(await c.says(FAQ))
        await c.settled()
        other = c.account.add_contact(name="João Souza", phone_number="+5581990000001")
        talk = await c.chatwoot.customer_says(c.inbox, other, "Oi!")
        await c.reply(talk)
        await c.settled()
        await c.chatwoot.customer_says(c.inbox, other, FAQ)
        second = await c.reply(talk, 2)

        assert second.content_attributes["chatcrew"]["engine"] == "cache"


async def test_an_answer_with_the_customers_name_is_not_kept(clinic) -> None:
    """João must not be called Maria."""
    crew = ScriptedResponder(lambda ask: "Claro, dona Silva! Na Rua das Acácias.")
    async with clinic(responder=crew) as c:
        await c.reply(await c.says(FAQ))
        await c.settled()
        other = c.account.add_contact(name="João Souza", phone_number="+5581990000001")
        second = await c.reply(await c.chatwoot.customer_says(c.inbox, other, FAQ))

        assert second.content_attributes["chatcrew"]["engine"] != "cache"
        assert len(crew.asked) == 2


async def test_a_question_that_leans_on_what_was_said_is_asked_anew(clinic) -> None:
    """Asked after talk of something else the same words may mean something else."""
    crew = ScriptedResponder(lambda ask: "Ficamos na Rua das Acácias.")
    async with clinic(responder=crew) as c:
        await c.reply(await c.says(FAQ))
        await c.settled()
        other = c.account.add_contact(name="João Souza", phone_number="+5581990000001")
        talk = await c.chatwoot.customer_says(c.inbox, other, "Quero falar da clínica de Olinda")
        await c.reply(talk)
        await c.settled()
        await c.chatwoot.customer_says(c.inbox, other, FAQ)
        await c.reply(talk, 2)

        assert len(crew.asked) == 3


async def test_a_turn_that_was_answered_late_is_counted_against_the_promise(clinic) -> None:
    """The record says whether the promise was kept, and the figures count it (S4-46)."""
    crew = ScriptedResponder(lambda ask: "Não consertamos.", delay=0.6)
    async with clinic(responder=crew, times={"promise": 0.5, "hedge": 0}) as c:
        await c.reply(await c.says(QUESTION))
        await c.settled()

        assert await c.bot.metric("chatcrew_promise_total", result="missed") == 1
        assert await c.bot.metric("chatcrew_rungs_total", rung="crew", end="answered") == 1
