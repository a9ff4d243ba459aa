"""What the bot does about floods and repeats, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Abuse:
    """What the bot does about floods, repeats and endless messages."""


def made_abuse(merged: Mapping[str, Any]) -> Abuse:
    """Return what both files say, merged."""
    return Abuse(**merged)
