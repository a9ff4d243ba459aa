"""The drill of ``benchmarks.backup`` notices what is not as it was."""

import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))  # pytest, unlike python -m pytest, leaves it out
from benchmarks import _backup_sql as house
from benchmarks.backup import TABLES, TENANT, unlike

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def test_a_lost_message_and_a_forged_turn_are_told_by_their_tables(database) -> None:
    """And a house that nobody touched is like itself (issue 8)."""
    await house.fill(database, conversations=20, until=NOW)
    before = await house.digests(database, TABLES)

    assert unlike(before, await house.digests(database, TABLES)) == []
    assert {before[name][0] for name in ("message", "event", "turn")} == {200, 100}
    await house.damage(database, TENANT)
    assert unlike(before, await house.digests(database, TABLES)) == ["message", "turn"]
