"""What a worker that was killed had leased: over PostgreSQL and memory."""

import pytest

from chatcrew.errors import LeaseLost
from chatcrew.messages import ActKind, Outcome, PlannedPart, TurnState
from chatcrew.testing.stores import REPLIED, claimed, texts


async def test_what_a_dead_worker_held_is_claimed_at_once(stores, mailbox, talk, clock):
    """Nobody waits for its lease; the try counts, and the turn is the same one."""
    await mailbox.put(talk.says("Oi"))
    dead = await claimed(stores, clock)

    assert await mailbox.free("nobody") == 0
    assert await mailbox.free("w1") == 1
    assert await mailbox.free("w1") == 0
    (again,) = await mailbox.claim("w2", limit=5)
    assert texts(again) == ["Oi"]
    assert again.attempts == 2
    assert again.key.turn_id == dead.key.turn_id


async def test_who_was_taken_for_dead_can_write_nothing_more(stores, mailbox, talk, clock):
    """Fencing holds from the moment its leases are given back."""
    await mailbox.put(talk.says("Oi"))
    alive = await claimed(stores, clock)
    await mailbox.free("w1")

    with pytest.raises(LeaseLost):
        await mailbox.settle(alive.key, REPLIED, arrivals=alive.arrivals)
    with pytest.raises(LeaseLost):
        await mailbox.renew(alive)


async def test_a_decided_turn_of_which_nothing_was_said_ends_as_dropped(stores, talk, clock):
    """People were quicker than who went on with it: the figures count no reply (N3, ADR 0038)."""
    await stores.mailbox.put(talk.says("Quanto custa?"))
    claim = await claimed(stores, clock)
    said = PlannedPart(ActKind.MESSAGE, {"content": "R$ 90."})
    await stores.outbox.decide(claim.key, [said], REPLIED)

    await stores.mailbox.settle(claim.key, None, arrivals=claim.arrivals, unsaid="status_open")

    turn = await stores.ledger.turn(claim.key.turn_id)
    assert turn is not None
    assert turn.state is TurnState.FINISHED
    assert (turn.record.outcome, turn.record.reason) == (Outcome.DROPPED, "status_open")
    assert turn.record.tenant == REPLIED.tenant
