"""What happens while a customer waits for people, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WaitingPolicy:
    """What happens while a customer waits for people."""


def made_waiting(merged: Mapping[str, Any]) -> WaitingPolicy:
    """Return what both files say, merged."""
    return WaitingPolicy(**merged)
