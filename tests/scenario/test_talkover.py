"""A person and the bot speak at the same moment: found by message ids, taken back or told (N4)."""

import asyncio

import pytest

from chatcrew.testing.relay import relayed
from chatcrew.testing.responders import ScriptedResponder

QUESTION = "tenho uma dúvida sobre o exame da minha mãe"


async def _crossed(c, crew, relay):
    """Let a person answer while our reply is on its way; nobody tells us until both are there."""
    conversation = await c.says(QUESTION)
    await c.asked(crew)
    relay.holding = True
    await c.chatwoot.agent_says(conversation, "Oi Maria, aqui é a Patrícia, deixa comigo.")
    await asyncio.sleep(0.05)
    reply = await c.reply(conversation)
    relay.holding = False
    await relay.release()
    await c.settled()
    return conversation, reply


@pytest.mark.parametrize("token", [True, False], ids=["user_token", "bot_token"])
async def test_in_a_web_chat_the_reply_is_deleted_or_else_told(clinic, token) -> None:
    """Only a user token may delete (contract §4.1); without it the note says what is to be seen."""
    crew = ScriptedResponder(lambda ask: "resposta do bot", delay=0.6)
    web = {"channel": "web_widget", "chatwoot_channel": "Channel::WebWidget"}
    async with clinic(responder=crew, user_token=token, **web) as c, relayed(c.agent_bot) as relay:
        conversation, reply = await _crossed(c, crew, relay)
        told = [note for note in conversation.notes if "ao mesmo tempo" in note.content]

        assert bool(reply.content_attributes.get("deleted")) is token
        assert len(told) == (0 if token else 1)
        assert await c.bot.metric("chatcrew_talkovers_total", done="deleted") == 1
        assert await c.bot.metric("chatcrew_talkovers_total", done="not_deleted") == (not token)


async def test_elsewhere_one_note_tells_and_the_bot_stays_quiet(clinic) -> None:
    """WhatsApp takes nothing back; the metric has the offset, once, however often we are told."""
    crew = ScriptedResponder(lambda ask: "resposta do bot", delay=0.6)
    async with clinic(responder=crew) as c, relayed(c.agent_bot) as relay:
        conversation, reply = await _crossed(c, crew, relay)
        (person,) = [line for line in conversation.messages if line.by_person]
        await c.says("e quanto custa?")
        await c.settled()
        (note,) = [note for note in conversation.notes if "ao mesmo tempo" in note.content]
        seconds = await c.bot.metric("chatcrew_talkover_seconds_sum")

        assert "Patrícia Gomes" in note.content
        assert "> resposta do bot" in note.content
        assert conversation.public_bot_replies == [reply]
        assert await c.bot.metric("chatcrew_talkover_seconds_count") == 1
        # Until our echo comes, our own clock says when the reply was taken: a little later
        late = (reply.created_at - person.created_at).total_seconds()
        assert late - 0.002 <= seconds < late + 2.0
