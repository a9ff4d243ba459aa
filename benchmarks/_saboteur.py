"""Inside a process of chatcrew: ends or stops it at a point, as the orders in a folder say.

Installed by a ``sitecustomize`` that ``_chaos_house`` writes into a folder of its own; no file of
chatcrew knows of it. Orders are files ``ROLE-ID`` with one JSON object; whoever fires one takes it
by renaming it, so that of many processes one does.
"""

import json
import os
import signal
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chatcrew.clock import SystemClock
from chatcrew.points import watch

FOLDER, NAME = "CHAOS_FOLDER", "CHAOS_NAME"
"""Environment of a process that obeys: where the orders are, and what it is called."""


class Saboteur:
    """Hears of each point and does what is ordered there.

    Args:
        folder: with ``orders``, ``taken`` and ``skew`` in it.
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
        self._tell("fired", order=name, point=order["point"])
        os.kill(os.getpid(), signal.Signals[order["signal"]])
        self._tell("resumed", order=name)

    def _tell(self, what: str, **more: str) -> None:
        row = {"what": what, "name": self._name, "pid": os.getpid(), "at": time.time(), **more}
        os.write(self._told, json.dumps(row).encode() + b"\n")


def install() -> None:
    """Begin to obey, where the environment says so and this is a process of the kind."""
    folder = os.environ.get(FOLDER)
    # ``sys.argv`` is not there yet: crew processes inherit the environment and obey nobody
    words = Path("/proc/self/cmdline").read_bytes().split(b"\0")
    if folder is None or not {b"serve", b"work"} & set(words):
        return
    name = os.environ.get(NAME) or f"{'worker' if b'work' in words else 'ingress'}-{os.getpid()}"
    watch(Saboteur(Path(folder), name).hear)
    skew = Path(folder) / "skew" / name
    if skew.exists():
        _jump(timedelta(seconds=float(skew.read_text("utf-8"))))


def _jump(by: timedelta) -> None:
    """Let this process's wall clock go wrong from now on."""
    right = SystemClock.now

    def now(self: SystemClock) -> datetime:
        return right(self) + by

    setattr(SystemClock, "now", now)  # noqa: B010 - the clock port of this process lies on purpose


if __name__ == "__main__":
    sys.exit("installed by benchmarks/chaos.py")
