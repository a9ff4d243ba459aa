"""What examinations keep, over both backends (N13)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from chatcrew.database import Database
from chatcrew.provision._memory import MemoryExaminations
from chatcrew.provision._sql import PostgresExaminations
from chatcrew.provision.findings import Finding
from chatcrew.provision.ports import Examinations, LostRight, Turn

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["memory", "postgres"])
def kept(request: pytest.FixtureRequest) -> Examinations:
    """An empty store."""
    if request.param == "memory":
        return MemoryExaminations()
    database: Database = request.getfixturevalue("database")
    return PostgresExaminations(database)


def turn(now: datetime = NOW, *, fingerprint: str = "one", before: datetime | None = None) -> Turn:
    """Return a turn that holds for five minutes."""
    return Turn(fingerprint, now, now + 5 * MINUTE, before, now - MINUTE)


def finding(code: str = "webhook_none") -> Finding:
    """Return a finding."""
    return Finding("acme", "webhook", "warning", code, {}, ("customer_typing",))


async def test_of_many_who_ask_one_examines(kept: Examinations) -> None:
    """The others do when it is due, or when the first one has died."""
    asked = await asyncio.gather(*(kept.claim("acme", turn()) for _ in range(8)))

    assert sorted(asked) == [False] * 7 + [True]
    assert not await kept.claim("acme", turn(NOW + 4 * MINUTE))
    assert await kept.claim("acme", turn(NOW + 5 * MINUTE))


async def test_after_the_end_it_is_due_when_that_was_said(kept: Examinations) -> None:
    """And earlier when somebody asks for it, never later."""
    await kept.claim("acme", turn())
    await kept.finish("acme", [finding()], now=NOW + MINUTE, due=NOW + 60 * MINUTE)
    await kept.again("acme", due=NOW + 90 * MINUTE)
    assert not await kept.claim("acme", turn(NOW + 59 * MINUTE))

    await kept.again("acme", due=NOW + 30 * MINUTE)

    assert await kept.claim("acme", turn(NOW + 30 * MINUTE))


async def test_a_worker_that_comes_up_looks_unless_one_did_a_moment_ago(
    kept: Examinations,
) -> None:
    """So a restart of all workers is one examination, and a restart the next morning is another."""
    await kept.claim("acme", turn())
    await kept.finish("acme", [], now=NOW, due=NOW + 600 * MINUTE)

    soon, later = NOW + 2 * MINUTE, NOW + 20 * MINUTE
    assert not await kept.claim("acme", turn(soon, before=soon - 10 * MINUTE))
    assert await kept.claim("acme", turn(later, before=later - 10 * MINUTE))


async def test_another_mapping_is_looked_at_at_once(kept: Examinations) -> None:
    """But not by each worker that comes to know of it within the same minute."""
    await kept.claim("acme", turn())
    await kept.finish("acme", [], now=NOW, due=NOW + 600 * MINUTE)

    assert await kept.claim("acme", turn(NOW + 2 * MINUTE, fingerprint="two"))
    await kept.finish("acme", [], now=NOW, due=NOW + 600 * MINUTE)
    assert not await kept.claim("acme", turn(NOW + 2.5 * MINUTE, fingerprint="one"))


async def test_findings_come_back_as_they_were(kept: Examinations) -> None:
    """With every value, so that they can be said in both languages; those before are replaced."""
    missing = (("sem etiquetas", "no labels"),)
    values = {"version": "4.13.0", "count": 1, "missing": missing}
    found = [Finding("acme", "version", "warning", "version_old", values), finding()]
    await kept.claim("acme", turn())
    assert await kept.kept() == ()
    await kept.finish("acme", [finding("webhook_well")], now=NOW, due=NOW)
    await kept.finish("acme", found, now=NOW + MINUTE, due=NOW)

    (examined,) = await kept.kept()

    assert (examined.account, examined.at) == ("acme", NOW + MINUTE)
    assert list(examined.findings) == found
    assert "no labels" in examined.findings[0].render("en")


async def test_what_another_version_says_is_left_out(kept: Examinations) -> None:
    """A finding that this program has no words for does not stop the others."""
    await kept.claim("acme", turn())
    await kept.finish("acme", [finding("from_the_future"), finding()], now=NOW, due=NOW)

    (examined,) = await kept.kept()

    assert [one.code for one in examined.findings] == ["webhook_none"]


async def test_lost_rights_are_kept_once_and_replaced_by_bot(kept: Examinations) -> None:
    """An examination knows better than what was met before; other bots keep theirs."""
    met = LostRight("a", "bot", "labels", "status_403", NOW, tried=True)
    other = LostRight("b", "user", "labels", "status_401", NOW, tried=True)
    for one in (met, met, other):
        await kept.lose(one)
    assert await kept.lost() == (met, other)

    known = LostRight("a", "bot", "typing", "denied", NOW)
    await kept.replace_lost(["a"], [known])

    assert await kept.lost() == (known, other)
