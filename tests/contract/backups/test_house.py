"""A backup of the whole house comes back row for row (S2-26, S2-44)."""

import asyncio
from pathlib import Path

from chatcrew.backups import HOUSE, LEFT_OUT, Reader, restore_house, take
from chatcrew.clock import SystemClock
from chatcrew.lgpd import REGISTER
from chatcrew.testing._everywhere_sql import plant_everywhere, rows

CLOCK = SystemClock()


def test_every_table_is_in_a_backup_or_said_to_be_left_out() -> None:
    """A new table is either."""
    assert set(HOUSE) | LEFT_OUT == set(REGISTER)
    assert not set(HOUSE) & LEFT_OUT


async def test_every_row_comes_back_as_it_was(house, other, tmp_path: Path) -> None:
    """Every type, odd text, bytes, ids; only what was under way is settled."""
    for number, tenant in ((1, "shop/acme"), (2, "health/clinic")):
        await plant_everywhere(house, number, tenant)
    before = await rows(house)

    taken = await take(house, tmp_path / "all.zip", clock=CLOCK)
    archive = await asyncio.to_thread(Reader, taken.path)
    await asyncio.to_thread(archive.verify)
    await restore_house(other, archive, clock=CLOCK)
    archive.close()
    after = await rows(other)

    assert all(before[name] for name in HOUSE)
    settled = {"conversation"}
    assert {n: after[n] for n in HOUSE if n not in settled} == {
        n: before[n] for n in HOUSE if n not in settled
    }
    assert len(after["conversation"]) == 2
    assert taken.manifest.rows == sum(len(before[name]) for name in HOUSE)
    assert taken.path.stat().st_mode & 0o077 == 0
