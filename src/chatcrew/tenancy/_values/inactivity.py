"""What happens when a customer falls silent, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Inactivity:
    """What happens when a customer falls silent."""


def made_inactivity(merged: Mapping[str, Any]) -> Inactivity:
    """Return what both files say, merged."""
    return Inactivity(**merged)
