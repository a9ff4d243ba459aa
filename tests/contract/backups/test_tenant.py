"""One tenant comes back into a living house; nobody else's rows change (S2-26, S2-40)."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import text

from chatcrew.backups import TENANT, BackupFault, Reader, restore_tenant, take
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.testing._everywhere_sql import plant_everywhere, rows

CLOCK = SystemClock()
SHOP, CLINIC = "shop/acme", "health/clinic"


def of(found: Mapping[str, list[str]], tenant: str) -> dict[str, list[str]]:
    """Return the rows of the tables of tenants in which its name stands."""
    return {name: [row for row in found[name] if tenant in row] for name in TENANT}


async def run(database: Database, *statements: str) -> None:
    """Run statements."""
    async with database.begin() as connection:
        for one in statements:
            await connection.execute(text(one))


@pytest.mark.parametrize("of_whole_house", [True, False])
async def test_rows_are_replaced_and_the_neighbours_stay(
    house, tmp_path: Path, of_whole_house: bool
) -> None:
    """Damaged, deleted and new rows of one; the other has changed since, and keeps that."""
    for number, tenant in ((1, SHOP), (2, CLINIC)):
        await plant_everywhere(house, number, tenant)
    before = await rows(house)
    path = tmp_path / "one.zip"
    await take(house, path, clock=CLOCK, tenant=None if of_whole_house else SHOP)
    archive = await asyncio.to_thread(Reader, path)
    await run(
        house,
        f"delete from message where bot = 'bot {SHOP}'",
        f"update rating set feedback = 'damaged {SHOP}' where tenant = '{SHOP}'",
        f"update rating set feedback = 'newer {CLINIC}' where tenant = '{CLINIC}'",
        f"update conversation set fence = 90, lease_owner = 'w' where tenant = '{SHOP}'",
        f"delete from debt where tenant = '{SHOP}'",
        # another tenant's row has taken the number of one that is gone
        "insert into debt overriding system value"
        " select (jsonb_populate_record(null::debt, to_jsonb(d) || jsonb_build_object('id', 1))).*"
        f" from debt as d where tenant = '{CLINIC}'",
    )
    living = await rows(house)

    done = await restore_tenant(house, archive, SHOP, clock=CLOCK)
    after = await rows(house)
    archive.close()

    assert done.left == 0
    assert of(after, CLINIC) == of(living, CLINIC)
    mine, was = of(after, SHOP), of(before, SHOP)
    settled = {"conversation", "debt"}
    assert {n: mine[n] for n in TENANT if n not in settled} == {
        n: was[n] for n in TENANT if n not in settled
    }
    assert all(len(mine[name]) == len(was[name]) == 1 for name in settled)
    assert not mine["debt"][0].startswith("(1,")
    async with house.begin() as connection:
        fence, owner = (
            await connection.execute(
                text("select fence, lease_owner from conversation where tenant = :t"), {"t": SHOP}
            )
        ).one()
    assert (fence, owner) == (91, None)


async def test_a_conversation_that_went_to_another_business_stays_there(
    house, tmp_path: Path
) -> None:
    """Neither it nor anything in it comes back; how much that is, is told."""
    await plant_everywhere(house, 1, SHOP)
    taken = await take(house, tmp_path / "one.zip", clock=CLOCK, tenant=SHOP)
    await run(house, f"update conversation set tenant = '{CLINIC}'", "delete from message")
    archive = await asyncio.to_thread(Reader, taken.path)

    done = await restore_tenant(house, archive, SHOP, clock=CLOCK)
    after = await rows(house)
    archive.close()

    assert done.left > 0
    assert after["message"] == []
    assert len(after["conversation"]) == 1
    assert CLINIC in after["conversation"][0]


async def test_a_backup_of_another_business_is_refused(house, tmp_path: Path) -> None:
    """It is named."""
    await plant_everywhere(house, 1, SHOP)
    taken = await take(house, tmp_path / "one.zip", clock=CLOCK, tenant=SHOP)
    archive = await asyncio.to_thread(Reader, taken.path)

    with pytest.raises(BackupFault, match=SHOP):
        await restore_tenant(house, archive, CLINIC, clock=CLOCK)
    archive.close()
