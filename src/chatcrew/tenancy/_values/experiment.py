"""Two personas of one business, compared, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

VARIANTS = ("a", "b")
"""The two."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """Two personas; who meets which is decided by who he is, not by when he writes (S2-41).

    Attributes:
        name: what it is called; another name divides customers anew.
        start: first day, in the business's time zone; None: at once.
        stop: last day; None: it goes on.
        share: percent of customers who meet ``b``.
        personas: what differs from the business's persona, by variant.
    """

    name: str
    start: date | None = None
    stop: date | None = None
    share: int = 50
    personas: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def runs(self, today: date) -> bool:
        """Say whether it goes on on a day of the business."""
        begun = self.start is None or self.start <= today
        return begun and (self.stop is None or today <= self.stop)


def made_experiment(merged: Mapping[str, Any]) -> Experiment | None:
    """Return what both files say, merged; None where there is none."""
    if not merged:
        return None
    days = {key: date.fromisoformat(merged[key]) for key in ("start", "stop") if key in merged}
    return Experiment(
        name=merged["name"],
        share=merged.get("share", 50),
        personas={name: dict(merged.get(name, {})) for name in VARIANTS},
        **days,
    )
