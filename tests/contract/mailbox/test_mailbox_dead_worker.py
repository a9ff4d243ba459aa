"""What a worker that was killed had leased: over PostgreSQL and memory."""

import pytest

from chatcrew.errors import LeaseLost
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
