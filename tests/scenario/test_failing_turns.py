"""A turn that fails again and again ends with people, never in silence (design §3: parking)."""

from chatcrew.testing.responders import ScriptedResponder
from chatcrew.worker import Limits

QUICK = Limits(backoff=0.01, backoff_cap=0.02)


async def test_a_burst_that_fails_every_time_is_handed_to_people(clinic) -> None:
    """Text for the customer, a note with the reason, status open, and an entry to retry."""
    crew = ScriptedResponder(lambda ask: RuntimeError("a bug of ours"))
    async with clinic(responder=crew, limits=QUICK) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.chatwoot.wait_for(lambda: conversation.status == "open", timeout=30)
        await c.settled()

        assert len(crew.asked) == 5
        assert len(conversation.public_bot_replies) == 1
        assert "falhou várias vezes" in conversation.notes[0].content
        parked = await c.bot.base.mailbox.parked()
        assert [one.conversation.number for one in parked] == [conversation.id]


async def test_a_burst_that_fails_once_is_answered_at_the_second_try(clinic) -> None:
    """A passing fault costs a second, not the conversation."""
    faults = [RuntimeError("once")]
    crew = ScriptedResponder(lambda ask: faults.pop() if faults else "agora foi")
    async with clinic(responder=crew, limits=QUICK) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        reply = await c.reply(conversation)

        assert reply.content == "agora foi"
        assert conversation.status == "pending"


async def test_what_the_customer_writes_after_the_parking_is_seen_by_people(clinic) -> None:
    """The conversation is open: the bot leaves it to them, and says so to nobody twice."""
    crew = ScriptedResponder(lambda ask: RuntimeError("a bug of ours"))
    async with clinic(responder=crew, limits=QUICK) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.chatwoot.wait_for(lambda: conversation.status == "open", timeout=30)
        await c.settled()
        await c.says("alguém viu a minha pergunta de agora há pouco?")
        await c.settled()

        assert len(conversation.public_bot_replies) == 1
