"""Every place on a message's way at which a process may be ended or stopped from outside, by name.

Nobody listens in a server that is run: passing a point then costs one comparison. A proof that
kills and stops processes (``python -m benchmarks.chaos``) listens, and is told where they are.
"""

from collections.abc import Callable
from enum import StrEnum

__all__ = ["MOMENTS", "POINTS", "STAGES", "Point", "Step", "passed", "staged", "stepped", "watch"]

Watcher = Callable[[str], None]
"""Told the name of each point that is passed, right there: it may end the process."""


class Point(StrEnum):
    """A place beside an await that is no step of the database."""

    INGRESS_READ = "ingress.read"
    INGRESS_ANSWERED = "ingress.answered"
    CLAIMED = "worker.claimed"
    SETTLED = "worker.settled"
    MODEL_ASKED = "model.asked"
    MODEL_ANSWERED = "model.answered"
    ACT_BEGUN = "act.begun"
    ACT_DONE = "act.done"
    LOOKED_BACK = "courier.looked_back"
    CROSSED = "courier.crossed"
    READ_BACK = "courier.read_back"
    CHATWOOT_ASKED = "chatwoot.asked"
    CHATWOOT_ANSWERED = "chatwoot.answered"
    TIMER_FIRED = "timer.fired"


class Step(StrEnum):
    """What is done in the database at once: whole or not at all."""

    PUT = "mailbox.put"
    CLAIM = "mailbox.claim"
    HOLD = "mailbox.hold"
    RECHECK = "mailbox.recheck"
    SETTLE = "mailbox.settle"
    OBSERVE = "mailbox.observe"
    ENQUEUE = "mailbox.enqueue"
    WAKE = "mailbox.wake"
    DECIDE = "outbox.decide"
    APPEND = "outbox.append"
    BEGIN = "outbox.begin"
    SENT = "outbox.sent"
    END = "outbox.end"
    SKIP = "outbox.skip"
    CALL_BEGIN = "calls.begin"
    CALL_END = "calls.end"
    TIMER_SET = "timers.set"
    TIMER_CLAIM = "timers.claim"
    TIMER_END = "timers.end"


MOMENTS = ("asked", "written", "committed")
"""Of a step: before its first statement, after its last one, and after its commit."""

STAGES = (
    "admit",
    "resolve",
    "recall",
    "behave",
    "follow",
    "guard",
    "alarm",
    "first",
    "branch",
    "escalate",
    "retrieve",
    "look",
    "answer",
    "check",
    "hand",
    "place",
    "disclose",
    "reach",
    "recheck",
    "listen",
    "decide",
    "deliver",
    "remember",
)
"""Of a turn, each passed at its beginning as ``hub.<stage>``."""

POINTS: tuple[str, ...] = (
    *(point.value for point in Point),
    *(f"{step}.{moment}" for step in Step for moment in MOMENTS),
    *(f"hub.{stage}" for stage in STAGES),
)
"""All there are."""

_watcher: Watcher | None = None


def watch(watcher: Watcher | None) -> None:
    """Tell ``watcher`` of each point that this process passes; None: nobody."""
    global _watcher  # noqa: PLW0603 - one per process, like a signal handler
    _watcher = watcher


def passed(point: Point) -> None:
    """Say that a point is passed."""
    if _watcher is not None:
        _watcher(point.value)


def stepped(step: Step | None, moment: str) -> None:
    """Say that a step of the database is at one of its ``MOMENTS``; None: it has no name."""
    if _watcher is not None and step is not None:
        _watcher(f"{step}.{moment}")


def staged(stage: str) -> None:
    """Say that a stage of a turn begins."""
    if _watcher is not None:
        _watcher(f"hub.{stage}")
