"""Verdicts on conversation tests: PostgreSQL and memory keep the same promises."""

import asyncio

import pytest
from sqlalchemy import text

from chatcrew.app._verdicts_sql import PostgresVerdicts
from chatcrew.app.verdicts import MemoryVerdicts, Verdict, Verdicts, failures_of
from chatcrew.database import Database

ROW = {"file": "a.tests.yaml", "line": 3, "kind": "contains", "expected": "9h", "got": "8h"}


@pytest.fixture(params=["memory", "postgres"])
def verdicts(request: pytest.FixtureRequest) -> Verdicts:
    """Return each kind in turn, empty."""
    if request.param == "memory":
        return MemoryVerdicts()
    return PostgresVerdicts(request.getfixturevalue("database"))


async def test_what_was_written_is_read_by_content(verdicts: Verdicts) -> None:
    """Passed, failed with its rows, and not playable are three different things."""
    passed = Verdict("a", "health/one", ())
    failed = Verdict("b", "health/two", (ROW,))
    unplayed = Verdict("c", "health/three", None)
    for one in (passed, failed, unplayed):
        await verdicts.write(one)

    assert await verdicts.read(["a", "b", "c", "d"]) == {"a": passed, "b": failed, "c": unplayed}
    assert [passed.passed, failed.passed, unplayed.passed] == [True, False, False]
    assert failures_of([failed, passed, unplayed]) == [{**ROW, "tenant": "health/two"}]


async def test_the_first_verdict_that_was_played_stays(verdicts: Verdicts) -> None:
    """Else two machines that played at once could decide differently; a late try counts."""
    await verdicts.write(Verdict("a", "t/t", None))
    await verdicts.write(Verdict("a", "t/t", (ROW,)))
    await verdicts.write(Verdict("a", "t/t", ()))

    assert (await verdicts.read(["a"]))["a"].failures == (ROW,)


async def test_one_at_a_time_plays(verdicts: Verdicts) -> None:
    """Who comes second is told so at once; after the end, also by an error, others are let in."""
    async with verdicts.alone() as first, verdicts.alone() as second:
        assert (first, second) == (True, False)
    with pytest.raises(RuntimeError):
        async with verdicts.alone():
            raise RuntimeError
    playing = asyncio.Event()

    async def cancelled() -> None:
        async with verdicts.alone():
            playing.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(cancelled())
    await playing.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with verdicts.alone() as again:
        assert again


async def test_what_could_not_be_played_is_soon_forgotten(database: Database) -> None:
    """A full disk passes; a verdict that was played does not."""
    verdicts = PostgresVerdicts(database)
    await verdicts.write(Verdict("a", "t/t", None))
    await verdicts.write(Verdict("b", "t/t", ()))
    async with database.begin() as connection:
        await connection.execute(text("update rehearsal set at = now() - interval '1 hour'"))

    assert list(await verdicts.read(["a", "b"])) == ["b"]


async def test_a_season_later_nobody_needs_it(database: Database) -> None:
    """The table does not grow for ever."""
    verdicts = PostgresVerdicts(database)
    await verdicts.write(Verdict("a", "t/t", ()))
    async with database.begin() as connection:
        await connection.execute(text("update rehearsal set at = now() - interval '91 days'"))
    await verdicts.write(Verdict("b", "t/t", ()))

    assert list(await verdicts.read(["a", "b"])) == ["b"]
