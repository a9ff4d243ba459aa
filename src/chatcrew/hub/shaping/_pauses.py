"""How long the next bubble waits: for Chatwoot to keep their order, and to seem typed."""

from chatcrew.tenancy.model import Crew

LONGEST_PAUSE = 6.0
"""Seconds; nobody waits longer for a bubble, however long it is."""

_GAP = 1.0
"""Seconds between two messages where nobody says another gap."""

_IN_ORDER = frozenset({"web_widget"})
"""Channels whose messages Chatwoot shows as soon as it has stored them."""


def pause(text: str, crew: Crew) -> float:
    """Return the seconds to wait before a bubble that is not the first.

    Chatwoot sends each message by a background job of its own, on parallel threads: one right
    after another may overtake it (contract §7).
    """
    delivery = crew.delivery
    gap = delivery.gap
    if gap is None:
        gap = 0.0 if crew.channel in _IN_ORDER else _GAP
    typed = delivery.delay * len(text) / 100
    return round(min(max(gap, typed), max(gap, LONGEST_PAUSE)), 2)
