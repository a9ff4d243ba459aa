"""A backup that cannot be used says why, and nothing is changed (S2-26)."""

import asyncio
import zipfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text

from chatcrew.backups import BackupFault, Reader, restore_house, take
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.database.keys_in_use import check_keys
from chatcrew.privacy import Keyring
from chatcrew.testing._everywhere_sql import plant_everywhere

CLOCK = SystemClock()


def changed(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Return a copy of an archive with other members; None leaves one out."""
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            raw = change(name, old.read(name))
            if raw is not None:
                new.writestr(name, raw)
    return other


def read(path: Path) -> None:
    """Read an archive and check all of it."""
    with Reader(path) as archive:
        archive.verify()


def _newer(name: str, raw: bytes) -> bytes:
    return orjson.dumps({**orjson.loads(raw), "format": 99}) if name == "manifest.json" else raw


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda n, r: r.replace(b"bot shop", b"bot shoq") if "message" in n else r,
            "table message",
        ),
        (lambda n, r: None if n == "tables/turn.jsonl" else r, "table turn"),
        (lambda n, r: None if n == "manifest.json" else r, "manifest.json is missing"),
        (lambda n, r: b"{" if n == "manifest.json" else r, "manifest cannot be read"),
        (_newer, "newer chatcrew"),
    ],
)
async def test_what_was_changed_or_is_missing_is_named(
    house, tmp_path: Path, change, words
) -> None:
    """Before a row is written."""
    await plant_everywhere(house, 1, "shop/acme")
    taken = await take(house, tmp_path / "all.zip", clock=CLOCK)
    other = await asyncio.to_thread(changed, taken.path, change)

    with pytest.raises(BackupFault, match=words):
        await asyncio.to_thread(read, other)


async def test_a_file_cut_short_or_none_at_all_is_refused(tmp_path: Path) -> None:
    """It is no whole archive."""
    path = tmp_path / "cut.zip"
    path.write_bytes(b"PK\x03\x04 and then the disk was full")

    with pytest.raises(BackupFault, match="no whole archive"):
        await asyncio.to_thread(read, path)


async def test_a_house_with_people_in_it_is_not_overwritten(house, tmp_path: Path) -> None:
    """The way out is said."""
    await plant_everywhere(house, 1, "shop/acme")
    taken = await take(house, tmp_path / "all.zip", clock=CLOCK)
    archive = await asyncio.to_thread(Reader, taken.path)

    with pytest.raises(BackupFault, match="not empty"):
        await restore_house(house, archive, clock=CLOCK)
    archive.close()


async def test_a_missing_key_is_named_and_the_houses_own_keys_are_sealed(
    house, other, tmp_path: Path
) -> None:
    """With the key they come back as they were."""
    await plant_everywhere(house, 1, "shop/acme")
    keys = Keyring([("2026-a", b"a" * 32)])
    async with await Database.open(house.address, pool_size=2, keys=keys) as sealing:
        async with sealing.begin() as connection:
            await connection.execute(text("delete from sealing_key"))
        await check_keys(sealing, CLOCK.now())
        taken = await take(sealing, tmp_path / "all.zip", clock=CLOCK)
    with zipfile.ZipFile(taken.path) as raw:
        kept = raw.read("tables/house_key.jsonl") + raw.read("tables/person_key.jsonl")
    archive = await asyncio.to_thread(Reader, taken.path)

    assert bytes(range(256)).hex().encode() not in kept
    with pytest.raises(BackupFault, match="2026-a"):
        await restore_house(other, archive, clock=CLOCK)
    async with await Database.open(other.address, pool_size=2, keys=keys) as opened:
        await restore_house(opened, archive, clock=CLOCK)
        async with opened.begin() as connection:
            secret = await connection.scalar(text("select secret from house_key"))
    archive.close()
    assert bytes(secret) == bytes(range(256))
