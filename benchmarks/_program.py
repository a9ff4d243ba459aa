"""``chatcrew run`` as a benchmark starts it, and the CPU that each kind of its processes used."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack

from benchmarks._installation import SENDER, Installation
from benchmarks._processes import cpu_seconds
from chatcrew.testing.processes import Program, free_port

_LOOK = 2.0
_CALM = 0.1
"""Of a core: less than this a program at rest uses."""
KINDS = ("supervisor", "ingress", "worker", "template", "crew", "postmaster")


def ports() -> dict[str, str]:
    """Return settings for two free ports."""
    return {"CHATCREW_PORT": str(free_port()), "CHATCREW_ADMIN_PORT": str(free_port())}


def webhook_url(installation: Installation) -> str:
    """Return where Chatwoot posts to."""
    return f"http://127.0.0.1:{installation.environment['CHATCREW_PORT']}{SENDER.path}"


async def run_program(installation: Installation, stack: AsyncExitStack) -> Program:
    """Start it and wait until it is ready; it is ended with ``stack``."""
    log = installation.folder / "program.log"
    program = Program("run", environment=installation.environment, log=log, cold=True)
    await stack.enter_async_context(program)
    await program.ready(within=90.0)
    await program.find("worker")
    return program


async def cpu_by_kind(program: Program) -> dict[str, float]:
    """Return CPU seconds by kind of process; the database's backends count with its postmaster.

    What a process that is gone had used is lost, unless its parent lives and has waited for it.
    """
    used = dict.fromkeys(KINDS, 0.0)
    for one in await program.look():
        if one.what in KINDS:
            used[one.what] += cpu_seconds(one.pid, tree=one.what == "postmaster")
    return used


async def calmed(program: Program, *, within: float = 90.0) -> None:
    """Wait until it has done what a start leaves to do: learning, indexing, examining.

    Without this its CPU would be counted to the first turns.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    used = sum((await cpu_by_kind(program)).values())
    while loop.time() < end:
        await asyncio.sleep(_LOOK)
        before, used = used, sum((await cpu_by_kind(program)).values())
        if used - before < _CALM * _LOOK:
            return


def per_turn(before: Mapping[str, float], after: Mapping[str, float], turns: int) -> str:
    """Return the CPU milliseconds per turn between two looks, whole and by kind."""
    spent = {kind: (after[kind] - before[kind]) / max(1, turns) * 1e3 for kind in KINDS}
    shown = ", ".join(f"{kind} {value:.1f}" for kind, value in spent.items() if value > 0)
    return f"{sum(spent.values()):.1f} ({shown})"
