"""The test kit's PostgreSQL: shared, private per test, and never left running."""

import asyncio
import os
import secrets
import signal
import sys
import tempfile
from pathlib import Path

import psutil
from sqlalchemy import make_url, text

from chatcrew.database import Database
from chatcrew.testing._postgres import PostgresForTests

USER = """
import sys
from pathlib import Path
from chatcrew.testing._postgres import _shared_server

with _shared_server(Path(sys.argv[1])) as address:
    print(address, flush=True)
    sys.stdin.readline()
"""


QUARANTINED = """
insert into quarantine (bot, reason, headers, body, at) values ('b', 'no_route', '{}', '', now())
"""


async def test_each_test_has_a_database_of_its_own(postgres: PostgresForTests) -> None:
    """Two databases share no rows, and are gone afterwards."""
    async with postgres.fresh() as one, postgres.fresh() as two:
        assert one != two
        async with await Database.open(one) as database, database.begin() as connection:
            await connection.execute(text("create table mine (x int)"))
        async with await Database.open(two) as database, database.begin() as connection:
            assert await connection.scalar(text("select to_regclass('mine')")) is None
            names = text("select datname from pg_database")
            assert make_url(one).database in set(await connection.scalars(names))
    async with (
        postgres.fresh(migrated=False) as three,
        await Database.open(three) as database,
        database.begin() as connection,
    ):
        assert make_url(one).database not in set(await connection.scalars(names))


async def test_a_database_that_is_given_again_is_as_new(postgres: PostgresForTests) -> None:
    """No row is left and numbers begin at the start; another table or a guest end its use."""
    async with postgres.fresh() as one, await Database.open(one) as database:
        assert await _numbers(database) == [1]
    async with postgres.fresh() as two, await Database.open(two) as database:
        assert two == one
        assert await _numbers(database) == [1]
        async with database.begin() as connection:
            await connection.execute(text("alter table quarantine drop column reason"))
    async with postgres.fresh() as three:
        assert three != two
        guest = await Database.open(three)
        await guest.ping()
    async with postgres.fresh() as four:
        assert four != three
    await guest.close()


async def _numbers(database: Database) -> list[int]:
    """Quarantine one more body and return the numbers of all."""
    async with database.begin() as connection:
        await connection.execute(text(QUARANTINED))
        return list(await connection.scalars(text("select id from quarantine order by id")))


async def test_the_server_ends_with_its_last_user_even_if_that_is_killed() -> None:
    """Two processes share one server; it goes when the first has left and the second died."""
    folder = Path(tempfile.gettempdir()) / f"chatcrew-test-{secrets.token_hex(8)}"
    users = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", USER, str(folder),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    addresses = set()
    for user in users:
        assert user.stdout is not None
        addresses.add((await user.stdout.readline()).decode())
    assert len(addresses) == 1
    url = addresses.pop().strip()
    pid_file = folder / "data" / "postgres" / "cluster" / "postmaster.pid"
    postmaster = int(pid_file.read_text().split("\n", 1)[0])

    # the second user may be the one that waits for the keeper at its end, so it is the one killed
    users[0].send_signal(signal.SIGKILL)
    await users[0].wait()
    async with await Database.open(url) as database:
        await database.ping()
    users[1].send_signal(signal.SIGKILL)
    await users[1].wait()
    async with asyncio.timeout(15):
        while True:
            if not os.path.exists(folder):  # noqa: PTH110, ASYNC240 - a test may block
                break
            await asyncio.sleep(0.02)
    assert not psutil.pid_exists(postmaster)
