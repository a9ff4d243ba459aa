"""A backup of an older chatcrew comes back in a newer one, brought up to date (S2-26, S2-40).

No such archive is kept from then: one of today is cut down to the tables and columns of that time.
"""

import asyncio
import hashlib
import zipfile
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text

from chatcrew.backups import Reader, restore_house, take
from chatcrew.clock import SystemClock
from chatcrew.database import Database, known_revisions, revision_of, upgrade
from chatcrew.testing._everywhere_sql import plant_everywhere, rows
from chatcrew.testing._postgres import PostgresForTests

CLOCK = SystemClock()
_COLUMNS = text("""
    select table_name, column_name from information_schema.columns
    where table_schema = current_schema()
""")
_SEQUENCES = text("select sequencename from pg_sequences where schemaname = current_schema()")


def older(path: Path, *, revision: str, columns: dict[str, set[str]], sequences: set[str]) -> Path:
    """Return a copy of an archive as ``revision`` would have written it."""
    copy = path.with_name(f"{revision}.zip")
    with zipfile.ZipFile(path) as now, zipfile.ZipFile(copy, "w") as then:
        manifest = orjson.loads(now.read("manifest.json"))
        manifest["revision"] = revision
        manifest["sequences"] = {
            name: last for name, last in manifest["sequences"].items() if name in sequences
        }
        manifest["tables"] = {
            name: told for name, told in manifest["tables"].items() if name in columns
        }
        for name, told in manifest["tables"].items():
            member = f"tables/{name}.jsonl"
            kept = [
                {key: value for key, value in orjson.loads(line).items() if key in columns[name]}
                for line in now.read(member).splitlines()
            ]
            raw = b"".join(orjson.dumps(row) + b"\n" for row in kept)
            told["sha256"] = hashlib.sha256(raw).hexdigest()
            then.writestr(member, raw)
        then.writestr("manifest.json", orjson.dumps(manifest))
    return copy


@pytest.mark.parametrize("revision", ["0022", "0026", "0030"])
async def test_a_backup_of_an_older_revision_is_brought_up_to_date(
    house: Database, postgres: PostgresForTests, tmp_path: Path, revision: str
) -> None:
    """Every row of the tables of that time is there afterwards, in today's tables."""
    await plant_everywhere(house, 1, "shop/acme")
    taken = await take(house, tmp_path / "all.zip", clock=CLOCK)
    async with (
        postgres.fresh(migrated=False) as url,
        await Database.open(url) as scratch,
        scratch.begin() as connection,
    ):
        await upgrade(connection, to=revision)
        columns: dict[str, set[str]] = {}
        for table, column in await connection.execute(_COLUMNS):
            columns.setdefault(table, set()).add(column)
        sequences = set(await connection.scalars(_SEQUENCES))
    path = await asyncio.to_thread(
        older, taken.path, revision=revision, columns=columns, sequences=sequences
    )

    async with postgres.fresh(migrated=False) as url, await Database.open(url) as empty:
        archive = await asyncio.to_thread(Reader, path)
        await asyncio.to_thread(archive.verify)
        await restore_house(empty, archive, clock=CLOCK)
        archive.close()
        found = await rows(empty)
        async with empty.begin() as connection:
            assert await revision_of(connection) == (await known_revisions())[-1]

    brought = set(archive.manifest.tables)
    assert {"conversation", "message", "turn", "model_call"} <= brought
    assert {name: len(found[name]) for name in brought} == {
        name: told.rows for name, told in archive.manifest.tables.items()
    }
    assert all(found[name] for name in brought)
