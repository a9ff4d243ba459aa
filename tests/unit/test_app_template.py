"""Commands forked from a warm process: they are what an interpreter of their own would be."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatcrew.app.offspring import LOST, Nursery
from chatcrew.testing._forked import outside, warm
from chatcrew.testing.commands import finished

pytestmark = [pytest.mark.xdist_group("process-commands"), pytest.mark.timeout(300)]


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    """A template of commands of our own."""
    made = await asyncio.to_thread(warm.nursery)
    yield made
    made.close()


async def test_code_and_streams_are_those_of_the_command(tmp_path: Path) -> None:
    """0 with a page on standard output; 2 with a complaint on standard error; its own settings."""
    code, said, complained = await finished("--help", environment={})
    assert (code, complained) == (0, b"")
    assert b"chatcrew" in said

    code, said, complained = await finished("nonsense", environment={})
    assert (code, said) == (2, b"")
    assert b"nonsense" in complained

    nowhere = str(tmp_path / "nowhere.yaml")
    code, _, complained = await finished("run", environment={"CHATCREW_MAPPING": nowhere})
    assert code == 2
    assert b"nowhere.yaml" in complained


@pytest.mark.parametrize("fault", ["one", "other"])
async def test_relative_paths_begin_where_whoever_asked_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """And not where somebody stood when the warm process began."""
    (tmp_path / "mapping.yaml").write_text(f"version: 1\n{fault}: 1\n", "utf-8")
    monkeypatch.chdir(tmp_path)

    _, said, complained = await finished("check", environment={"CHATCREW_MAPPING": "mapping.yaml"})

    assert b"mapping.yaml" in said + complained
    assert fault.encode() in said + complained


async def test_what_a_signal_ended_is_told_by_its_number(nursery: Nursery) -> None:
    """As a negative exit code, like everybody's; a second signal finds nobody."""
    child = await nursery.start(("check",), environment=outside())
    assert child.returncode is None
    child.kill()

    assert await child.wait() == child.returncode == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        child.terminate()


async def test_a_late_child_is_nobody_elses(nursery: Nursery) -> None:
    """A template that hung answers who gave up first: a worker's place got the ingress (N3)."""
    os.kill(nursery.pid, signal.SIGSTOP)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await nursery.start(("nonsense",), environment=outside())
    asking = asyncio.create_task(nursery.start(("--help",), environment=outside()))
    await asyncio.sleep(0)
    os.kill(nursery.pid, signal.SIGCONT)

    assert await (await asking).wait() == 0


async def test_who_plays_for_a_worker_that_is_gone_ends_as_by_ctrl_c(nursery: Nursery) -> None:
    """A killed worker leaves nobody behind who goes on playing for minutes (S4-36)."""
    child = await nursery.start(("test", "--parent", "1"), environment=outside())
    assert await child.wait() == 130


async def test_children_of_a_killed_template_are_still_watched(nursery: Nursery) -> None:
    """Nobody can tell their code any more; that they ended is known, and that no more will come."""
    child = await nursery.start(("check",), environment=outside())
    # Before it bears its name it still holds the template's end of the socket, too
    while b"check" not in await asyncio.to_thread(Path(f"/proc/{child.pid}/cmdline").read_bytes):
        await asyncio.sleep(0.001)
    child.send_signal(signal.SIGSTOP)
    os.kill(nursery.pid, signal.SIGKILL)
    while await asyncio.to_thread(Path(f"/proc/{nursery.pid}").exists):
        await asyncio.sleep(0.01)
    with pytest.raises(ConnectionError):
        await nursery.start(("--help",), environment=outside())

    assert child.returncode is None
    child.kill()
    assert await child.wait() == LOST


async def test_a_killed_template_leaves_no_zombie_beside_the_supervisor() -> None:
    """Its number is free again as soon as nobody forks for us any more (S4-36)."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    words = [sys.executable, "-c", "import time; time.sleep(60)"]
    template = await asyncio.to_thread(subprocess.Popen, words)
    nursery = Nursery(template.pid, ours, Path.cwd())
    asking = asyncio.create_task(nursery.start(("check",), environment={}))
    await asyncio.sleep(0)
    os.kill(template.pid, signal.SIGKILL)
    theirs.close()
    with pytest.raises(ConnectionError):
        await asking
    while await asyncio.to_thread(Path(f"/proc/{template.pid}").exists):
        await asyncio.sleep(0.01)
    nursery.close()
    await asyncio.to_thread(template.wait)
