"""What customers asked and a business's knowledge could not answer, without who asked it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chatcrew.clock import Clock, SystemClock
from chatcrew.messages import clean_text
from chatcrew.privacy import veil

MOST = 500
"""Questions kept of one tenant; those that nobody asked for the longest time go first."""
_LONGEST = 200
_DIGITS = re.compile(r"\d[\d.,/-]{2,}\d|\d{4,}")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Gap:
    """A question without an answer.

    Attributes:
        question: as customers write it, in small letters, without numbers and personal data.
        count: how often it was asked.
        first_at: when first, UTC.
        last_at: when last, UTC.
    """

    question: str
    count: int
    first_at: datetime
    last_at: datetime


class Gaps(Protocol):
    """Where unanswered questions are kept, each tenant's for itself."""

    async def note(self, tenant: str, question: str) -> None:
        """Count a question that could not be answered.

        Raises:
            StoreError: the database is away.
        """
        ...

    async def gaps(self, tenant: str, *, limit: int = 50) -> list[Gap]:
        """Return what was asked in vain, the most frequent first.

        Raises:
            StoreError: the database is away.
        """
        ...


class MemoryGaps:
    """Satisfies ``Gaps``; empty at start.

    Args:
        clock: says when a question was asked.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._kept: dict[str, dict[str, Gap]] = {}

    async def note(self, tenant: str, question: str) -> None:
        """Count a question that could not be answered."""
        plain = plainly(question)
        if not plain:
            return
        now, kept = self._clock.now(), self._kept.setdefault(tenant, {})
        known = kept.get(plain) or Gap(plain, 0, now, now)
        kept[plain] = Gap(plain, known.count + 1, known.first_at, now)
        while len(kept) > MOST:
            del kept[min(kept, key=lambda one: (kept[one].last_at, one))]

    async def gaps(self, tenant: str, *, limit: int = 50) -> list[Gap]:
        """Return what was asked in vain, the most frequent first."""
        kept = list(self._kept.get(tenant, {}).values())
        kept.sort(key=lambda one: one.question)
        kept.sort(key=lambda one: (one.count, one.last_at), reverse=True)
        return kept[:limit]


def plainly(question: str) -> str:
    """Return a question in the form in which it is counted; "" where nothing is left of it."""
    hidden = _DIGITS.sub("#", veil(clean_text(question)))
    calm = _BLANKS.sub(" ", hidden).strip(" ?!.…,;:").lower()
    return calm[:_LONGEST].strip() if any(sign.isalpha() for sign in calm) else ""
