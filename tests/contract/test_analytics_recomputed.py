"""Every figure equals the same figure computed from the exported CSV by another script."""

import random
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.contract.analytics_recomputed import figures as recomputed
from tests.contract.analytics_rows import NOW, Records

from chatcrew.analytics import (
    COLUMNS,
    Outcomes,
    PostgresFacts,
    PostgresFigures,
    Scope,
    Spend,
    Times,
    csv_file,
)
from chatcrew.app.figures import open_figures
from chatcrew.database import Database
from chatcrew.database.transactions import transaction
from chatcrew.ledger import PostgresLedger
from chatcrew.mailbox import PostgresMailbox
from chatcrew.outbox import PostgresOutbox
from chatcrew.testing import ManualClock
from chatcrew.why import StoredWhy

ZONES = {"shop/acme": "America/Sao_Paulo", "shop/other": "America/Manaus"}
SCOPE = Scope(None, NOW - timedelta(days=60), NOW + timedelta(days=1))


@pytest.fixture
def figures(database: Database) -> PostgresFigures:
    """Give the figures."""
    clock = ManualClock(NOW)
    why = StoredWhy(
        PostgresLedger(database),
        outbox=PostgresOutbox(database, clock),
        states=PostgresMailbox(database, clock),
        quiet=lambda _: None,
    )
    return open_figures(database, why=why, clock=clock)


async def lives(records: Records) -> None:
    """Write two months of a house with everything that can happen in it."""
    dice = random.Random(7)
    for number in range(1, 45):
        at = NOW - timedelta(days=dice.uniform(0.1, 40))
        known = dice.choice(["shop/acme", "shop/other"])
        episodes = dice.choice([1, 1, 1, 2, 3])
        for episode in range(1, episodes + 1):
            turns = dice.choices(
                ["replied", "handed_off", "dropped", "parked", "slot:order:number"],
                weights=[8, 2, 1, 1, 2],
                k=dice.randint(1, 5),
            )
            done = at + timedelta(minutes=len(turns), seconds=dice.randint(1, 900))
            last = episode == episodes
            await records.talk(
                number,
                at=at,
                turns=turns,
                tenant=known,
                episode=episode,
                spoke=dice.random() < 0.15,
                closed=done if not last or dice.random() < 0.6 else None,
                cost=dice.choice([None, 0.000123456, 0.01, 1 / 3]),
                rating=dice.choice([None, None, 1, 3, 4, 5]),
                intent=dice.choice(["price", "hours", "", "=order"]),
                mood=dice.choice([-0.8, -0.3, 0.0, 0.2995, 0.3, 0.9]),
                feedback=dice.choice([[], ["complaint"], ["asked", "unable"]]),
                promise=dice.choice(["kept", "missed"]),
                rungs=[{"name": "crew", "end": "answered", "ms": dice.uniform(0, 4000)}],
            )
            at = done + timedelta(days=dice.choice([0.2, 3, 6.99, 8]))
            if at > NOW:
                break


async def exported(figures: PostgresFigures, folder: Path) -> None:
    """Write the facts as files."""
    for kind in ("turns", "model_calls", "moves", "ratings", "sessions"):
        parts = [part async for part in csv_file(figures.export(kind, SCOPE), COLUMNS[kind])]
        folder.joinpath(f"{kind}.csv").write_bytes(b"".join(parts))


@pytest.mark.parametrize("rounds", [0, 1, 2])
async def test_every_figure_equals_the_same_figure_out_of_the_exported_files(
    database: Database, figures: PostgresFigures, tmp_path: Path, rounds: int
) -> None:
    """Whether days are added up or not, and calendars changed between: exactly the same."""
    records = Records(database)
    await lives(records)
    if rounds == 2:
        await PostgresFacts(database, ManualClock(NOW - timedelta(days=11))).run({})
    if rounds:
        await PostgresFacts(database, ManualClock(NOW)).run(ZONES)
    else:
        await _sessions_only(database)
    await exported(figures, tmp_path)
    other = recomputed(tmp_path, NOW, zones=ZONES if rounds else {})

    seen = await figures.overview(SCOPE)
    assert told(seen.outcomes) == other["outcomes"]
    assert [
        *(seen.satisfaction.count, seen.satisfaction.total, seen.satisfaction.satisfied)
    ] == other["satisfaction"]
    assert (seen.users, seen.conversations) == (other["users"], other["conversations"])
    assert (seen.turns, seen.heard, seen.said) == tuple(
        other[k] for k in ("turns", "heard", "said")
    )
    assert [seen.kept, seen.missed] == other["promise"]
    assert (flat(seen.answer), flat(seen.first_reply)) == (other["answer"], other["first_reply"])
    assert asdict(seen.spend) == other["spend"]
    days = {str(one.day): one for one in seen.days}
    for day, counts in other["days"].items():
        mine = days[day]
        assert {"turns": mine.turns, "heard": mine.heard, "said": mine.said} == {
            name: counts[name] for name in ("turns", "heard", "said")
        }
        assert (mine.replied, mine.handed_off) == (
            *(counts.get("replied", 0), counts.get("handed_off", 0)),
        )
    costs = await figures.costs(SCOPE)
    assert asdict(costs.total) == other["spend"]
    assert spends({str(one.day): one.spend for one in costs.days}) == other["cost"]["day"]
    for name, mine in (("role", costs.roles), ("model", costs.models), ("tenant", costs.tenants)):
        assert spends(mine) == other["cost"][name]
    pace = await figures.latency(SCOPE)
    assert {name: flat(one) for name, one in pace.stages.items()} == other["stages"]
    assert {name: flat(one) for name, one in pace.engines.items()} == other["engines"]
    assert {f"{one.name}/{one.end}": flat(one.times) for one in pace.rungs} == other["rungs"]
    intents = await figures.intents(SCOPE)
    assert {one.name: [one.turns, one.handed_off] for one in intents} == other["intents"]
    moods = await figures.moods(SCOPE)
    assert [moods.negative, moods.neutral, moods.positive, moods.total] == other["moods"]
    assert moods.signals == other["signals"]
    for by, wanted in other["cohorts"].items():
        cohorts = await figures.cohorts(SCOPE, by=by)
        assert {one.name for one in cohorts} == set(wanted)
        for one in cohorts:
            mine, stars = wanted[one.name], one.satisfaction
            assert told(one.outcomes) == mine["outcomes"]
            assert [stars.count, stars.total, stars.satisfied] == mine["satisfaction"]
            assert one.spend.nanos == mine["nanos"]
            assert [one.answer.count, one.answer.total] == mine["waited"]
    assert len({one.ending for one in (await figures.sessions(SCOPE, limit=500)).items}) > 4


async def _sessions_only(database: Database) -> None:
    """Make sessions, and leave the days to be counted turn by turn."""
    await PostgresFacts(database, ManualClock(NOW)).run({})
    async with transaction(database) as run:
        for statement in ("delete from day_fact", "delete from day_spend"):
            await run.execute(text(statement))
        await run.execute(text("delete from fact_mark where name = 'days'"))


def told(one: Outcomes) -> Mapping[str, object]:
    """Return the counts of outcomes."""
    return {name: value for name, value in asdict(one).items() if name != "as_of"}


def flat(one: Times) -> list[float]:
    """Return the figures of times."""
    return [one.count, one.mean, one.p50, one.p95, one.p99]


def spends(found: Mapping[str, Spend]) -> dict[str, dict[str, int]]:
    """Return what was used, by name."""
    return {name: asdict(one) for name, one in found.items()}
