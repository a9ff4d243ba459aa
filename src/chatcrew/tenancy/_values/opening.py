"""When people are at work, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Opening:
    """When people are at work."""


def made_opening(merged: Mapping[str, Any]) -> Opening:
    """Return what both files say, merged."""
    return Opening(**merged)
