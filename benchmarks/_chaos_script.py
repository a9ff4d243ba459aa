"""What happens in a run of chaos: steps drawn from a seed, and the file that repeats them."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from chatcrew.points import POINTS

INGRESS = ("ingress.", "mailbox.put.")
"""Points that an ingress process passes; all others are a worker's."""

TALKS = ("faq", "crew", "burst", "trickle", "act", "handoff", "takeover", "command")

_WANTED = {
    "act.": "act",
    "calls.": "act",
    "model.": "crew",
    "courier.looked_back": "handoff",
    "mailbox.observe": "handoff",
    "outbox.skip": "handoff",
    "timers.": "command",
    "timer.": "command",
    "mailbox.wake": "command",
    "mailbox.recheck": "trickle",
    "mailbox.hold": "command",
}
"""Which talk passes a point that not every talk does."""

_REFUSED = ("outbox.append", "outbox.end", "outbox.skip")
"""Passed where Chatwoot says no to a message."""

_LOST = ("courier.read_back",)
"""Passed where a message was lost on its way and nothing tells us."""

RARE = ("mailbox.enqueue", "mailbox.wake", "timer", "mailbox.hold", *_LOST)
"""Passed only now and then: such an order stays while other steps go on."""

UNFENCED = ("chatwoot.asked",)
"""Behind the last look at the lease: who is stopped here for long may say it a second time."""

LONG = 42.0
"""Seconds of a stop that outlasts a lease of 30 s and the read-back that follows."""

_SHORT = (0.5, 1.5, 3.0, 6.5)
"""The last is longer than Chatwoot waits for an answer to its webhook."""

_ELSE = ("postgres", "backend", "hang", "disk", "cut", "model", "chatwoot", "clock", "redis")


@dataclass(frozen=True, slots=True)
class Step:
    """One blow, and the talks that are under way when it falls.

    Attributes:
        number: in its run.
        kind: ``point``, or what else is struck.
        seed: of the talks.
        talks: what customers do at its beginning.
        role: whose point.
        point: where.
        nth: at which passage since the order.
        signal: ``SIGKILL`` or ``SIGSTOP``.
        seconds: until what was stopped goes on, or what was broken is whole again.
        faults: of Chatwoot's API, each its effect, endpoint and times.
    """

    number: int
    kind: str
    seed: int
    talks: tuple[str, ...]
    role: str = ""
    point: str = ""
    nth: int = 1
    signal: str = ""
    seconds: float = 0.0
    faults: tuple[tuple[str, str, int], ...] = ()

    @property
    def rare(self) -> bool:
        """Whether its point may be passed much later than its talks."""
        return self.kind == "point" and self.point.startswith(RARE)

    @property
    def unfenced(self) -> bool:
        """Whether it may make somebody speak twice, as the documentation says."""
        return self.point in UNFENCED and self.signal == "SIGSTOP" and self.seconds >= LONG

    def __str__(self) -> str:
        what = self.kind if self.kind != "point" else f"{self.signal} {self.point} #{self.nth}"
        return f"{self.number}: {what} {self.seconds:g}s {'+'.join(self.talks)}"


def draw(seed: int, points: int, *, only: Sequence[str] = (), redis: bool = False) -> list[Step]:
    """Return the steps of a run: so many blows at points, and the others between them.

    Args:
        seed: two runs with the same are the same.
        points: how many blows at points.
        only: points to choose among; empty: all.
        redis: there is one to be struck.
    """
    chance = random.Random(seed)
    steps: list[Step] = []
    blows = _blows(chance, only)
    done = 0
    while done < points:
        number = len(steps)
        if number % 12 == 11 and not only:
            steps.append(_other(chance, number, redis=redis))
            continue
        point, signal = next(blows)
        steps.append(_blow(chance, number, point, signal))
        done += 1
    return steps


def _blows(chance: random.Random, only: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield every point with both signals, in an order of chance, again and again."""
    chosen = [point for point in POINTS if not only or point.startswith(tuple(only))]
    every = [(point, signal) for point in chosen for signal in ("SIGKILL", "SIGSTOP")]
    while True:
        chance.shuffle(every)
        yield from every


def _blow(chance: random.Random, number: int, point: str, signal: str) -> Step:
    role = "ingress" if point.startswith(INGRESS) else "worker"
    kind = next((talk for start, talk in _WANTED.items() if point.startswith(start)), "crew")
    others = [chance.choice(TALKS) for _ in range(2)]
    faults: tuple[tuple[str, str, int], ...] = ()
    if point.startswith(_REFUSED):
        faults = (("refuse", "create_message", 1),)
    elif point.startswith(_LOST):
        faults = (("hang", "create_message", 1),)
    elif point.startswith("mailbox.hold"):
        faults = (("away", "create_message", 2),)
    elif chance.random() < 0.2:
        faults = ((chance.choice(("drop", "slow", "busy")), "create_message", 1),)
    seconds = 0.0
    if signal == "SIGSTOP":
        long = role == "worker" and chance.random() < 0.08
        seconds = LONG if long else chance.choice(_SHORT)
    return Step(
        number,
        "point",
        chance.randrange(2**24),
        (kind, *others),
        role=role,
        point=point,
        nth=chance.choice((1, 1, 1, 2)),
        signal=signal,
        seconds=seconds,
        faults=faults,
    )


def _other(chance: random.Random, number: int, *, redis: bool) -> Step:
    kinds = _ELSE if redis else _ELSE[:-1]
    kind = kinds[(number // 12) % len(kinds)]
    talks = tuple(chance.choice(TALKS) for _ in range(4))
    seconds = {"hang": 3.0, "disk": 2.0, "redis": 2.0, "clock": chance.choice((90.0, -90.0))}
    return Step(number, kind, chance.randrange(2**24), talks, seconds=seconds.get(kind, 0.0))


def save(path: Path, steps: Sequence[Step], **about: Any) -> None:
    """Write a script that repeats the steps."""
    body = {**about, "steps": [asdict(step) for step in steps]}
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False), "utf-8")


def read(path: Path) -> list[Step]:
    """Return the steps of a script."""
    body = json.loads(path.read_text("utf-8"))
    steps = []
    for number, one in enumerate(body["steps"]):
        faults = tuple((effect, where, times) for effect, where, times in one["faults"])
        step = Step(**{**one, "talks": tuple(one["talks"]), "faults": faults})
        steps.append(replace(step, number=number))
    return steps
