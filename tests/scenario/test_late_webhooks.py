"""Chatwoot's webhooks come late and in any order: what we did ourselves we know at once (N3)."""

import asyncio

import pytest

from chatcrew.testing import Conversation
from chatcrew.testing.relay import Relay, relayed


async def _opened_while_the_customer_writes_on(c, relay: Relay) -> Conversation:
    """Hand a conversation over; before it is open, the customer writes again. Nobody tells us."""
    c.chatwoot.faults.hang(endpoint="toggle_status")
    conversation = await c.says("quero falar com um atendente humano")
    async with asyncio.timeout(20):
        while not c.chatwoot.calls["toggle_status"]:
            await asyncio.sleep(0.01)
    relay.holding = True
    await c.says("queria saber quanto custa uma coisa rara que ninguém conhece")
    async with asyncio.timeout(20):
        while "message_created" not in [event for event, _, _ in relay.held]:
            await asyncio.sleep(0.01)
    assert conversation.status == "pending"
    await c.chatwoot.wait_for(lambda: conversation.status == "open", timeout=20.0)
    return conversation


@pytest.mark.parametrize("first", [("message_created",), (), ("conversation_updated",)])
async def test_who_writes_on_during_a_handoff_is_left_to_people(clinic, first) -> None:
    """Our opening is known before its webhooks come; older ones that come after it undo nothing."""
    async with clinic() as c, relayed(c.agent_bot) as relay:
        conversation = await _opened_while_the_customer_writes_on(c, relay)
        await c.bot.quiet()
        assert len(conversation.public_bot_replies) == 1

        await relay.release(*first)
        await c.bot.quiet()
        await relay.release()
        relay.holding = False
        await c.settled()

        assert len(conversation.public_bot_replies) == 1
        assert conversation.status == "open"
