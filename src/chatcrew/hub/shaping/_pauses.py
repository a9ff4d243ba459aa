"""How long the next bubble waits: for Chatwoot to keep their order, and to seem typed."""

from chatcrew.tenancy.model import Delivery

LONGEST_PAUSE = 6.0
"""Seconds that a bubble takes to be typed at most, however long it is."""


def pause(text: str, delivery: Delivery) -> float:
    """Return the seconds to wait before a bubble that is not the first."""
    typed = min(delivery.delay * len(text) / 100, LONGEST_PAUSE)
    return round(max(delivery.gap or 0.0, typed), 2)
