"""What several sweeps do to one conversation: over PostgreSQL and memory."""

from chatcrew.messages import InputKind
from chatcrew.testing.stores import REPLIED


async def test_a_sweep_that_comes_late_adds_nothing(stores, mailbox, talk, clock) -> None:
    """It looked before another one did, and that one's turn is finished: no second announcement."""
    await mailbox.put(talk.says("Oi"))
    await clock.advance(60)
    (claim,) = await mailbox.claim("w1", limit=1)
    await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    assert await mailbox.enqueue(talk.id, kind=InputKind.SWEEP) is True
    (claim,) = await mailbox.claim("w1", limit=1)
    await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)

    assert await mailbox.enqueue(talk.id, kind=InputKind.SWEEP) is False
    await mailbox.put(talk.says("Alô?"))
    await clock.advance(60)
    (claim,) = await mailbox.claim("w1", limit=1)
    await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    assert await mailbox.enqueue(talk.id, kind=InputKind.SWEEP) is True
