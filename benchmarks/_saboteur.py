"""Inside a process of chatcrew: ends or stops it, or another, at a point, as a folder's orders say.

Installed by who forks it (``_chaos_nursery``), or by a ``sitecustomize`` in a folder of the run's
own; no file of chatcrew knows of it. Orders are files ``ROLE-ID`` with one JSON object; whoever
fires one takes it by renaming it, so that of many processes one does.
"""

import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from chatcrew.clock import SystemClock
from chatcrew.points import watch

FOLDER, NAME = "CHAOS_FOLDER", "CHAOS_NAME"
"""Environment of a process that obeys: where the orders are, and what it is called."""


class Saboteur:
    """Hears of each point and does what is ordered there.

    Args:
        folder: with ``orders``, ``taken`` and ``victims`` in it.
        name: of this process, such as ``worker-1``; orders are for its kind.
        every: seconds between two looks for orders.
    """

    def __init__(self, folder: Path, name: str, *, every: float = 0.01) -> None:
        self._folder = folder
        self._kind = name.partition("-")[0] + "-"
        self._name = name
        self._told = os.open(folder / "told", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._known: set[str] = set()
        self._orders: dict[str, dict[str, Any]] = {}
        self._since: dict[str, Counter[str]] = {}
        self._looked = 0.0
        self._every = every

    def hear(self, point: str) -> None:
        """Count a point, and obey."""
        if point not in self._known:
            self._known.add(point)
            self._tell("passed", point=point)
        now = time.monotonic()
        if now - self._looked >= self._every:
            self._looked = now
            self._look()
        for name, order in list(self._orders.items()):
            if order["point"] != point:
                continue
            self._since[name][point] += 1
            if self._since[name][point] >= order["nth"]:
                self._fire(name, order)

    def _look(self) -> None:
        """Read what orders there are for our kind."""
        # At each point: ``Path`` would cost more than the look
        names = os.listdir(self._folder / "orders")  # noqa: PTH208 - as above
        there = {name for name in names if self._mine(name)}
        for gone in set(self._orders) - there:
            del self._orders[gone], self._since[gone]
        for name in there - set(self._orders):
            try:
                text = (self._folder / "orders" / name).read_text("utf-8")
            except FileNotFoundError:
                continue
            self._orders[name], self._since[name] = json.loads(text), Counter()

    def _mine(self, name: str) -> bool:
        return name.startswith(self._kind) and not name.endswith(".new")

    def _fire(self, name: str, order: dict[str, Any]) -> None:
        del self._orders[name], self._since[name]
        try:
            (self._folder / "orders" / name).rename(self._folder / "taken" / name)
        except FileNotFoundError:
            return  # another process was quicker, or it was withdrawn
        about: dict[str, Any] = {"order": name, "point": order["point"]}
        victim = order.get("victim", "")
        if not victim:
            self._tell("fired", **about, pids=[os.getpid()])
            os.kill(os.getpid(), signal.Signals[order["signal"]])
        elif victim == "clock":
            _jump(timedelta(seconds=order["seconds"]))
            self._tell("fired", **about, pids=[])
        else:
            struck = _strike(self._pids(victim, order["signal"]), signal.Signals[order["signal"]])
            self._tell("fired" if struck else "spared", **about, pids=struck)
        self._tell("resumed", order=name)

    def _pids(self, victim: str, number: str) -> list[int]:
        """Return which processes are struck where it is not this one; none while it is not there.

        A whole database is stopped, and of one that is killed its postmaster.
        """
        there = "postgres" if victim == "backend" else victim
        try:
            pid = int((self._folder / "victims" / there).read_text("utf-8"))
            if not pid:
                return []
            children = psutil.Process(pid).children() if there == "postgres" else []
            if victim == "backend":
                # Who serves somebody says whom and what in its title, by a socket of the machine
                serving = [one.pid for one in children if "[local]" in " ".join(one.cmdline())]
                return serving[-1:]
        except (OSError, psutil.Error):
            return []
        return [pid, *(one.pid for one in children)] if number == "SIGSTOP" else [pid]

    def _tell(self, what: str, **more: Any) -> None:
        row = {"what": what, "name": self._name, "pid": os.getpid(), "at": time.time(), **more}
        os.write(self._told, json.dumps(row).encode() + b"\n")


def install(words: Sequence[str] = ()) -> None:
    """Begin to obey, where the environment says so and this is a process of the kind.

    Args:
        words: of its command; left out, those that the interpreter was started with.
    """
    folder = os.environ.get(FOLDER)
    # ``sys.argv`` is not there yet: crew processes inherit the environment and obey nobody
    said = Path("/proc/self/cmdline").read_bytes().decode().split("\0")
    asked = set(words or said)
    if folder is None or not {"serve", "work"} & asked:
        return
    name = os.environ.get(NAME) or f"{'worker' if 'work' in asked else 'ingress'}-{os.getpid()}"
    watch(Saboteur(Path(folder), name).hear)


def _strike(pids: Sequence[int], number: signal.Signals) -> list[int]:
    """Send a signal to each, and return who got it."""
    struck = []
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
        struck.append(pid)
    return struck


_right = SystemClock.now


def _jump(by: timedelta) -> None:
    """Let this process's wall clock be wrong by this from now on."""

    def now(self: SystemClock) -> datetime:
        return _right(self) + by

    setattr(SystemClock, "now", now)  # noqa: B010 - the clock port of this process lies on purpose


if __name__ == "__main__":
    sys.exit("installed by benchmarks/chaos.py")
