"""Remembers how far Chatwoot's lists were read: what is new each round, what is old bit by bit."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chatcrew.chatwoot import ChatwootClient

PAGE = 25
"""Conversations on one page of Chatwoot's list (app/finders/conversation_finder.rb)."""

_OVERLAP = timedelta(seconds=90)
"""Read again of the time before the last round: its own length, and clocks that differ."""


@dataclass(slots=True)
class Reading:
    """One list, newest activity first, and how far it was read.

    Attributes:
        status: ``pending`` or ``open``.
        inbox_id: of one inbox, or None for the whole account.
        until: what was active before this has been read; None at first.
        begun: when the reading that is under way over several rounds began, or None.
        next_page: where that reading goes on.
    """

    status: str
    inbox_id: int | None
    until: datetime | None = None
    begun: datetime | None = None
    next_page: int = 2

    async def pages(
        self, client: ChatwootClient, *, now: datetime, oldest: datetime, most: int
    ) -> AsyncGenerator[list[dict[str, Any]], None]:
        """Yield pages until all that is new was seen, at most ``most``; the rest comes next round.

        The first page is read each round, for conversations with news move there.

        Args:
            client: with a user token.
            now: time of this round.
            oldest: nothing that was last active before this is of interest.
            most: pages in this round.

        Raises:
            ChatwootError: the list cannot be read; what was not read comes next round.
        """
        until = oldest if self.until is None else max(oldest, self.until)
        page = 1
        self.begun = self.begun or now
        for _ in range(most):
            rows = await client.conversations(status=self.status, inbox_id=self.inbox_id, page=page)
            yield rows
            if len(rows) < PAGE or active_before(rows[-1], until):
                self.until, self.begun, self.next_page = self.begun - _OVERLAP, None, 2
                return
            if page > 1:
                self.next_page = page + 1
            page = self.next_page


def active_before(row: dict[str, Any], moment: datetime) -> bool:
    """Return whether nothing happened in a listed conversation since ``moment``."""
    active = row.get("last_activity_at") or row.get("timestamp")
    return isinstance(active, int | float) and active < moment.timestamp()
