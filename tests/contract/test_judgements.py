"""Operators' words on replies: one suite over PostgreSQL and memory (S3-99, N10)."""

from datetime import timedelta

import pytest

from chatcrew.ids import ConversationId
from chatcrew.testing import ManualClock
from chatcrew.why import Judgement, Judgements, MemoryJudgements, PostgresJudgements

HERE = ConversationId("acme", "acme-bot", 1532)
CLINIC = "health/varizemed"


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that the test moves."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def judgements(request: pytest.FixtureRequest, clock: ManualClock) -> Judgements:
    """Give the store over each backend."""
    if request.param == "memory":
        return MemoryJudgements(clock)
    return PostgresJudgements(request.getfixturevalue("database"), clock)


async def test_the_newest_word_of_an_operator_stands(judgements) -> None:
    """Each has his own, and sees none of another tenant, conversation or person."""
    await judgements.keep(Judgement("t1", HERE, CLINIC, 12, good=True))
    await judgements.keep(Judgement("t1", HERE, CLINIC, 12, good=False))
    await judgements.keep(Judgement("t2", HERE, CLINIC, 13, good=True))

    assert await judgements.of(HERE, tenant=CLINIC, user_id=12) == {"t1": False}
    assert await judgements.of(HERE, tenant=CLINIC, user_id=13) == {"t2": True}
    assert await judgements.of(HERE, tenant="cosmetics/bella", user_id=12) == {}
    there = ConversationId("acme", "acme-bot", 7)
    assert await judgements.of(there, tenant=CLINIC, user_id=12) == {}


async def test_old_words_are_forgotten(judgements, clock) -> None:
    """And only those."""
    await judgements.keep(Judgement("t1", HERE, CLINIC, 12, good=True))
    await clock.advance(timedelta(days=2).total_seconds())
    await judgements.keep(Judgement("t2", HERE, CLINIC, 12, good=True))

    assert await judgements.purge(clock.now() - timedelta(days=1)) == 1
    assert await judgements.of(HERE, tenant=CLINIC, user_id=12) == {"t2": True}
