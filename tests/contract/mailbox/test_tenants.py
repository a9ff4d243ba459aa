"""An inbox that is given to another tenant keeps to itself what the first one's customers said."""

from dataclasses import replace

import pytest

from chatcrew.errors import LeaseLost
from chatcrew.ids import ConversationId
from chatcrew.messages import Delivery, Outcome, Silence, TurnRecord
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Stores, Talk

FIRST, SECOND = "shop/acme", "shop/nova"


def of(tenant: str, delivery: Delivery) -> Delivery:
    """Return a delivery of an inbox that is a tenant's."""
    return replace(delivery, tenant=tenant)


async def test_what_was_said_to_another_business_is_not_read(
    stores: Stores, talk: Talk, clock: ManualClock
) -> None:
    """Lines, function, topic and the reason of a silence stay behind; newer lines are read."""
    await stores.mailbox.put(of(FIRST, talk.says("sou cliente da Acme")))
    await clock.advance(9)
    (claim,) = await stores.mailbox.claim("w", limit=1)
    await stores.mailbox.set_function(claim.key, "sales")
    await stores.mailbox.set_silence(claim.key, Silence.COMMAND, by="Bia", why="deve à Acme")
    record = TurnRecord(outcome=Outcome.REPLIED, reason="x", tenant=FIRST)
    await stores.mailbox.settle(claim.key, record, arrivals=claim.arrivals)

    await stores.mailbox.put(of(SECOND, talk.says("oi, quem fala?")))

    state = await stores.mailbox.state(talk.id)
    assert state is not None
    assert (state.tenant, state.episode, state.tenant_episode) == (SECOND, 3, 3)
    assert (state.function, state.silence, state.silence_why) == (None, Silence.COMMAND, "")
    for episode in (None, 3):
        lines = await stores.history.window(talk.id, limit=9, episode=episode, private=True)
        assert [line.text for line in lines] == ["oi, quem fala?"]
    assert await stores.history.window(talk.id, limit=9, episode=1) == ()
    other = ConversationId(talk.account, talk.bot, talk.number + 1)
    found = await stores.history.earlier(other, tenant=SECOND, contact_id=501, limit=9)
    assert [one.line.text for one in found] == ["oi, quem fala?"]

    await stores.mailbox.put(of(SECOND, talk.says("ainda aí?")))
    again = await stores.mailbox.state(talk.id)
    assert again is not None
    assert (again.episode, again.tenant_episode) == (3, 3)


async def test_a_turn_without_a_delivery_gives_the_conversation_too(
    stores: Stores, talk: Talk, clock: ManualClock
) -> None:
    """By a live lease only; a mapping that names the inbox the first time hides nothing."""
    await stores.mailbox.put(replace(talk.says("antes do mapeamento"), tenant=None))
    await stores.mailbox.put(of(FIRST, talk.says("oi")))
    state = await stores.mailbox.state(talk.id)
    assert state is not None
    assert (state.episode, state.tenant_episode) == (1, 1)
    await clock.advance(9)
    (claim,) = await stores.mailbox.claim("w", limit=1)

    await stores.mailbox.give(claim.key, SECOND)

    moved = await stores.mailbox.state(talk.id)
    assert moved is not None
    assert (moved.tenant, moved.episode, moved.tenant_episode) == (SECOND, 3, 3)
    assert await stores.history.window(talk.id, limit=9) == ()
    record = TurnRecord(outcome=Outcome.REPLIED, reason="x", tenant=SECOND)
    await stores.mailbox.settle(claim.key, record, arrivals=claim.arrivals)
    with pytest.raises(LeaseLost):
        await stores.mailbox.give(claim.key, FIRST)
