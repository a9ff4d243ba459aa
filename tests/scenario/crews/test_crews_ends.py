"""How crew processes end: with their worker, with their pool, or before they began."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chatcrew.crews import CrewPool
from chatcrew.errors import CrewError
from chatcrew.messages import ModelAnswer

WORKER = """
import asyncio, json, sys
from chatcrew.crews import CrewPool

async def main(wait_for):
    pool = CrewPool()
    pool.start()
    if wait_for == "serving":
        await pool.ready()
    while not pool.pids:
        await asyncio.sleep(0.01)
    print(json.dumps([pool.pids, str(pool.home)]), flush=True)
    if wait_for == "close":
        await pool.ready()
        print(json.dumps([pool.pids, str(pool.home)]), flush=True)
        await pool.close()
    else:
        await asyncio.sleep(60)

asyncio.run(main(sys.argv[1]))
"""


def alive(pid):
    """Return whether a process runs; one that is dead and only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(pids, *, seconds=15.0):
    """Return those processes that still run after ``seconds``."""
    until = time.monotonic() + seconds
    while (left := [pid for pid in pids if alive(pid)]) and time.monotonic() < until:
        time.sleep(0.02)
    return left


@pytest.mark.crewai
@pytest.mark.parametrize("when", ["importing", "serving"])
def test_no_process_outlives_a_killed_worker(when):
    """Kill -9 of a worker, while CrewAI is imported or later, leaves no process behind."""
    with subprocess.Popen([sys.executable, "-c", WORKER, when], stdout=subprocess.PIPE) as worker:
        pids, home = json.loads(worker.stdout.readline())
        os.kill(worker.pid, signal.SIGKILL)

    assert len(pids) == (2 if when == "serving" else 1)
    assert wait_until_gone([*pids]) == []
    assert not Path(home).exists()


@pytest.mark.crewai
def test_closing_the_pool_leaves_nothing():
    """After ``close`` there is no process and no private home."""
    command = [sys.executable, "-W", "error", "-c", WORKER, "close"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    pids, home = json.loads(done.stdout.splitlines()[-1])

    assert (done.returncode, done.stderr) == (0, "")
    assert wait_until_gone(pids, seconds=0) == []
    assert not Path(home).exists()


async def test_a_broken_installation_is_said_and_not_waited_for(tmp_path, monkeypatch):
    """When CrewAI cannot be imported every turn fails at once, with the reason for the admin."""
    (tmp_path / "crewai.py").write_text("raise ImportError('no crew today')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    pool = CrewPool()
    pool.start()
    try:
        async with asyncio.timeout(30):
            with pytest.raises(CrewError, match="no crew today"):
                await pool.ready()
            with pytest.raises(CrewError, match="no crew today"):
                async with pool.turn(tenant="health/varizemed"):
                    pass

        assert "no crew today" in pool.stats().fault
        assert pool.stats().children == 0
    finally:
        await pool.close()


async def test_a_scratch_folder_that_is_missing_is_said(tmp_path):
    """A fault of the machine fails every turn, with its reason; nothing waits for ever."""
    pool = CrewPool(scratch=tmp_path / "missing")
    pool.start()
    try:
        async with asyncio.timeout(10):
            with pytest.raises(CrewError, match="No such file or directory"):
                await pool.ready()
    finally:
        await pool.close()


@pytest.mark.crewai
async def test_the_first_turn_starts_the_pool_and_waits_on_its_own_time(kit):
    """Nobody started it: a turn with little time goes to the next rung, a patient one is served."""
    pool = CrewPool()
    try:
        with pytest.raises(CrewError, match="no answer within its time"):
            await kit.Desk(kit.says()).ask(pool, budget=0.05)
        answer = await kit.Desk(kit.says(ModelAnswer("bom dia"))).ask(pool, budget=60)

        assert answer.text == "bom dia"
        assert pool.stats().started == 1
    finally:
        await pool.close()


async def test_a_compiled_turn_starts_no_process(kit):
    """A worker whose crews are all compiled never imports CrewAI, nowhere (S4-30)."""
    pool = CrewPool()
    answer = await kit.Desk(kit.says(ModelAnswer("oi"))).ask(pool, engine="compiled")

    assert (answer.text, answer.engine) == ("oi", "compiled")
    assert pool.pids == ()
    await pool.close()


async def test_a_closed_pool_says_so():
    """Waiting for a pool that nobody starts is an error; so is a turn after ``close``."""
    pool = CrewPool()
    with pytest.raises(CrewError, match="not running"):
        await pool.ready()
    await pool.close()
    with pytest.raises(CrewError, match="not running"):
        async with pool.turn(tenant="health/varizemed"):
            pass
