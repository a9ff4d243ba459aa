"""Start programs through the launcher: another account, a clean environment, death with us."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from pathlib import Path

from chatcrew.database._account import Account
from chatcrew.errors import StoreError

_LAUNCHER = Path(__file__).with_name("_launch.py")


def _command(account: Account, *words: str) -> list[str]:
    uid, gid = (account.uid, account.gid) if account.switch else (-1, -1)
    launcher = [sys.executable, "-I", "-S", str(_LAUNCHER)]
    return [*launcher, str(os.getpid()), str(uid), str(gid), *words]


def _environment() -> dict[str, str]:
    # Not ours: it holds secrets that PostgreSQL has no use for, and PG* variables would steer it.
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC", **kept}


async def spawn(account: Account, command: Sequence[str], *, output: int) -> Process:
    """Start ``command`` in a session of its own (Ctrl-C is not for it), writing to ``output``.

    The kernel ties it to the thread that calls this (prctl(2), PR_SET_PDEATHSIG), so call it
    from the event loop and never from a pool.
    """
    return await asyncio.create_subprocess_exec(
        *_command(account, "run", *command),
        cwd="/",
        env=_environment(),
        stdin=DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


def _holding(text: bytes) -> int:
    """Return the end to read of a pipe that holds ``text`` and nothing after it."""
    readable, writable = os.pipe()
    with os.fdopen(writable, "wb") as pipe:
        pipe.write(text)
    return readable


async def run(account: Account, command: Sequence[str], *, text: str = "") -> str:
    """Run ``command`` with ``text`` on its standard input and return what it printed.

    Args:
        account: under which it runs.
        command: the program and its arguments.
        text: at most what a pipe holds (64 KiB; POSIX promises 4), so that nobody has to feed it:
            a program that ends early would end in the feeder's error (uvloop: ``RuntimeError``)
            instead of its own words.

    Raises:
        StoreError: it failed, or a PostgreSQL program reported an error; says the last lines.
    """
    readable = await asyncio.to_thread(_holding, text.encode())
    try:
        process = await asyncio.create_subprocess_exec(
            *_command(account, "run", *command),
            cwd="/",
            env=_environment(),
            stdin=readable,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
    finally:
        os.close(readable)
    output, complaints = await process.communicate()
    said = complaints.decode(errors="replace")
    # postgres --single goes on after an error and then leaves with 0
    if process.returncode != 0 or "ERROR:" in said or "FATAL:" in said:
        last = " | ".join(said.strip().splitlines()[-3:])
        name = Path(command[0]).name
        raise StoreError(f"{name!r} failed with status {process.returncode}: {last}")
    return output.decode(errors="replace")


async def can_use(account: Account, folder: Path) -> bool:
    """Say whether ``account`` may enter and write ``folder``, by trying (modes, ACLs, mounts)."""
    process = await asyncio.create_subprocess_exec(
        *_command(account, "probe", str(folder)),
        cwd="/",
        env=_environment(),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    return await process.wait() == 0
