"""What somebody changed in the database is its own conversation's trouble alone (S1-76)."""

import pytest
from sqlalchemy import text

from chatcrew.messages import InputKind
from chatcrew.privacy._seal import MARK, MARK_BYTES
from chatcrew.testing.stores import Stores, Talk, claimed, texts


@pytest.fixture
def stores(database, clock) -> Stores:
    """Give the stores on PostgreSQL."""
    return Stores.on_postgres(database, clock)


async def test_a_line_that_does_not_open_is_claimed_empty_beside_all_others(
    database, stores, mailbox, talk, clock
):
    """A claim that failed of it would have leased all of them to nobody, again and again."""
    other = Talk(clock, number=2)
    await mailbox.put(talk.says("Oi"))
    await mailbox.put(other.says("Bom dia"))
    spoil = "update message set line = jsonb_set(line, '{text}', to_jsonb(cast(:other as text)))"
    async with database.begin() as connection:
        await connection.execute(
            text(f"{spoil} where number = :number"), {"other": f"{MARK}AAAA", "number": talk.number}
        )
    await clock.advance(1)

    claims = {one.key.conversation.number: one for one in await mailbox.claim("w1", limit=5)}
    assert {number: texts(one) for number, one in claims.items()} == {
        talk.number: [""],
        other.number: ["Bom dia"],
    }
    spoilt = claims[talk.number]
    assert (await mailbox.recheck(spoilt)).burst == spoilt.burst
    await mailbox.put(talk.says("Alô?"))
    assert texts(await mailbox.recheck(spoilt)) == ["", "Alô?"]


async def test_a_timer_that_does_not_open_carries_nothing(database, stores, mailbox, talk, clock):
    """Its turn is over at once, and what the customer writes beside it is answered."""
    await mailbox.put(talk.says("Oi"))
    await mailbox.wake(talk.id, key="k", payload={"timer": "reminder"})
    async with database.begin() as connection:
        spoil = text("update event set body = :other where kind = 'timer'")
        await connection.execute(spoil, {"other": MARK_BYTES + b"AAAA"})
    claim = await claimed(stores, clock)
    found = {item.kind: dict(item.payload) for item in claim.burst}
    assert found == {InputKind.TIMER: {}, InputKind.MESSAGE: {}}
