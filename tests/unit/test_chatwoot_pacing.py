"""All calls to one Chatwoot stay below its limit, and the important ones go first (S4-19)."""

import asyncio

import pytest

from chatcrew.chatwoot import Pacer, Pacing, Urgency
from chatcrew.errors import ChatwootUnavailable
from chatcrew.testing import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    """A clock the test moves."""
    return ManualClock()


async def drain(pacer: Pacer) -> int:
    """Make calls until one would have to wait; return how many went through."""
    count = 0
    while True:
        try:
            await pacer.acquire(Urgency.STATUS, patience=0)
        except ChatwootUnavailable:
            return count
        count += 1


async def test_no_minute_ever_sees_more_than_chatwoot_allows(clock: ManualClock) -> None:
    """A burst and a minute of steady calls together stay at rack-attack's 3,000 (§4.7)."""
    pacer = Pacer(clock)

    made = await drain(pacer)
    for _ in range(60):
        await clock.advance(1)
        made += await drain(pacer)

    assert 2900 < made <= 3000


async def test_the_pace_is_divided_among_live_processes(clock: ManualClock) -> None:
    """Three workers together make no more calls than one alone."""
    alone, pacing = Pacer(clock), Pacing(clock, share=3)
    third = pacing.of("https://a")
    alone_first, third_first = await drain(alone), await drain(third)
    pacing.divide(1)
    await clock.advance(1000)

    assert third_first == alone_first // 3
    assert await drain(third) == alone_first
    assert pacing.of("https://a") is third
    assert pacing.of("https://b") is not third


async def test_messages_go_before_status_before_labels(clock: ManualClock) -> None:
    """Whoever waits is served by urgency, then by age."""
    pacer = Pacer(clock, per_minute=60)
    await drain(pacer)
    order: list[str] = []

    async def call(name: str, urgency: Urgency) -> None:
        await pacer.acquire(urgency)
        order.append(name)

    async with asyncio.TaskGroup() as group:
        group.create_task(call("label", Urgency.LABEL))
        group.create_task(call("status", Urgency.STATUS))
        group.create_task(call("message 1", Urgency.MESSAGE))
        group.create_task(call("message 2", Urgency.MESSAGE))
        await clock.advance(0)
        assert pacer.waiting == 4
        for expected in range(1, 5):
            await clock.advance(1)
            assert len(order) == expected

    assert order == ["message 1", "message 2", "status", "label"]
    assert pacer.waiting == 0


async def test_typing_is_dropped_before_anything_else_has_to_wait(clock: ManualClock) -> None:
    """With less than a fifth of the bucket left, typing is refused and messages still pass."""
    pacer = Pacer(clock, per_minute=900)
    for _ in range(81):
        await pacer.acquire(Urgency.LABEL, patience=0)

    with pytest.raises(ChatwootUnavailable) as caught:
        await pacer.acquire(Urgency.TYPING)

    assert not caught.value.retryable
    await pacer.acquire(Urgency.MESSAGE, patience=0)


async def test_a_429_holds_everything_back_for_its_time(clock: ManualClock) -> None:
    """After Chatwoot said no, nobody asks again before the minute is over."""
    pacer = Pacer(clock)
    pacer.back_off(12)

    with pytest.raises(ChatwootUnavailable) as caught:
        await pacer.acquire(Urgency.MESSAGE, patience=10)
    waiting = asyncio.create_task(pacer.acquire(Urgency.MESSAGE))
    await clock.advance(11.9)
    still_waiting = not waiting.done()
    await clock.advance(0.2)

    assert caught.value.retryable
    assert caught.value.retry_after == pytest.approx(12)
    assert not caught.value.maybe_done
    assert still_waiting
    await waiting


async def test_a_caller_that_gives_up_takes_no_token(clock: ManualClock) -> None:
    """A cancelled wait leaves its place to the next."""
    pacer = Pacer(clock, per_minute=60)
    await drain(pacer)
    first = asyncio.create_task(pacer.acquire(Urgency.MESSAGE))
    second = asyncio.create_task(pacer.acquire(Urgency.LABEL))
    await clock.advance(0)

    first.cancel()
    await clock.advance(1)

    assert second.done()
    assert first.cancelled()
