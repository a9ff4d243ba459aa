"""``docs/backup.md`` says what the program does; its commands run (S2-26, S2-40)."""

import asyncio
import json
import re
import shlex
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from chatcrew.app.keeping import Keeping
from chatcrew.backups import STONES, house_backups
from chatcrew.cli._backup import run_backup, run_restore
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.lgpd import Records
from chatcrew.settings import Settings
from chatcrew.testing._everywhere_sql import plant_everywhere, rows
from chatcrew.testing._postgres import PostgresForTests

ROOT = Path(__file__).parents[2]
PAGES = ["backup.md", "backup.pt-BR.md"]
CLINIC = "health/varizemed"
OLD = "chatcrew-house-20200101T000000Z.zip"


def commands(page: str) -> list[list[str]]:
    """Return the commands of a page's examples, in words."""
    said = (ROOT / "docs" / page).read_text("utf-8")
    found = re.findall(r"<!-- example: \w+ -->\n\n```sh\n(.*?)```", said, re.DOTALL)
    return [shlex.split(line) for one in found for line in one.splitlines()]


def test_both_pages_show_the_same_commands() -> None:
    """And name settings, list and drill."""
    assert commands(PAGES[0]) == commands(PAGES[1])
    for page in PAGES:
        said = (ROOT / "docs" / page).read_text("utf-8")
        for name in ("CHATCREW_BACKUP_DIR", "CHATCREW_BACKUP_KEEP", STONES, "test_backup_drill"):
            assert name in said


async def test_the_commands_of_the_page_put_aside_and_bring_back(
    postgres: PostgresForTests, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The house into a new database, with its files; one business into the living one."""
    whole, one, restore, restore_one = commands(PAGES[0])
    assert (whole[1:3], one[1:3]) == (["backup", "--to"], ["backup", "--tenant"])
    assert (restore[1], restore[3], restore_one[3]) == ("restore", "--files", "--tenant")
    folder, files = tmp_path / "kept", tmp_path / restore[4]
    said = {"lang": "en", "as_json": True}
    async with postgres.fresh() as url, postgres.fresh(migrated=False) as new:
        here, there = (
            Settings(
                database_url=SecretStr(address),
                data_dir=tmp_path / "data",
                config_dir=ROOT / "config",
                crews_dir=ROOT / "crews",
                mapping=ROOT / "none.yaml",
            )
            for address in (url, new)
        )
        async with await Database.open(url, pool_size=2) as database:
            await plant_everywhere(database, 1, CLINIC)
            async with database.begin() as connection:
                await connection.execute(text("delete from sealing_key"))
            await run_backup(here, tenant=None, to=folder, **said)
            told = json.loads(capsys.readouterr().out)
            await run_restore(
                there, file=Path(told["path"]), tenant=None, files=files, yes=True, **said
            )
            restored = json.loads(capsys.readouterr().out)
            await run_restore(
                here, file=Path(told["path"]), tenant=one[3], files=None, yes=True, **said
            )
            again = json.loads(capsys.readouterr().out)
        async with await Database.open(new, pool_size=2) as database:
            found = await rows(database)

    assert restored == {"rows": told["rows"], "left": 0, "erased_again": 0}
    assert again["left"] == 0
    assert len(found["message"]) == 1
    unpacked = files / "config" / "domains" / f"{CLINIC}.yaml"
    assert await asyncio.to_thread(unpacked.is_file)
    assert await asyncio.to_thread(house_backups, folder) == [Path(told["path"])]


async def test_a_worker_takes_one_when_it_is_due_and_keeps_the_newest(
    database, tmp_path: Path
) -> None:
    """Once, whoever looks how often; older files go, and are known to have gone."""
    folder = tmp_path / "kept"
    settings = Settings(data_dir=tmp_path, config_dir=tmp_path / "c", crews_dir=tmp_path / "w")
    often = settings.model_copy(update={"backup_every_hours": 1e-7, "backup_keep": 1})
    clock = SystemClock()
    keeping = Keeping(settings, database, folder, clock=clock)
    await keeping.look()
    await keeping.look()
    (first,) = await asyncio.to_thread(house_backups, folder)
    await asyncio.to_thread(first.rename, folder / OLD)
    await Keeping(often, database, folder, clock=clock).look()

    (newest,) = await asyncio.to_thread(house_backups, folder)
    assert newest.name != OLD
    assert await Records(database).files(kind="backup")
