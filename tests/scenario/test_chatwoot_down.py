"""Chatwoot's API fails in every way it can: nothing is said twice, nothing is lost (N3)."""

import pytest

from chatcrew.ids import ConversationId
from chatcrew.messages import PartState
from chatcrew.testing.responders import ScriptedResponder


def _crew() -> ScriptedResponder:
    return ScriptedResponder(lambda ask: "resposta única do bot")


async def _ask(c) -> object:
    return await c.says("tenho uma dúvida sobre o exame da minha mãe")


async def test_a_lost_answer_is_settled_by_our_own_echo(clinic) -> None:
    """The POST was done, its answer got lost; the echo webhook says so, and nothing is repeated."""
    async with clinic(responder=_crew()) as c:
        c.chatwoot.faults.drop_response(endpoint="create_message")
        conversation = await _ask(c)
        await c.reply(conversation)
        await c.settled()

        assert len(conversation.public_bot_replies) == 1
        assert c.chatwoot.calls["create_message"] == 1


@pytest.mark.parametrize("user_token", [False, True])
async def test_a_lost_request_is_sent_again_after_a_look(clinic, user_token: bool) -> None:
    """The POST never took effect: a read-back proves it, with and without a user token."""
    async with clinic(responder=_crew(), user_token=user_token) as c:
        c.chatwoot.faults.fail(502, endpoint="create_message")
        conversation = await _ask(c)
        await c.reply(conversation)
        await c.settled()

        assert len(conversation.public_bot_replies) == 1


async def test_a_refused_connection_is_simply_tried_again(clinic) -> None:
    """Nothing left the machine, so there is nothing to settle."""
    crew = _crew()
    async with clinic(responder=crew) as c:
        await c.chatwoot.refuse_connections()
        conversation = await _ask(c)
        await c.asked(crew)
        await c.chatwoot.accept_connections()
        await c.reply(conversation)
        await c.settled()

        assert len(conversation.public_bot_replies) == 1
        assert len(crew.asked) == 1


async def test_a_rate_limit_is_waited_for_and_never_posted_through(clinic) -> None:
    """429: the part goes back to planned, and the conversation is not counted as failing."""
    crew = _crew()
    async with clinic(responder=crew) as c:
        c.chatwoot.faults.fail(429, endpoint="create_message")
        conversation = await _ask(c)
        await c.asked(crew)
        await c.settled(idle=True)

        assert c.chatwoot.calls["create_message"] == 1
        assert (await c.bot.outbox.undelivered())[PartState.PLANNED] == 1
        state = await c.bot.base.mailbox.state(
            ConversationId("demo", "clinic-bot", conversation.id)
        )
        assert state.attempts == 0
        assert conversation.status == "pending"


async def test_a_refused_message_is_told_to_people(clinic) -> None:
    """422: the customer got nothing, so a note quotes the answer and the conversation opens."""
    async with clinic(responder=_crew()) as c:
        c.chatwoot.faults.fail(422, endpoint="create_message")
        conversation = await _ask(c)
        await c.chatwoot.wait_for(lambda: conversation.status == "open")

        assert conversation.public_bot_replies == []
        assert "resposta única do bot" in conversation.notes[-1].content


async def test_a_fate_nobody_knows_is_never_repeated_and_told_to_people(clinic) -> None:
    """The answer was lost, Chatwoot cannot be read: one note, status open, a metric (design §3)."""
    async with clinic(responder=_crew()) as c:
        c.chatwoot.faults.hang(endpoint="create_message", after_effect=False)
        c.chatwoot.faults.fail(500, times=60, endpoint="show_conversation")
        conversation = await _ask(c)
        await c.chatwoot.wait_for(lambda: conversation.status == "open", timeout=30)
        await c.settled()

        assert conversation.public_bot_replies == []
        assert "não sabe se esta resposta chegou" in conversation.notes[-1].content
        assert await c.bot.metric("chatcrew_outbox_unknown_total") == 1


async def test_a_refused_token_is_waited_for_until_it_is_mended(clinic) -> None:
    """401: the admin rotated the bot's token; the reply is said once the new one is in place."""
    async with clinic(responder=_crew()) as c:
        c.chatwoot.faults.fail(401, endpoint="create_message")
        conversation = await _ask(c)
        reply = await c.reply(conversation)
        await c.settled()

        assert reply.content == "resposta única do bot"
        assert len(conversation.public_bot_replies) == 1
        assert conversation.notes == []
