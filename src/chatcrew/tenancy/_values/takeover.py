"""What the bot does once people took over, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Takeover:
    """What the bot does once people have taken a conversation over."""


def made_takeover(merged: Mapping[str, Any]) -> Takeover:
    """Return what both files say, merged."""
    return Takeover(**merged)
