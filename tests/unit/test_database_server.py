"""The embedded PostgreSQL server: start, stop, who may connect, and coming back from death."""

import asyncio
import contextlib
import os
import pwd
import signal
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from chatcrew.database import Database, EmbeddedServer
from chatcrew.errors import StoreError


@pytest.fixture
async def server(data_dir: Path, second_start: None) -> AsyncIterator[EmbeddedServer]:
    """Give a running server of the test's own."""
    async with running(data_dir) as server:
        yield server


@contextlib.asynccontextmanager
async def running(data_dir: Path) -> AsyncIterator[EmbeddedServer]:
    """Run a server, which makes its cluster where none is there."""
    server = EmbeddedServer(data_dir, durable=False)
    await server.start()
    yield server
    await server.stop()


async def until_restarted(server: EmbeddedServer) -> None:
    """Wait until a dead server was replaced."""
    while True:
        if server.restarts > 0:
            return
        await asyncio.sleep(0.01)


def ended(pid: int) -> bool:
    """Say whether a process runs no more; one without a parent may stay as a zombie."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def mode(path: Path) -> int:
    """Return the permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("second_start")
async def test_a_stopped_server_keeps_its_data_and_starts_again(data_dir: Path) -> None:
    """What was committed is there after stop and start, and nothing runs in between."""
    server = EmbeddedServer(data_dir)
    await server.start()
    async with await Database.open(server.url) as database, database.begin() as connection:
        await connection.execute(text("create table kept as select 7 as number"))
    pid = server.pid
    assert pid is not None
    await server.stop()
    assert not psutil.pid_exists(pid)
    assert server.pid is None
    await server.start()
    async with await Database.open(server.url) as database, database.begin() as connection:
        assert await connection.scalar(text("select number from kept")) == 7
    await server.stop()


async def test_nobody_gets_in_without_the_password(server: EmbeddedServer) -> None:
    """Neither a wrong password nor the superuser's name opens the database; trust is nowhere."""
    with pytest.raises(StoreError, match="InvalidPassword"):
        await Database.open(server.url.set(password="wrong"))
    with pytest.raises(StoreError, match="InvalidPassword"):
        await Database.open(server.url.set(username="postgres"))
    async with await Database.open(server.url) as database, database.begin() as connection:
        superuser = await connection.scalar(
            text("select rolsuper from pg_roles where rolname = current_user")
        )
    assert superuser is False


async def test_files_are_private(data_dir: Path) -> None:
    """Password and note are 0600, the server's folders 0700, no pg_hba line says trust."""
    async with running(data_dir) as server:
        assert mode(data_dir / "postgres.password") == 0o600
        assert mode(data_dir / "postgres.json") == 0o600
        assert mode(data_dir / "postgres") == 0o700
        assert mode(data_dir / "postgres" / "socket") == 0o700
        assert mode(data_dir / "postgres" / "cluster") == 0o700
        hba = (data_dir / "postgres" / "cluster" / "pg_hba.conf").read_text()
        assert hba == "local all all scram-sha-256\n"
        password = (data_dir / "postgres.password").read_text().strip()
        assert len(password) >= 40
        assert password not in str(server.url)
        assert password not in (data_dir / "postgres.json").read_text()


async def test_no_tcp_port_is_opened(server: EmbeddedServer) -> None:
    """The only way in is the Unix socket."""
    assert server.pid is not None
    assert psutil.Process(server.pid).net_connections("tcp") == []
    for child in psutil.Process(server.pid).children():
        # A helper of PostgreSQL's (an autovacuum worker) may end while we look.
        with contextlib.suppress(psutil.NoSuchProcess):
            assert child.net_connections("tcp") == []
    async with await Database.open(server.url) as database, database.begin() as connection:
        assert await connection.scalar(text("show listen_addresses")) == ""


async def test_the_server_is_safe_by_default(data_dir: Path) -> None:
    """Without being told otherwise the server syncs what it commits and checks its pages."""
    server = EmbeddedServer(data_dir)
    await server.start()
    async with await Database.open(server.url) as database, database.begin() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert await connection.scalar(text(f"show {setting}")) == "on"
        assert await connection.scalar(text("show timezone")) == "UTC"
        assert await connection.scalar(text("show server_encoding")) == "UTF8"
        assert await connection.scalar(text("select lower('ÇÃO')")) == "ção"
    await server.stop()


