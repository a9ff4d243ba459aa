"""Parking that itself meets a fault still ends with people, and is remembered (design §3)."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from chatcrew.messages import Answer, Handoff, PartState
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.worker import Limits

QUICK = Limits(backoff=0.01, backoff_cap=0.02, away=0.05)


def _fails() -> ScriptedResponder:
    return ScriptedResponder(lambda ask: RuntimeError("a bug of ours"))


async def _parked(c) -> list[int]:
    return [one.conversation.number for one in await c.bot.base.mailbox.parked()]


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


async def test_a_burst_that_cannot_even_be_parked_as_usual_goes_to_people_all_the_same(
    clinic,
) -> None:
    """The configuration lost the tenant: no crew, no texts, and still a note and status open."""

    def say(ask):
        directory.swap(replace(directory.current, version="broken", tenants={}))
        return RuntimeError("a bug of ours")

    async with clinic(responder=ScriptedResponder(say), limits=QUICK) as c:
        directory = c.bot.base.directory
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.chatwoot.wait_for(lambda: conversation.status == "open", timeout=20)
        await c.settled()

        assert conversation.public_bot_replies == []
        assert ["falhou várias vezes" in note.content for note in conversation.notes] == [True]
        assert await _parked(c) == [conversation.id]


async def test_a_parking_that_chatwoot_takes_later_is_parked_then(clinic) -> None:
    """Decided by one claim and finished by another it still can be retried (S1-12)."""
    async with clinic(responder=_fails(), limits=QUICK) as c:
        c.chatwoot.faults.fail(500, times=3, endpoint="toggle_status")
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.chatwoot.wait_for(lambda: conversation.status == "open", timeout=20)
        await c.settled()

        assert len(conversation.public_bot_replies) == 1
        assert await _parked(c) == [conversation.id]


async def test_a_reply_that_chatwoot_takes_later_is_not_parked(clinic) -> None:
    """A decided turn of the usual kind is finished like any other."""
    crew = ScriptedResponder(lambda ask: "agora foi")
    async with clinic(responder=crew, limits=QUICK) as c:
        await c.chatwoot.refuse_connections()
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.asked(crew)
        await c.chatwoot.accept_connections()
        await c.reply(conversation)
        await c.settled()

        assert await _parked(c) == []


async def test_what_chatwoot_never_takes_does_not_hold_up_the_conversation_for_ever(clinic) -> None:
    """Its status cannot be set (500): the entry is parked, and the next message is answered."""

    def say(ask):
        handoff = Handoff("customer_asked") if len(crew.asked) == 1 else None
        return Answer(text=f"resposta {len(crew.asked)}", engine="crewai", handoff=handoff)

    crew = ScriptedResponder(say)
    stubborn = Limits(backoff=0.01, backoff_cap=0.02, away=0.01, refused_cap=0.1, refused_after=0.0)
    async with clinic(responder=crew, limits=stubborn) as c:
        c.chatwoot.faults.fail(500, times=10_000, endpoint="toggle_status")
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        async with asyncio.timeout(30):
            while not await _parked(c):
                await asyncio.sleep(0.02)
        (parked,) = await c.bot.base.mailbox.parked()
        assert parked.reason == "undeliverable"
        assert (await c.bot.outbox.undelivered())[PartState.PLANNED] == 0

        await c.says("e quanto tempo demora o laudo dela afinal?")
        assert (await c.reply(conversation, 2)).content == "resposta 2"
        assert await c.bot.metric("chatcrew_parked_total") == 1
