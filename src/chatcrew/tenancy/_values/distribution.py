"""Which person a conversation is given to, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Distribution:
    """Which person a conversation is given to."""


def made_distribution(merged: Mapping[str, Any]) -> Distribution:
    """Return what both files say, merged."""
    return Distribution(**merged)
