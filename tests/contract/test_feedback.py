"""Signals of dissatisfaction: one suite over PostgreSQL and memory (S3-99, S3-100)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chatcrew.database import Database
from chatcrew.feedback import LEASE, FeedbackStore, MemoryFeedback, PostgresFeedback, Taken
from chatcrew.ids import ConversationId
from chatcrew.mailbox import PostgresMailbox
from chatcrew.memory import PostgresMemory
from chatcrew.messages import Contact, Person, Signal
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Talk

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HERE = ConversationId("acme", "acme-bot", 41)
THERE = ConversationId("acme", "acme-bot", 42)


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> FeedbackStore:
    """Give the store over each backend."""
    if request.param == "memory":
        return MemoryFeedback()
    return PostgresFeedback(request.getfixturevalue("database"))


def signal(turn: str = "t1", kind: str = "complaint", *, days: float = 1, **how) -> Signal:
    """Return a signal of some days ago."""
    at = NOW - timedelta(days=days)
    given = {"tenant": "shop/acme", "conversation": HERE, "reason": "crew", **how}
    return Signal(kind=kind, turn_id=turn, at=at, **given)


async def test_a_turn_has_one_signal_of_each_kind_however_often_it_is_decided(store) -> None:
    """A turn that is claimed again after a crash counts once."""
    one = signal(about="order", function="support", mood=-0.8, said="que absurdo")
    await store.note([one, signal(kind="unable")])
    await store.note([signal(said="again"), signal(kind="unable")])

    assert await store.between("shop/acme", NOW - timedelta(days=7), NOW) == [
        one,
        signal(kind="unable"),
    ]


async def test_a_tenant_and_a_period_see_their_own(store) -> None:
    """Nothing of another business, and nothing before or after."""
    await store.note(
        [
            signal("t1", days=8),
            signal("t2", days=7),
            signal("t3", days=0),
            signal("t4", tenant="shop/other"),
        ]
    )
    found = await store.between("shop/acme", NOW - timedelta(days=7), NOW)

    assert [one.turn_id for one in found] == ["t2"]


async def test_what_is_old_or_erased_is_gone(store) -> None:
    """By age each tenant's own, by conversation all of it."""
    await store.note(
        [
            signal("t1", days=200),
            signal("t2", days=200, tenant="shop/other"),
            signal("t3"),
            signal("t4", conversation=THERE),
        ]
    )

    assert await store.purge("shop/acme", NOW - timedelta(days=180)) == 1
    assert await store.forget(HERE) == 2
    left = await store.between("shop/acme", NOW - timedelta(days=400), NOW)
    assert [one.turn_id for one in left] == ["t4"]


async def test_a_digest_is_taken_by_one_and_can_be_given_back(store) -> None:
    """Two workers send one; what was certainly not sent is tried again."""
    monday = date(2026, 11, 23)
    assert await store.take_digest("shop/acme", monday, NOW) is Taken.NEW
    assert await store.take_digest("shop/acme", monday, NOW) is None
    assert await store.take_digest("shop/other", monday, NOW) is Taken.NEW

    await store.give_back("shop/acme", monday)
    assert await store.take_digest("shop/acme", monday, NOW) is Taken.NEW


async def test_a_digest_whose_taker_died_is_taken_again_until_it_was_sent(store) -> None:
    """After its lease, by one; nobody takes what was sent."""
    monday, later = date(2026, 11, 23), NOW + LEASE
    await store.take_digest("shop/acme", monday, NOW)
    assert await store.take_digest("shop/acme", monday, later) is Taken.AGAIN
    assert await store.take_digest("shop/acme", monday, later) is None

    await store.digest_sent("shop/acme", monday, later)
    assert await store.take_digest("shop/acme", monday, later + LEASE) is None


async def test_who_is_forgotten_is_quoted_in_no_digest(database: Database) -> None:
    """His words go with `/bot esquecer`; that somebody was dissatisfied still counts (LGPD)."""
    clock = ManualClock(NOW)
    store, mailbox = PostgresFeedback(database), PostgresMailbox(database, clock)
    his, other = Talk(clock, number=41), Talk(clock, number=42)
    his.snapshot = replace(his.snapshot, contact=Contact(id=501))
    other.snapshot = replace(other.snapshot, contact=Contact(id=502))
    for talk in (his, other):
        await mailbox.put(talk.says("que absurdo"))
        turn = f"t{talk.number}"
        await store.note([signal(turn, conversation=talk.id, said="sou a Maria, que absurdo")])

    await PostgresMemory(database).erase(Person("shop/acme", his.id.account, 501))

    found = await store.between("shop/acme", NOW - timedelta(days=7), NOW)
    assert {one.conversation: one.said for one in found} == {
        his.id: "",
        other.id: "sou a Maria, que absurdo",
    }
