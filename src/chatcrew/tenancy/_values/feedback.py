"""Who is told what customers complain about, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatcrew.tenancy.vocabulary import SIGNALS


@dataclass(frozen=True, slots=True)
class Digest:
    """When and where supervisors read what went badly in a week.

    Attributes:
        conversation: Chatwoot's number of the conversation that gets it as a private note; None:
            none does.
        bot: which of the business's bots writes it; "": the only one, or the first by name.
        weekday: ``mon`` … ``sun``.
        at: time of day where the business is, ``HH:MM``.
    """

    conversation: int | None = None
    bot: str = ""
    weekday: str = "mon"
    at: str = "09:00"


@dataclass(frozen=True, slots=True)
class Feedback:
    """Who is told what customers complain about.

    Attributes:
        signals: which signals of dissatisfaction are noticed and kept.
        label: put on the conversation at the first of them that the customer gave himself; "":
            none.
        note: a private note says so in the conversation at once.
        keep_days: days after which a signal is forgotten.
        digest: what supervisors read once a week.
    """

    signals: tuple[str, ...] = SIGNALS
    label: str = "feedback-negativo"
    note: bool = False
    keep_days: int = 180
    digest: Digest = field(default_factory=Digest)


def made_feedback(merged: Mapping[str, Any]) -> Feedback:
    """Return what both files say, merged."""
    given = dict(merged)
    if "signals" in given:
        given["signals"] = tuple(given["signals"])
    if "digest" in given:
        given["digest"] = Digest(**given["digest"])
    return Feedback(**given)
