"""When there is something to claim: over PostgreSQL and memory."""

from datetime import timedelta

from chatcrew.testing.stores import Talk


async def test_next_due_and_depth_tell_what_waits(mailbox, talk, clock):
    """The worker sleeps until then; the metrics show it."""
    assert await mailbox.next_due() is None
    await mailbox.put(talk.says("Oi"))
    assert await mailbox.next_due() == clock.now() + timedelta(seconds=0.8)

    await clock.advance(5)
    depth = await mailbox.depth()
    assert (depth.waiting, depth.oldest, depth.parked) == (1, 5.0, 0)
    await mailbox.claim("w1", limit=1)
    assert await mailbox.next_due() == clock.now() + timedelta(seconds=30)


async def test_a_claim_tells_when_there_may_be_more(mailbox, clock):
    """The worker asks for it no second time: what it has just leased does not count (S1-74)."""
    first, second, third = (Talk(clock, number=number) for number in (1, 2, 3))
    await mailbox.put(first.says("Oi"))
    await clock.advance(0.4)
    await mailbox.put(second.says("Oi"))
    await clock.advance(6)
    await mailbox.put(third.says("Oi"))

    due = clock.now() - timedelta(seconds=5.2)
    assert (await mailbox.claim("w1", limit=1)).next_due == due
    soon = await mailbox.claim("w1", limit=5)
    assert soon.next_due == clock.now() + timedelta(seconds=0.8)
    await clock.advance(1)
    last = await mailbox.claim("w1", limit=5)
    assert len(last) == 1
    assert last.next_due == clock.now() + timedelta(seconds=29)
    assert await mailbox.claim("w1", limit=5) == []


async def test_a_claim_of_nothing_tells_that_nothing_waits(mailbox):
    """As ``next_due`` does."""
    nothing = await mailbox.claim("w1", limit=5)
    assert (nothing, nothing.next_due) == ([], None)
