"""When the bot gives a conversation to people, and how, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class HandoffPolicy:
    """When the bot gives a conversation to people, and how."""


def made_handoff(merged: Mapping[str, Any]) -> HandoffPolicy:
    """Return what both files say, merged."""
    return HandoffPolicy(**merged)
