"""What the sweep finds, and what several sweeps do to one conversation: PostgreSQL and memory."""

from dataclasses import replace
from datetime import timedelta

from chatcrew.mailbox import Mailbox
from chatcrew.messages import InputKind
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED


async def settled(mailbox: Mailbox, clock: ManualClock) -> None:
    """Let what waits be taken and end without a word."""
    await clock.advance(1)
    (claim,) = await mailbox.claim("w1", limit=1)
    await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)


async def waiting(mailbox: Mailbox, clock: ManualClock) -> list[int]:
    """Return the conversations that a sweep finds now."""
    found = await mailbox.unanswered(before=clock.now() - timedelta(seconds=60))
    return [state.id.number for state in found]


async def test_a_sweep_that_comes_late_adds_nothing(stores, mailbox, talk, clock) -> None:
    """It looked before another one did, and that one's turn is finished: no second announcement."""
    await mailbox.put(talk.says("Oi"))
    await settled(mailbox, clock)
    assert await mailbox.enqueue(talk.id, kind=InputKind.SWEEP) is True
    await settled(mailbox, clock)

    assert await mailbox.enqueue(talk.id, kind=InputKind.SWEEP) is False
    await mailbox.put(talk.says("Alô?"))
    await settled(mailbox, clock)
    assert await mailbox.enqueue(talk.id, kind=InputKind.SWEEP) is True


async def test_who_asks_again_and_again_has_waited_since_the_first_word(
    stores, mailbox, talk, clock
) -> None:
    """Each new word would else put the sweep off for another minute, for ever."""
    await mailbox.put(talk.becomes("open"))
    for words in ("Oi", "Alô?", "Tem alguém aí?"):
        await mailbox.put(talk.says(words))
        await settled(mailbox, clock)
        await clock.advance(40)

    assert await waiting(mailbox, clock) == [talk.number]


async def test_after_a_sweep_the_next_word_waits_its_own_minute(
    stores, mailbox, talk, clock
) -> None:
    """People were told just now; an answer ends the wait too."""
    await mailbox.put(talk.becomes("open"))
    await mailbox.put(talk.says("Oi"))
    await settled(mailbox, clock)
    await clock.advance(60)
    await mailbox.enqueue(talk.id, kind=InputKind.SWEEP)
    await settled(mailbox, clock)
    await mailbox.put(talk.says("Alô?"))
    await settled(mailbox, clock)
    assert await waiting(mailbox, clock) == []

    await clock.advance(60)
    assert await waiting(mailbox, clock) == [talk.number]
    await mailbox.put(talk.person("Já te atendo"))
    await mailbox.put(talk.says("Obrigada"))
    await settled(mailbox, clock)
    assert await waiting(mailbox, clock) == []


async def test_people_are_told_once_a_wait(stores, mailbox, talk, clock) -> None:
    """The turn that told them is the mark; an answer, or another episode, ends the wait (S3-11)."""
    assert await mailbox.told(talk.id) is False
    await mailbox.put(talk.says("Alguém?"))
    await clock.advance(1)
    (claim,) = await mailbox.claim("w1", limit=1)
    assert await mailbox.told(talk.id) is False
    marks = {"announced": claim.state.last_customer_id, "episode": claim.state.episode}
    await stores.outbox.decide(claim.key, (), replace(REPLIED, details=marks))
    await mailbox.settle(claim.key, None, arrivals=claim.arrivals)

    assert await mailbox.told(talk.id) is True
    await mailbox.put(talk.says("Alô?"))
    await settled(mailbox, clock)
    assert await mailbox.told(talk.id) is True

    await mailbox.put(talk.person("Oi!"))
    assert await mailbox.told(talk.id) is False


async def test_who_comes_back_after_resolving_waits_anew(stores, mailbox, talk, clock) -> None:
    """Nobody answered, but somebody closed it: what comes then is another episode."""
    await mailbox.put(talk.says("Alguém?"))
    await clock.advance(1)
    (claim,) = await mailbox.claim("w1", limit=1)
    marks = {"announced": claim.state.last_customer_id, "episode": claim.state.episode}
    await mailbox.settle(claim.key, replace(REPLIED, details=marks), arrivals=claim.arrivals)
    await mailbox.put(talk.becomes("resolved"))
    await mailbox.put(talk.becomes("open"))

    assert await mailbox.told(talk.id) is False
