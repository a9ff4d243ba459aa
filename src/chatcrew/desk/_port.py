"""What the desk needs: the people as they are now, what was given before, and how long it takes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from chatcrew.desk._values import Case, Choice, Past, Staff
from chatcrew.ids import ConversationId
from chatcrew.messages import Wait
from chatcrew.tenancy.model import Tenant

WINDOW = 400
"""Conversations given before that a choice looks at."""

SCORED = 1000
"""Ratings and first words that scores are made of, the newest."""

RECENT = timedelta(minutes=3)
"""Longer than what people have open is believed before it is read again."""

REMEMBERED = timedelta(days=90)
"""How long ago they may be; what is older is forgotten."""


class StaffRoom(Protocol):
    """Knows who is at work now."""

    async def staff(self, conversation: ConversationId, inbox_id: int | None) -> Staff | None:
        """Return the people of an inbox, None where nobody can be asked (no user token, away)."""
        ...


class Assignments(Protocol):
    """Remembers what was given to whom; two who choose at once never see the same past."""

    async def previous(self, case: Case, contact_id: int) -> int | None:
        """Return who of the team wrote to this customer last, in any conversation.

        Raises:
            StoreError: storage is away.
        """
        ...

    async def give(self, case: Case, choose: Callable[[Past], Choice]) -> Choice:
        """Let ``choose`` decide on what was given before, and remember what it decided.

        Raises:
            StoreError: storage is away.
        """
        ...

    async def take_back(self, turn_id: str) -> None:
        """Forget what was given in a turn: nobody was given it after all.

        Raises:
            StoreError: storage is away.
        """
        ...

    async def purge(self, before: datetime) -> int:
        """Forget what was given before a moment; return how many."""
        ...


class Waits(Protocol):
    """Knows how long a team takes."""

    async def estimate(self, tenant: Tenant, team_id: int | None, at: datetime) -> Wait | None:
        """Return how long waiting took before at such an hour, None where too little is known."""
        ...


class NoWaits:
    """Nobody knows."""

    async def estimate(self, tenant: Tenant, team_id: int | None, at: datetime) -> Wait | None:
        """Return None."""
        return None
