"""What happens in a run of chaos: steps drawn from a seed, and the file that repeats them."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from chatcrew.points import POINTS

_T = TypeVar("_T")

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

_NEEDY = (*_REFUSED, *_LOST, "mailbox.hold")
"""Passed where Chatwoot does something wrong, and it does that once for each blow."""

RARE = ("mailbox.enqueue", "mailbox.wake", "timer", "mailbox.hold", *_LOST)
"""Passed only now and then: such an order stays while other steps go on."""

UNFENCED = ("chatwoot.asked",)
"""Behind the last look at the lease: who is stopped here for long may say it a second time."""

LONG = 42.0
"""Seconds of a stop that outlasts a lease of 30 s and the read-back that follows."""

_SHORT = (0.5, 1.5, 3.0, 6.5)
"""The last is longer than Chatwoot waits for an answer to its webhook."""

_ELSE = ("disk", "cut", "model", "chatwoot", "busy")
"""What is no blow at a point. A 429 is here and not beside blows: who gets one calls nobody until
Chatwoot's minute is over."""

OWN = (("", "SIGKILL"), ("", "SIGSTOP"))
"""Who is struck at a point: the process that passes it."""

OTHERS = (
    ("postgres", "SIGKILL"),
    ("postgres", "SIGSTOP"),
    ("backend", "SIGKILL"),
    ("backend", "SIGSTOP"),
    ("template", "SIGKILL"),
    ("template", "SIGSTOP"),
    ("clock", "jump"),
    ("redis", "SIGKILL"),
    ("redis", "SIGSTOP"),
)
"""Or another while it passes: the database, one of its backends, the process that the others are
forked from, the wall clock of the one that passes, Redis."""

_EIGHT = (False, False, True, False, False, True, False, True)
"""Of eight blows, which fall on others: of 300, 188 are left, twice each point."""

_ODDS = (
    *((effect, "create_message") for effect in ("drop", "slow", "broken", "hang", "mute")),
    *((effect, "toggle_status") for effect in ("drop", "broken", "hang")),
    *((effect, "show_conversation") for effect in ("broken", "hang")),
    ("drop", "toggle_typing_status"),
    *((effect, "model") for effect in ("error", "cut", "hang")),
)
"""What else may go wrong while a blow falls: an effect and of which endpoint."""


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
        victim: who is struck while it is passed, one of ``OTHERS``; empty: who passes it.
        nth: at which passage since the order.
        signal: ``SIGKILL``, ``SIGSTOP``, or ``jump``.
        seconds: until what was stopped goes on, or what was broken is whole again; by which a
            clock jumps.
        faults: of Chatwoot's API or the model, each its effect, endpoint and times.
    """

    number: int
    kind: str
    seed: int
    talks: tuple[str, ...]
    role: str = ""
    point: str = ""
    victim: str = ""
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
        stopped = self.signal == "SIGSTOP" and not self.victim
        return stopped and self.point in UNFENCED and self.seconds >= LONG

    @property
    def blow(self) -> str:
        """Whom it strikes and how, such as ``SIGSTOP worker``."""
        return f"{self.signal} {self.victim or self.role}"

    def __str__(self) -> str:
        what = self.kind if self.kind != "point" else f"{self.blow} at {self.point} #{self.nth}"
        wrong = "".join(f" {effect}:{where}" for effect, where, _ in self.faults)
        return f"{self.number}: {what} {self.seconds:g}s {'+'.join(self.talks)}{wrong}"


def draw(
    seed: int, points: int, *, first: int = 0, only: Sequence[str] = (), redis: bool = False
) -> list[Step]:
    """Return the steps of a run: so many blows at points, and the others between them.

    Args:
        seed: two runs with the same are the same.
        points: how many blows at points.
        first: how many are left out before them.
        only: points to choose among; empty: all.
        redis: there is one to be struck.
    """
    steps, done = [], 0
    for step in stream(seed, only=only, redis=redis):
        if done >= first:
            steps.append(step)
        done += step.kind == "point"
        if done == first + points:
            break
    return steps


def stream(seed: int, *, only: Sequence[str] = (), redis: bool = False) -> Iterator[Step]:
    """Yield the steps of a seed, one after the other for ever."""
    chance = random.Random(seed)
    chosen = [point for point in POINTS if not only or point.startswith(tuple(only))]
    own = _in_turn(chance, [(point, *blow) for point in chosen for blow in OWN])
    there = [blow for blow in OTHERS if redis or blow[0] != "redis"]
    whom = _in_turn(chance, there)
    where = _in_turn(chance, chosen)
    done = 0
    for number in count():
        if number % 12 == 11 and not only:
            yield _other(chance, number)
            continue
        struck = (next(where), *next(whom)) if _EIGHT[done % 8] else next(own)
        yield _blow(chance, number, struck)
        done += 1


def _in_turn(chance: random.Random, every: Sequence[_T]) -> Iterator[_T]:
    """Yield all of them in an order of chance, and again in another."""
    while True:
        yield from chance.sample(every, len(every))


def again(step: Step, *, number: int) -> Step:
    """Return a step whose blow did not fall, with talks that all pass its point, at the first."""
    return replace(step, number=number, talks=(step.talks[0],) * 3, nth=1, seed=step.seed + 1)


def _blow(chance: random.Random, number: int, struck: tuple[str, str, str]) -> Step:
    point, victim, signal = struck
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
    elif chance.random() < 0.3:
        faults = ((*chance.choice(_ODDS), 1),)
    return Step(
        number,
        "point",
        chance.randrange(2**24),
        (kind, *others),
        role=role,
        point=point,
        victim=victim,
        nth=1 if point.startswith(_NEEDY) else chance.choice((1, 1, 1, 2)),
        signal=signal,
        seconds=_seconds(chance, victim or role, signal),
        faults=faults,
    )


def _seconds(chance: random.Random, struck: str, signal: str) -> float:
    """Return how long it is away, or how wrong a clock is from now on."""
    if signal == "jump":
        return chance.choice((-90.0, -5.0, 5.0, 90.0))
    if signal == "SIGKILL":
        return 1.0 if struck == "redis" else 0.0
    long = struck in ("worker", "postgres") and chance.random() < 0.08
    return LONG if long else chance.choice(_SHORT)


def _other(chance: random.Random, number: int) -> Step:
    kind = _ELSE[(number // 12) % len(_ELSE)]
    talks = tuple(chance.choice(TALKS) for _ in range(4))
    return Step(
        number, kind, chance.randrange(2**24), talks, seconds=2.0 if kind == "disk" else 0.0
    )


def numbered(steps: Sequence[Step]) -> Iterator[Step]:
    """Yield the steps with their numbers in this run."""
    for number, step in enumerate(steps):
        yield replace(step, number=number)


def save(path: Path, steps: Sequence[Step], **about: Any) -> None:
    """Write a script that repeats the steps."""
    body = {**about, "steps": [asdict(step) for step in steps]}
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False), "utf-8")


def read(path: Path) -> tuple[list[Step], dict[str, Any]]:
    """Return the steps of a script, and what else it says of the run that it is from."""
    body = json.loads(path.read_text("utf-8"))
    steps = []
    for one in body["steps"]:
        faults = tuple((effect, where, times) for effect, where, times in one["faults"])
        steps.append(Step(**{**one, "talks": tuple(one["talks"]), "faults": faults}))
    return steps, {key: value for key, value in body.items() if key != "steps"}
