"""Timers: one suite over PostgreSQL and memory, and a fire that happens at most once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from chatcrew.database.rows import MemoryTables
from chatcrew.errors import StoreError
from chatcrew.ids import ConversationId
from chatcrew.mailbox import MemoryMailbox
from chatcrew.messages import InputKind
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Stores, Talk
from chatcrew.timers import MemoryTimers, PostgresTimers, Timer, Timers
from chatcrew.worker import Alarms

HERE = ConversationId("acme", "acme-bot", 1532)
THERE = ConversationId("acme", "acme-bot", 7)


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that the test moves."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def both(request: pytest.FixtureRequest, clock: ManualClock) -> tuple[Timers, Stores]:
    """Give the timers and the stores over each backend."""
    if request.param == "memory":
        return MemoryTimers(clock), Stores.in_memory(clock)
    database = request.getfixturevalue("database")
    return PostgresTimers(database, clock), Stores.on_postgres(database, clock)


@pytest.fixture
def timers(both: tuple[Timers, Stores]) -> Timers:
    """Give the timers."""
    return both[0]


def timer(clock: ManualClock, key: str = "k1", *, seconds: float = 60.0) -> Timer:
    """Return a follow-up that comes due in ``seconds``."""
    due = clock.now() + timedelta(seconds=seconds)
    return Timer(key, HERE, "followup", due, {"text": "Oi, {nome}!", "after": 12})


def alarms(timers: Timers, mailbox: object, clock: ManualClock) -> Alarms:
    """Return what fires them."""
    return Alarms(timers, mailbox=mailbox, metrics=Metrics(), clock=clock, worker="w")  # type: ignore[arg-type]  # the one method that is called


async def test_a_timer_is_claimed_when_it_is_due_and_by_one_only(timers, clock) -> None:
    """Before its time nobody gets it; then one does, whole, until the lease runs out."""
    one = timer(clock)
    assert await timers.set(one)
    assert await timers.claim("w1", limit=5) == []

    await clock.advance(60)
    assert list(await timers.claim("w1", limit=5)) == [one]
    assert await timers.claim("w2", limit=5) == []
    await clock.advance(31)
    assert list(await timers.claim("w2", limit=5)) == [one]
    assert await timers.end("k1")
    assert not await timers.end("k1")
    await clock.advance(31)
    assert await timers.claim("w1", limit=5) == []


async def test_setting_a_key_again_changes_nothing(timers, clock) -> None:
    """A part that is done twice leaves one timer, also where it fired long ago."""
    assert await timers.set(timer(clock))
    assert not await timers.set(timer(clock, seconds=5))
    assert [one.due_at for one in await timers.of(HERE)] == [clock.now() + timedelta(seconds=60)]

    await timers.end("k1")
    assert not await timers.set(timer(clock))
    assert await timers.of(HERE) == []


async def test_a_cancelled_timer_never_fires(timers, clock) -> None:
    """One by its key, or all of a kind in one conversation; others stay."""
    for number in range(3):
        await timers.set(timer(clock, f"k{number}", seconds=number))
    await timers.set(replace(timer(clock, "other"), kind="snooze"))
    await timers.set(replace(timer(clock, "there"), conversation=THERE))

    assert await timers.cancel("k0", reason="customer_wrote")
    assert not await timers.cancel("k0", reason="customer_wrote")
    assert await timers.cancel_all(HERE, "followup", reason="resolved") == 2
    await clock.advance(100)
    assert {one.key for one in await timers.claim("w", limit=9)} == {"other", "there"}


async def test_alone_takes_the_place_of_its_kind(timers, clock) -> None:
    """A customer is not asked twice: a new follow-up replaces the one before it."""
    await timers.set(timer(clock, "old"))
    await timers.set(replace(timer(clock, "snooze"), kind="snooze"))
    assert await timers.set(timer(clock, "new"), alone=True)
    assert not await timers.set(timer(clock, "new"), alone=True)
    assert {one.key for one in await timers.of(HERE)} == {"new", "snooze"}


async def test_the_oldest_come_first_and_no_more_than_asked_for(timers, clock) -> None:
    """What waits longest is fired first."""
    for number in (3, 1, 2):
        await timers.set(timer(clock, f"k{number}", seconds=number))
    await clock.advance(10)
    assert [one.key for one in await timers.claim("w", limit=2)] == ["k1", "k2"]
    assert [one.key for one in await timers.claim("w", limit=2)] == ["k3"]


async def test_workers_that_look_at_once_share_what_is_due(timers, clock) -> None:
    """No timer is claimed by two (skip locked)."""
    for number in range(20):
        await timers.set(timer(clock, f"k{number:02}", seconds=0))
    found = await asyncio.gather(*(timers.claim(f"w{n}", limit=20) for n in range(4)))
    keys = [one.key for part in found for one in part]
    assert len(keys) == len(set(keys)) == 20


async def test_what_ended_long_ago_is_forgotten(timers, clock) -> None:
    """The table does not grow for ever; what waits stays."""
    await timers.set(timer(clock, "old", seconds=0))
    await timers.set(timer(clock, "waits", seconds=1e7))
    await timers.end("old")
    await clock.advance(100)
    assert await timers.purge(clock.now()) == 1
    assert [one.key for one in await timers.of(HERE)] == ["waits"]


async def test_firing_makes_one_input_whose_payload_the_turn_reads(both, clock) -> None:
    """The input stands in the mailbox like any other and can be replayed."""
    timers, stores = both
    talk = Talk(clock)
    await stores.mailbox.put(talk.says("Oi"))
    await clock.advance(6)
    (claim,) = await stores.mailbox.claim("w1", limit=1)
    await stores.mailbox.settle(claim.key, None, arrivals=claim.arrivals)
    await timers.set(replace(timer(clock, seconds=5), conversation=talk.id))
    await clock.advance(5)

    assert await alarms(timers, stores.mailbox, clock).run() == 1
    assert await alarms(timers, stores.mailbox, clock).run() == 0
    (claim,) = await stores.mailbox.claim("w1", limit=1)
    (item,) = claim.burst
    assert (item.kind, item.line) == (InputKind.TIMER, None)
    payload = {"text": "Oi, {nome}!", "after": 12, "timer": "followup", "key": "k1"}
    assert item.payload == payload
    assert (await stores.mailbox.recheck(claim)).burst == claim.burst


async def test_who_dies_between_input_and_end_makes_no_second_input(both, clock) -> None:
    """The timer is claimed again, and the mailbox knows its key (at most once)."""
    timers, stores = both
    talk = Talk(clock)
    await stores.mailbox.put(talk.becomes("pending"))
    await timers.set(replace(timer(clock, seconds=0), conversation=talk.id))

    class Dying:
        """Timers that cannot be ended."""

        claim = timers.claim

        async def end(self, key: str, *, ending: str = "") -> bool:
            raise StoreError("killed")

    with pytest.raises(StoreError):
        await alarms(Dying(), stores.mailbox, clock).run()  # type: ignore[arg-type]  # the two methods that are called
    await clock.advance(31)
    assert await alarms(timers, stores.mailbox, clock).run() == 1
    (claim,) = await stores.mailbox.claim("w1", limit=1)
    assert len(claim.burst) == 1


async def test_a_conversation_that_was_never_seen_ends_its_timer(clock) -> None:
    """Nobody tries it for ever."""
    timers = MemoryTimers(clock)
    await timers.set(timer(clock, seconds=0))
    mailbox = MemoryMailbox(MemoryTables(), clock)
    assert await alarms(timers, mailbox, clock).run() == 0
    assert await timers.of(HERE) == []