async def test_root_never_runs_postgresql(server: EmbeddedServer) -> None:
    """As root the server runs as another user; as anybody else as himself."""
    assert server.pid is not None
    running_as = psutil.Process(server.pid).uids()
    assert 0 not in running_as
    expected = pwd.getpwnam("chatcrew").pw_uid if os.geteuid() == 0 else os.geteuid()
    assert running_as.real == expected


async def test_a_killed_server_is_back_within_five_seconds(server: EmbeddedServer) -> None:
    """After kill -9 of the postmaster a new one answers, with every committed row."""
    async with await Database.open(server.url) as database:
        async with database.begin() as connection:
            await connection.execute(text("create table kept as select 7 as number"))
        old = server.pid
        assert old is not None
        os.kill(old, signal.SIGKILL)
        async with asyncio.timeout(5):
            await until_restarted(server)
            async with database.begin() as connection:
                assert await connection.scalar(text("select number from kept")) == 7
    assert server.pid not in (None, old)
    assert server.restarts == 1


async def test_a_hanging_backend_does_not_hold_up_the_restart(server: EmbeddedServer) -> None:
    """A backend that cannot notice its postmaster's death is ended, or none could start anew."""
    async with await Database.open(server.url) as database:
        async with database.connect() as connection:
            backend = await connection.scalar(text("select pg_backend_pid()"))
        os.kill(backend, signal.SIGSTOP)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        async with asyncio.timeout(5):
            await until_restarted(server)
        await database.ping()
    assert ended(backend)


async def test_a_killed_backend_takes_nothing_with_it(server: EmbeddedServer) -> None:
    """After kill -9 of a backend PostgreSQL recovers by itself and the pool with it."""
    async with await Database.open(server.url) as database:
        async with database.connect() as connection:
            backend = await connection.scalar(text("select pg_backend_pid()"))
        os.kill(backend, signal.SIGKILL)
        async with asyncio.timeout(5):
            while True:
                if ended(backend):
                    break
                await asyncio.sleep(0.01)
        await server.wait_ready(within=5)
        await database.ping()
    assert server.restarts == 0


@pytest.mark.usefixtures("second_start")
async def test_settings_of_the_admin_win(data_dir: Path) -> None:
    """local.conf is read after our settings; a mistake in it is told and frees the lock."""
    server = EmbeddedServer(data_dir, durable=False)
    local = data_dir / "postgres" / "cluster" / "local.conf"
    local.write_text("nonsense = maybe\n")
    local.chmod(0o644)
    with pytest.raises(StoreError, match=r"did not start.*nonsense|nonsense"):
        await server.start()
    local.write_text("work_mem = '7MB'\n")
    await server.start()
    async with await Database.open(server.url) as database, database.begin() as connection:
        assert await connection.scalar(text("show work_mem")) == "7MB"
    await server.stop()


@pytest.mark.usefixtures("second_start")
async def test_a_lost_password_file_is_replaced(data_dir: Path) -> None:
    """Who owns the files may set a new password; the old one is worth nothing then."""
    server = EmbeddedServer(data_dir, durable=False)
    await server.start()
    old = server.url
    await server.stop()
    (data_dir / "postgres.password").unlink()
    await server.start()
    assert server.url.password != old.password
    await server.wait_ready(within=5)
    with pytest.raises(StoreError, match="InvalidPassword"):
        await Database.open(old)
    await server.stop()


@pytest.mark.usefixtures("second_start")
async def test_another_major_version_is_refused(data_dir: Path) -> None:
    """A cluster made by another PostgreSQL is left alone and named."""
    server = EmbeddedServer(data_dir, durable=False)
    (data_dir / "postgres" / "cluster" / "PG_VERSION").write_text("16\n")
    with pytest.raises(StoreError, match="made by PostgreSQL 16"):
        await server.start()


@pytest.mark.usefixtures("second_start")
async def test_old_logs_are_deleted(data_dir: Path) -> None:
    """Each start leaves at most five log files, of 10 MB at most each."""
    server = EmbeddedServer(data_dir, durable=False)
    logs = data_dir / "postgres" / "log"
    for day in range(1, 10):
        (logs / f"postgresql-2020010{day}-000000.log").touch()
    await server.start()
    left = sorted(path.name for path in logs.glob("postgresql-2020*"))
    await server.stop()
    assert len(left) <= 5
    assert left[-1] == "postgresql-20200109-000000.log"
