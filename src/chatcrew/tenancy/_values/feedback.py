"""Who is told what customers complain about, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Feedback:
    """Who is told what customers complain about."""


def made_feedback(merged: Mapping[str, Any]) -> Feedback:
    """Return what both files say, merged."""
    return Feedback(**merged)
