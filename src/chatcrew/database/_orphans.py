"""End what a dead owner left running on a cluster: a postmaster, or backends without one."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from chatcrew.telemetry import get_logger

_log = get_logger("database")

_POLL = 0.05


@dataclass(frozen=True, slots=True)
class _Left:
    """Processes that still use a cluster."""

    postmaster: int | None
    others: frozenset[int]

    def __bool__(self) -> bool:
        return self.postmaster is not None or bool(self.others)

    def all(self) -> list[int]:
        return [*([self.postmaster] if self.postmaster is not None else []), *self.others]


async def end_orphans(cluster: Path) -> None:
    """Leave nobody running on ``cluster`` and no stale ``postmaster.pid``.

    Only for the holder of the lock: whoever runs there then has lost its owner. A postmaster is
    asked for a fast shutdown and given 10 s; backends that lost theirs leave by themselves
    within 1 s, or else would keep a new postmaster from starting.
    """
    left = await asyncio.to_thread(_find, cluster)
    if left:
        _log.warning("database.orphans", postmaster=left.postmaster, others=len(left.others))
    if left.postmaster is not None:
        _send([left.postmaster], signal.SIGINT)
        left = await _wait(cluster, seconds=10.0)
        if left.postmaster is not None:
            _send([left.postmaster], signal.SIGQUIT)
            left = await _wait(cluster, seconds=5.0)
    elif left:
        left = await _wait(cluster, seconds=1.0)
        _send(left.others, signal.SIGQUIT)
        left = await _wait(cluster, seconds=1.0)
    while left:
        _send(left.all(), signal.SIGKILL)
        left = await _wait(cluster, seconds=1.0)
    if sys.platform == "linux":
        # In a container the number in there may be that of some other process by now, and
        # PostgreSQL would refuse to start. We have looked: nobody uses the cluster.
        await asyncio.to_thread((cluster / "postmaster.pid").unlink, missing_ok=True)


async def _wait(cluster: Path, *, seconds: float) -> _Left:
    clock = asyncio.get_running_loop()
    end = clock.time() + seconds
    while True:
        left = await asyncio.to_thread(_find, cluster)
        if not left or clock.time() >= end:
            return left
        await asyncio.sleep(_POLL)


def _send(processes: Iterable[int], number: signal.Signals) -> None:
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            continue


def _find(cluster: Path) -> _Left:
    try:
        written = (cluster / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0]
        postmaster = int(written)
    except (FileNotFoundError, ValueError):
        postmaster = -1
    running = _working_in(cluster) if sys.platform == "linux" else _alive(postmaster)
    return _Left(postmaster if postmaster in running else None, running - {postmaster})


def _working_in(cluster: Path) -> frozenset[int]:
    """Return PostgreSQL processes whose working directory is the cluster: all of them (Linux)."""
    try:
        wanted = cluster.stat()
    except FileNotFoundError:
        return frozenset()
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (entry / "comm").read_text(encoding="ascii", errors="replace") != "postgres\n":
                continue
            # Compared by inode: the path means another folder in another container
            if os.path.samestat((entry / "cwd").stat(), wanted):
                found.add(int(entry.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return frozenset(found)


def _alive(process: int) -> frozenset[int]:
    try:
        os.kill(process, 0) if process > 0 else None
    except ProcessLookupError:
        return frozenset()
    return frozenset({process} if process > 0 else ())
