"""What was not spent, over PostgreSQL (N6)."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from tests.contract.analytics_rows import NOW, Records
from tests.contract.test_analytics import SCOPE, NoWhy

from chatcrew.analytics import PostgresFigures, Scope
from chatcrew.conversations import PostgresHistory
from chatcrew.database import Database
from chatcrew.database.schema import model_call, turn
from chatcrew.database.transactions import transaction
from chatcrew.debts import PostgresDebts
from chatcrew.testing import ManualClock

MILLI = 1_000_000
"""A thousandth of a dollar, in billionths."""


@pytest.fixture
def figures(database: Database) -> PostgresFigures:
    """Give the figures."""
    clock = ManualClock(NOW)
    return PostgresFigures(
        database,
        clock,
        history=PostgresHistory(database),
        why=NoWhy(),
        debts=PostgresDebts(database, clock),
    )


async def test_each_saver_is_read_from_the_records(database: Database, figures) -> None:
    """Of one business in one time; simulations count nowhere, a price nobody knows is said."""
    records, at = Records(database), NOW - timedelta(days=1)
    await records.talk(1, at=at, turns=["replied"], cost=0.004, heard=3)
    await records.talk(2, at=at, turns=["replied"], cost=0.002)
    await records.talk(3, at=at, turns=["replied"])
    await records.talk(4, at=at, turns=["replied"])
    kept = {"from": "t1", "saved_prompt": 9, "saved_completion": 9}
    await records.talk(5, at=at, turns=["replied"], kept={**kept, "saved_usd": 0.005})
    await records.talk(6, at=at, turns=["replied"], kept={**kept, "saved_usd": None})
    await records.talk(7, at=at, turns=["replied"], bot="sim:shop/acme", cost=9.0)
    await records.talk(8, at=at, turns=["replied"], tenant="shop/other", bot="other", cost=1.0)
    async with transaction(database) as run:
        for number, engine in ((3, "intent"), (4, "faq"), (5, "cache"), (6, "cache")):
            await run.execute(update(turn).where(turn.c.number == number).values(engine=engine))
        again = {"turn_id": "t000001", "tenant": "shop/acme", "role": "attendant", "at": at}
        again |= {"model": "gpt-4o-mini", "prompt_tokens": 0, "completion_tokens": 0}
        again |= {"cached_tokens": 0, "from_cache": True, "seconds": 0.0, "cost": 0.0}
        await run.execute(insert(model_call).values(**again, spared=0.001))
        await run.execute(insert(model_call).values(**again))

    found = await figures.savings(Scope(frozenset({"shop/acme"}), SCOPE.since, SCOPE.until))

    assert (found.spent, found.unpriced) == (6 * MILLI, 0)
    told = {kind: (one.count, one.nanos, one.unknown) for kind, one in found.by.items()}
    assert told == {
        "shortcut": (1, 3 * MILLI, 0),
        "knowledge": (1, 3 * MILLI, 0),
        "kept": (2, 5 * MILLI, 1),
        "completions": (2, 4 * MILLI, 0),
        "bursts": (2, 6 * MILLI, 0),
    }
    everybody = await figures.savings(SCOPE)
    assert everybody.spent == 1006 * MILLI
    assert everybody.saved == found.saved
    later = await figures.savings(Scope(None, NOW, NOW))
    assert (later.spent, later.by) == (0, {})


async def test_a_spared_turn_costs_as_much_as_there_was_to_read(
    database: Database, figures
) -> None:
    """By the records' own weights: a greeting costs less than the mean question, as its burst."""
    records, at = Records(database), NOW - timedelta(days=1)
    for number in range(1, 41):
        await records.talk(number, at=at, turns=["replied"], cost=number / 1000, weight=number)
    more = {"weight": 10, "heard": 2, "more_weight": 3}
    await records.talk(41, at=at, turns=["replied"], cost=0.010, **more)
    await records.talk(42, at=at, turns=["replied"], weight=5)
    async with transaction(database) as run:
        await run.execute(update(turn).where(turn.c.number == 42).values(engine="intent"))

    found = await figures.savings(SCOPE)

    assert found.by["shortcut"].nanos == pytest.approx(5 * MILLI, abs=2)
    assert found.by["bursts"].nanos == pytest.approx(3 * MILLI, abs=2)
