"""Figures of a talk: one suite over PostgreSQL and memory (S3-104)."""

from datetime import timedelta

import pytest

from chatcrew.ledger import MemoryTalks, PostgresTalks
from chatcrew.messages import ActKind, Claim, ModelCall, Outcome, PlannedPart, TurnRecord, Usage
from chatcrew.messages import Talk as Figures
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Stores, Talk


@pytest.fixture
def talks(request: pytest.FixtureRequest, stores: Stores) -> MemoryTalks | PostgresTalks:
    """Give the figures over the same storage as the stores."""
    tables = getattr(stores.ledger, "_tables", None)
    if tables is not None:
        return MemoryTalks(tables)
    return PostgresTalks(request.getfixturevalue("database"))


async def claimed(stores: Stores, talk: Talk, clock: ManualClock, text: str) -> Claim:
    """Put a message and claim it."""
    await stores.mailbox.put(talk.says(text))
    await clock.advance(6)
    (claim,) = await stores.mailbox.claim("w1", limit=1)
    return claim


async def spent(stores: Stores, claim: Claim, clock: ManualClock, cost: float | None) -> None:
    """Record one model call of a turn."""
    await stores.ledger.record_call(
        ModelCall("health/varizemed", "m", Usage(1, 1), clock.now(), claim.key.turn_id, cost=cost)
    )


async def ended(stores: Stores, talk: Talk, claim: Claim, outcome: Outcome) -> None:
    """Decide, send and settle a turn; its word is heard back as Chatwoot sends it."""
    record = TurnRecord(outcome=outcome, reason="crew", tenant="health/varizemed")
    said = [PlannedPart(ActKind.MESSAGE, {"content": "Olá!"})]
    await stores.outbox.decide(claim.key, said, record=record)
    for part in await stores.outbox.parts(claim.key.turn_id):
        await stores.mailbox.put(talk.echo("Olá!", tag=part.tag))
    await stores.mailbox.settle(claim.key, record, arrivals=claim.arrivals)


async def test_messages_and_cost_of_a_talk_are_counted(stores, talks, talk, clock):
    """Public words of customer and bot; what an unknown price cost is not guessed."""
    first = await claimed(stores, talk, clock, "Oi")
    await spent(stores, first, clock, 0.02)
    await spent(stores, first, clock, None)
    await ended(stores, talk, first, Outcome.REPLIED)
    await stores.mailbox.put(talk.commands("/bot resumo"))
    second = await claimed(stores, talk, clock, "Quanto custa?")
    await spent(stores, second, clock, 0.01)

    found = await talks.so_far(second)

    assert found.messages == 3
    assert not found.handed
    assert found.cost == pytest.approx(0.03)


async def test_after_people_had_it_counting_begins_anew(stores, talks, talk, clock):
    """A long talk that people gave back is no long one at once."""
    first = await claimed(stores, talk, clock, "Oi")
    await spent(stores, first, clock, 0.02)
    await ended(stores, talk, first, Outcome.HANDED_OFF)
    await clock.advance(60)
    second = await claimed(stores, talk, clock, "Voltei")

    assert await talks.so_far(second) == Figures(messages=1, cost=0.0, handed=True)

    await stores.mailbox.put(talk.person("Sou a Ana"))
    assert await talks.so_far(second) == Figures(messages=0, cost=0.0, handed=True)


async def test_another_episode_and_another_talk_count_for_themselves(stores, talks, talk, clock):
    """What was resolved last week makes no talk of today long."""
    first = await claimed(stores, talk, clock, "Oi")
    await ended(stores, talk, first, Outcome.HANDED_OFF)
    await stores.mailbox.put(talk.becomes("resolved"))
    await clock.advance(timedelta(days=7).total_seconds())
    await stores.mailbox.put(talk.becomes("pending"))
    other = Talk(clock, number=9)
    await stores.mailbox.put(other.says("Olá"))
    second = await claimed(stores, talk, clock, "Voltei")

    assert (await talks.so_far(second)).messages == 1
    assert not (await talks.so_far(second)).handed
