"""Crew processes as processes: what they hold, and how they are replaced."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from chatcrew.errors import CrewError, ModelDeadlineExceeded
from chatcrew.messages import ModelAnswer

pytestmark = [
    pytest.mark.crewai,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("crew-pool"),
]

PROC = Path("/proc")


async def test_no_secret_gets_into_a_crew_process(pool, kit):
    """What the worker's environment holds is not in that of template and crew processes."""
    for pid in pool.pids:
        environment = (PROC / str(pid) / "environ").read_bytes()
        assert kit.SECRET.encode() not in environment
        assert b"CREWAI_DISABLE_TELEMETRY=true" in environment


async def test_nothing_said_is_on_disk_and_no_socket_leads_outside(pool, kit):
    """After a turn no file of the private home holds its words, and only Unix sockets are open."""
    mark = "SAID-7f3a91"
    await kit.Desk(kit.says(kit.calls("look"), ModelAnswer(f"ok {mark}"))).ask(pool, mark)

    assert pool.home.stat().st_mode & 0o777 == 0o700
    files = [path for path in pool.home.rglob("*") if path.is_file()]
    assert [path for path in files if mark.encode() in path.read_bytes()] == []
    for pid in pool.pids:
        assert outside_sockets(pid) == set()


def outside_sockets(pid):
    """Return the inodes of a process's sockets that are not Unix ones (proc(5))."""
    links = [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()]
    ours = {link[8:-1] for link in links if link.startswith("socket:[")}
    rows = Path(f"/proc/{pid}/net/unix").read_text(errors="replace").splitlines()[1:]
    return ours - {row.split()[6] for row in rows}


async def test_a_worn_process_is_replaced_between_turns(pool, kit):
    """After its share of turns a process ends when it is quiet; nobody notices."""
    before = pool.stats()
    desk = kit.Desk(lambda request: ModelAnswer("ok"))

    while pool.stats().recycled == before.recycled:
        await asyncio.gather(*(desk.ask(pool) for _ in range(10)))

    assert pool.stats().died == before.died
    assert (await desk.ask(pool)).text == "ok"
    assert pool.stats().children == 1


async def test_a_killed_process_fails_its_turns_at_once_and_is_replaced(pool, kit):
    """Kill -9 in the middle of a turn: the turn fails within a second, the next one works."""
    asked = asyncio.Event()

    async def slow(request):
        asked.set()
        await asyncio.sleep(60)

    task = asyncio.create_task(kit.Desk(slow).ask(pool))
    await asked.wait()
    start = time.monotonic()
    os.kill(pool.pids[1], signal.SIGKILL)
    with pytest.raises(CrewError, match="is gone"):
        await task

    assert time.monotonic() - start < 1
    assert (await kit.Desk(kit.says(ModelAnswer("de volta"))).ask(pool)).text == "de volta"


async def test_a_process_that_does_not_become_quiet_is_killed(pool, kit):
    """A stuck process is ended two seconds after the deadline; others in it learn it at once."""
    stuck, before = pool.pids[1], pool.stats()
    asked = asyncio.Barrier(3)

    async def slow(request):
        await asked.wait()
        await asyncio.sleep(60)

    late = asyncio.create_task(kit.Desk(slow).ask(pool, budget=2))
    other = asyncio.create_task(kit.Desk(slow).ask(pool, budget=30))
    await asked.wait()
    os.kill(stuck, signal.SIGSTOP)

    with pytest.raises(ModelDeadlineExceeded):
        await late
    with pytest.raises(CrewError, match="did not end when it was told to"):
        await other
    assert (await kit.Desk(kit.says(ModelAnswer("de volta"))).ask(pool)).text == "de volta"
    assert stuck not in pool.pids
    assert pool.stats().killed == before.killed + 1


async def test_a_killed_template_takes_all_along_and_comes_back(pool, kit):
    """Without its parent no crew process lives on; a new parent is started by itself."""
    template, child = pool.pids
    asked = asyncio.Event()

    async def slow(request):
        asked.set()
        await asyncio.sleep(60)

    task = asyncio.create_task(kit.Desk(slow).ask(pool))
    await asked.wait()
    os.kill(template, signal.SIGKILL)
    with pytest.raises(CrewError, match="is gone"):
        await task

    assert (
        await kit.Desk(kit.says(ModelAnswer("de volta"))).ask(pool, budget=60)
    ).text == "de volta"
    assert not {template, child} & set(pool.pids)
