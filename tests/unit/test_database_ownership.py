"""Who owns the embedded server when several processes want it, and when the owner dies."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import text

from chatcrew.database import Attachment, Database, EmbeddedServer, OwnedElsewhere, attach_or_own
from chatcrew.errors import StoreError

# Leaves when its standard input ends, so it does not outlive a test run that is killed.
SCRIPT = """
import asyncio, json, os, sys, time
from pathlib import Path
from chatcrew.database import attach_or_own
from chatcrew.telemetry import configure

async def main():
    configure("error")  # to standard error, so that the answer stands alone
    attachment = await attach_or_own(Path(sys.argv[1]), durable=False)
    server = attachment.server
    child = os.fork() if "fork" in sys.argv else None
    if child == 0:
        os.closerange(0, 3)
        time.sleep(60)
        os._exit(0)
    print(json.dumps({"owner": attachment.owner, "pid": server and server.pid, "child": child,
                      "url": attachment.url.render_as_string(hide_password=False)}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await attachment.close()

asyncio.run(main())
"""

Begin = Callable[..., Awaitable[tuple[Process, dict[str, Any]]]]


@pytest.fixture
async def begin(data_dir: Path) -> AsyncIterator[Begin]:
    """Give a function that starts a process on the data folder and returns what it says."""
    started: list[Process] = []

    async def begin(*words: str) -> tuple[Process, dict[str, Any]]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SCRIPT, str(data_dir), *words, stdin=PIPE, stdout=PIPE
        )
        started.append(process)
        assert process.stdout is not None
        return process, json.loads(await process.stdout.readline())

    yield begin
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # a killed child leaves it open


def ended(pid: int) -> bool:
    """Say whether a process runs no more; one without a parent may stay as a zombie."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def gone(pid: int) -> None:
    """Wait for the end of a process, 5 s at most."""
    async with asyncio.timeout(5):
        while True:
            if ended(pid):
                return
            await asyncio.sleep(0.01)


async def rows(attachment: Attachment) -> list[int]:
    """Return the numbers that were kept."""
    async with await Database.open(attachment.url) as database, database.begin() as connection:
        return list(await connection.scalars(text("select number from kept order by number")))


async def keep(attachment: Attachment, number: int) -> None:
    """Commit one number."""
    async with await Database.open(attachment.url) as database, database.begin() as connection:
        await connection.execute(text("create table if not exists kept (number int)"))
        await connection.execute(text("insert into kept values (:n)"), {"n": number})


async def test_of_three_processes_one_owns_and_all_use_it(begin: Begin) -> None:
    """Processes that start at once on an empty folder end up on one server."""
    said = [answer for _, answer in await asyncio.gather(begin(), begin(), begin())]
    assert sorted(answer["owner"] for answer in said) == [False, False, True]
    assert len({answer["url"] for answer in said}) == 1
    async with await Database.open(said[0]["url"]) as database:
        await database.ping()


@pytest.mark.usefixtures("second_start")
async def test_a_second_server_in_one_process_is_refused(data_dir: Path) -> None:
    """The lock says no at once, and the first server is not disturbed."""
    async with await attach_or_own(data_dir, durable=False) as first:
        with pytest.raises(OwnedElsewhere, match="already runs"):
            await EmbeddedServer(data_dir, durable=False).start()
        second = await attach_or_own(data_dir, durable=False)
        assert (first.owner, second.owner) == (True, False)
        assert second.server is None
        assert not await second.take_over()
        await second.close()
        await first.wait_ready(within=5)


@pytest.mark.usefixtures("second_start")
async def test_a_killed_owner_leaves_no_orphan(begin: Begin) -> None:
    """Kill -9 of the owner takes PostgreSQL down with a clean shutdown."""
    process, said = await begin()
    process.kill()
    await process.wait()
    await gone(said["pid"])


@pytest.mark.usefixtures("second_start")
async def test_an_attached_process_takes_over_from_a_killed_owner(
    begin: Begin, data_dir: Path
) -> None:
    """When the owner is killed, another process owns the server and every row is there."""
    process, said = await begin()
    assert said["owner"]
    async with await attach_or_own(data_dir, durable=False) as attached:
        assert not attached.owner
        assert not await attached.take_over()
        await keep(attached, 1)
        waiting = asyncio.create_task(attached.stand_by())
        process.kill()
        async with asyncio.timeout(5):
            await waiting
        assert attached.owner
        await keep(attached, 2)
        assert await rows(attached) == [1, 2]


@pytest.mark.usefixtures("second_start")
async def test_a_forked_child_does_not_hold_the_lock(begin: Begin, data_dir: Path) -> None:
    """An owner that forked (crew processes do) frees the lock by dying all the same."""
    process, said = await begin("fork")
    process.kill()
    await process.wait()
    try:
        async with asyncio.timeout(5):
            attachment = await attach_or_own(data_dir, durable=False)
        async with attachment:
            assert attachment.owner
    finally:
        os.kill(said["child"], signal.SIGKILL)
    await gone(said["pid"])


@pytest.mark.usefixtures("second_start")
async def test_a_new_owner_waits_for_an_orphan_and_ends_it(begin: Begin, data_dir: Path) -> None:
    """A server of a dead owner that lingers is shut down first, never run beside."""
    process, said = await begin()
    async with await attach_or_own(data_dir, durable=False) as attached:
        await keep(attached, 1)
        os.kill(said["pid"], signal.SIGSTOP)  # so that it cannot follow its owner
        try:
            process.kill()
            await process.wait()
            taking = asyncio.create_task(attached.take_over())
            await asyncio.wait([taking], timeout=0.5)
            assert not taking.done()
        finally:
            os.kill(said["pid"], signal.SIGCONT)
        assert await taking
        assert ended(said["pid"])
        assert await rows(attached) == [1]


@pytest.mark.usefixtures("second_start")
async def test_a_stale_pid_file_with_a_living_number_does_not_matter(data_dir: Path) -> None:
    """In a container the number in postmaster.pid soon belongs to some other process."""
    server = EmbeddedServer(data_dir, durable=False)
    await server.start()
    cluster = data_dir / "postgres" / "cluster"
    lines = (cluster / "postmaster.pid").read_text().splitlines()
    await server.stop()
    bystander = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=PIPE)
    lines[0] = str(bystander.pid)
    (cluster / "postmaster.pid").write_text("\n".join(lines) + "\n")
    await server.start()
    await server.wait_ready(within=5)
    await server.stop()
    assert bystander.returncode is None
    await bystander.communicate(b"\n")


async def test_who_may_not_own_waits_for_the_owner(data_dir: Path) -> None:
    """A child of the supervisor never becomes owner, and says why it gives up."""
    with pytest.raises(StoreError, match="owner has not made it yet"):
        await attach_or_own(data_dir, may_own=False, within=0.2)
    waiting = asyncio.create_task(attach_or_own(data_dir, may_own=False, within=30))
    async with await attach_or_own(data_dir, durable=False) as owner:
        attached = await waiting
        assert owner.owner
        assert not attached.owner
        assert attached.url == owner.url
