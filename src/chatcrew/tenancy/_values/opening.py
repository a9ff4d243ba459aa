"""When people are at work, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatcrew.tenancy._weekly import Span, Week, spans, week


@dataclass(frozen=True, slots=True)
class Opening:
    """When people are at work, in the tenant's own time zone; read by ``calendar``.

    Attributes:
        week: spans of each weekday, Monday first; empty: nobody said, so people are always taken
            to be at work.
        national: country whose national holidays are kept, such as ``BR``, or "".
        holidays: names of closed days by day: ``2026-04-03``, each year's ``12-25``, or a range.
        special: spans of days that differ, by day; no span: closed. They come before holidays.
        out_of_office: who tells customers outside of them when people are back: ``bot``, or
            ``chatwoot`` by its inboxes' own message. One of the two, never both.
    """

    week: Week = ()
    national: str = ""
    holidays: Mapping[str, str] = field(default_factory=dict)
    special: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    out_of_office: str = "bot"


def made_opening(merged: Mapping[str, Any]) -> Opening:
    """Return what both files say, merged."""
    times = merged.get("times")
    special = merged.get("special", {})
    return Opening(
        week=() if times is None else week(tuple(times)),
        national=merged.get("national", ""),
        holidays=merged.get("holidays", {}),
        special={
            day: tuple(span for text in texts for span in spans(text) or ())
            for day, texts in special.items()
        },
        out_of_office=merged.get("out_of_office") or "bot",
    )
