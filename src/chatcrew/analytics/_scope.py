"""What is asked for: whose figures, of which time, and which page of a list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

SIMULATED = "sim:"
"""What the labels of bots begin with whose conversations nobody has; they count nowhere."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures, and of which time.

    A day in a result is the tenant's own day (its ``timezone``); what belongs to no tenant has
    UTC days. ``since`` and ``until`` are moments, so that a page decides where its days begin.

    Attributes:
        tenants: keys of the tenants; None: all there are, and what belongs to none.
        since: first moment that counts, with a timezone.
        until: first moment that counts no more.
        bot: label of one bot; None: all of them.

    Raises:
        ValueError: a moment has no timezone, or the end is before the beginning.
    """

    tenants: frozenset[str] | None
    since: datetime
    until: datetime
    bot: str | None = None

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise ValueError("moments of a scope need a timezone")
        if self.until < self.since:
            raise ValueError("a scope ends before it begins")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        items: of this page.
        next: give it as ``after`` to get the next page; None: this was the last.
    """

    items: tuple[T, ...]
    next: str | None = None
