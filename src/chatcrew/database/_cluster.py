"""Make a PostgreSQL cluster, and write the configuration it is started with each time."""

import asyncio
import os
import shutil
from pathlib import Path

from chatcrew.database._account import Account
from chatcrew.database._binaries import MAJOR, Binaries
from chatcrew.database._places import DATABASE, ROLE, Places, new_password, password_file
from chatcrew.database._private_files import write_private
from chatcrew.database._process import run
from chatcrew.errors import StoreError
from chatcrew.telemetry import get_logger

_log = get_logger("database")

# One way in: the Unix socket, with the password. Nobody can log in as the superuser "postgres";
# single-user mode (below) is the only door to it.
_HBA = "local all all scram-sha-256\n"

_SETTINGS = """\
# Written by chatcrew at every start. Put your own settings in local.conf beside this file.
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '128MB'
io_method = sync                     # no extra I/O processes: the data fits in memory
jit = off
wal_compression = on
max_wal_size = '256MB'               # keeps recovery after a crash within seconds
idle_in_transaction_session_timeout = '5min'
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_filename = 'postgresql-%Y%m%d-%H%M%S.log'
log_file_mode = 0600
log_rotation_age = '1d'
log_rotation_size = '10MB'
log_line_prefix = '%m [%p] %d '
log_checkpoints = off
log_min_error_statement = panic      # statements and details carry customers' words
log_error_verbosity = terse
"""

_FOR_TESTS = """\
max_connections = 300                # many test processes, each with its pools
fsync = off                          # survives kill -9 all the same, not a power cut
full_page_writes = off
"""

# The password has 256 random bits, so that slowing down a guesser buys nothing and costs each
# new connection several milliseconds of our event loop.
_SCRAM = ("-c", "scram_iterations=1")


async def prepare_cluster(
    binaries: Binaries, account: Account, places: Places, *, durable: bool
) -> None:
    """Make the cluster, our role, our database and pgvector, unless they are there.

    A lost password file is replaced: the files' owner may set a new password. Without ``durable``
    (tests) nothing waits for the disk.

    Raises:
        StoreError: ``initdb`` failed, or the cluster is of another major version.
    """
    version = await asyncio.to_thread(_version, places.cluster)
    if version is None:
        await _create(binaries, account, places, durable=durable)
    elif version != str(MAJOR):
        raise StoreError(
            f"the embedded database in {str(places.home)!r} was made by PostgreSQL {version}, "
            f"this is {MAJOR}: dump it with the old version and restore it"
        )
    elif not await asyncio.to_thread(password_file(places.data_dir).exists):
        password = new_password()
        sql = f"alter role {ROLE} password '{password}'\n"
        await run(account, _single_user(binaries, places.cluster, "template1"), text=sql)
        await asyncio.to_thread(write_private, password_file(places.data_dir), password + "\n")
        _log.warning("database.password_replaced")


async def _create(binaries: Binaries, account: Account, places: Places, *, durable: bool) -> None:
    unfinished = places.home / "cluster.new"
    await asyncio.to_thread(shutil.rmtree, unfinished, ignore_errors=True)
    _log.info("database.creating", home=str(places.home))
    initdb = [
        binaries.initdb, "-D", str(unfinished), "--username=postgres", "--encoding=UTF8",
        "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--auth-local=peer", "--auth-host=reject", "--no-instructions",
        *(() if durable else ("--no-sync",)),
    ]  # fmt: skip
    await run(account, initdb)
    password = new_password()
    # pgvector is not a trusted extension: only the superuser may add it. In template1 it is
    # inherited by every database made later, ours and a test's.
    sql = (
        "create extension vector\n"
        f"create role {ROLE} login createdb password '{password}'\n"
        f"create database {DATABASE} owner {ROLE}\n"
    )
    command = _single_user(binaries, unfinished, "template1")
    await run(account, command if durable else [*command[:2], "-F", *command[2:]], text=sql)
    await asyncio.to_thread(_finish, unfinished, places, password)


def _finish(unfinished: Path, places: Places, password: str) -> None:
    with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("include 'chatcrew.conf'\ninclude_if_exists 'local.conf'\n")
    write_private(password_file(places.data_dir), password + "\n")
    unfinished.rename(places.cluster)


def _single_user(binaries: Binaries, cluster: Path, database: str) -> list[str]:
    return [binaries.postgres, "--single", "-D", str(cluster), *_SCRAM, database]


def _version(cluster: Path) -> str | None:
    try:
        return (cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def write_settings(places: Places, account: Account, *, durable: bool) -> None:
    """Write who may connect and how the server runs, anew at every start. Blocks."""
    log_dir = str(places.log_dir).replace("'", "''")
    settings = f"{_SETTINGS}log_directory = '{log_dir}'\n{'' if durable else _FOR_TESTS}"
    for name, text in (("pg_hba.conf", _HBA), ("chatcrew.conf", settings)):
        path = places.cluster / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        if account.switch:
            os.chown(path, account.uid, account.gid)


def server_command(binaries: Binaries, places: Places) -> list[str]:
    """Return the command line; what must not be changed in a file stands there."""
    sockets = str(places.socket_dir).replace('"', '""')
    return [
        binaries.postgres, "-D", str(places.cluster),
        "-c", "listen_addresses=",
        "-c", f'unix_socket_directories="{sockets}"',
        "-c", "unix_socket_permissions=0700",
    ]  # fmt: skip


def prune_logs(places: Places, *, keep: int = 5) -> None:
    """Delete all but the newest ``keep`` log files, of 10 MB at most each. Blocks."""
    logs = sorted(places.log_dir.glob("postgresql-*.log"))
    for path in logs[:-keep]:
        path.unlink(missing_ok=True)
