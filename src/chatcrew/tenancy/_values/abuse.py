"""What the bot does about floods and repeats, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chatcrew.tenancy._values.memory import duration


@dataclass(frozen=True, slots=True)
class Abuse:
    """What the bot does about floods, repeats and endless messages.

    Attributes:
        enabled: look at all; the wish not to be written to is obeyed in any case.
        day: messages of one customer in a conversation within 24 hours that are still no flood
            (S1-79).
        minute: the same within a minute.
        repeats: notice a customer who sends the same again and again (S1-80).
        longest: characters of one burst that are still read whole.
        then: ``slow``: answer on, but not more often than ``every``; ``handoff``: give to people;
            ``answer``: only the notice.
        every: how long the bot waits between two answers in a flood.
        label: put on the conversation.
        opt_out: phrases by which customers ask not to be written to, beside the built-in ones.
        opt_out_label: put on the conversation then.
    """

    enabled: bool = True
    day: int = 100
    minute: int = 30
    repeats: bool = True
    longest: int = 4000
    then: str = "slow"
    every: timedelta = timedelta(minutes=2)
    label: str = "abuso"
    opt_out: tuple[str, ...] = ()
    opt_out_label: str = "nao-perturbe"


def made_abuse(merged: Mapping[str, Any]) -> Abuse:
    """Return what both files say, merged."""
    said = {key: value for key, value in merged.items() if value is not None}
    if "every" in said:
        said["every"] = duration(said["every"])
    if "opt_out" in said:
        said["opt_out"] = tuple(said["opt_out"])
    return Abuse(**said)
