"""What happens while a customer waits for people, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """One step of a wait.

    Attributes:
        after: minutes at work since the wait began.
        do: ``announce`` (people are told again), ``reroute`` (another person or team is asked) or
            ``return`` (the bot has it again and apologises).
    """

    after: float
    do: str


@dataclass(frozen=True, slots=True)
class WaitingPolicy:
    """What happens while a customer waits for people.

    Attributes:
        steps: in order, the first one when the wait is too long for a first answer.
        daily: days on which people are told once more after the last step.
        answer: minutes at work after which people who already have the conversation are told of
            a customer who wrote again; None: never.
        label: what is put on a conversation that waits too long, or "".
        resolve_within: minutes at work within which people finish a conversation that was given
            to them, then the team is told; None: never.
        resolve_label: what is put on a conversation that is not finished by then, or "".
        estimate: customers are told how long it usually takes, once enough is known.
    """

    steps: tuple[WaitingStep, ...] = (
        WaitingStep(5, "announce"),
        WaitingStep(15, "reroute"),
        WaitingStep(60, "announce"),
    )
    daily: int = 5
    answer: float | None = 60
    label: str = "aguardando"
    resolve_within: float | None = 24 * 60
    resolve_label: str = "prazo-vencido"
    estimate: bool = True


def made_waiting(merged: Mapping[str, Any]) -> WaitingPolicy:
    """Return what both files say, merged; 0 is never."""
    said = dict(merged)
    if "steps" in said:
        said["steps"] = tuple(WaitingStep(one["after"], one["do"]) for one in said["steps"])
    for name in ("answer", "resolve_within"):
        if name in said:
            said[name] = said[name] or None
    return WaitingPolicy(**said)
