"""What happens when a customer falls silent, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chatcrew.tenancy._values.memory import duration


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A message that the channel has approved, sent where its window for free text is closed.

    Attributes:
        name: as approved.
        language: as approved, such as ``pt_BR``.
        text: the approved body, with ``{{1}}`` and so on: what people read in Chatwoot.
        category: as approved.
        params: what its body's parameters are filled with; ``{nome}``, ``{saudacao}`` and
            ``{empresa}`` are filled in.
    """

    name: str
    language: str
    text: str
    category: str = "UTILITY"
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inactivity:
    """What happens when a customer falls silent after the bot's answer.

    Attributes:
        nudge_after: after how long the bot asks once whether he is still there; None: never.
        close_after: after how long the conversation is resolved; None: never.
        in_hours: only while people are at work; else at the next opening.
        template: what is sent instead where the channel's window is closed, also instead of
            follow-ups and late answers; None: nothing is, and people are told.
    """

    nudge_after: timedelta | None = None
    close_after: timedelta | None = None
    in_hours: bool = True
    template: MessageTemplate | None = None


def made_inactivity(merged: Mapping[str, Any]) -> Inactivity:
    """Return what both files say, merged."""
    said = {key: value for key, value in merged.items() if value is not None}
    for name in ("nudge_after", "close_after"):
        if name in said:
            said[name] = duration(said[name])
    if "template" in said:
        written = {key: value for key, value in said["template"].items() if value is not None}
        said["template"] = MessageTemplate(**written)
    return Inactivity(**said)
