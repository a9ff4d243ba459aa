"""What pairing offers: a code for a browser, a note that redeems it, a session that ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chatcrew.ids import ConversationId


@dataclass(frozen=True, slots=True)
class Begun:
    """A browser that waits for an operator.

    Attributes:
        secret: what the browser proves itself with; kept by nobody but the browser.
        code: four digits that the operator writes.
        expires_at: when the code is worth nothing any more, UTC.
    """

    secret: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A paired browser.

    Attributes:
        account: label of the Chatwoot account.
        tenant: whose conversations it may see.
        user_id: Chatwoot's id of the operator who paired it.
        user_name: his name when he did.
        paired_at: when, UTC.
        expires_at: when it ends, UTC.
    """

    account: str
    tenant: str
    user_id: int
    user_name: str
    paired_at: datetime
    expires_at: datetime


class Redeemed(StrEnum):
    """What became of a code that an operator wrote."""

    PAIRED = "paired"
    UNKNOWN = "unknown"
    """No browser waits here with this code, or it ran out, or too many were tried."""


class Pairings(Protocol):
    """Codes and sessions; every method raises ``StoreError`` while storage is away.

    Nothing that proves anything is stored: only digests. A code is worth something in one
    conversation only, so that a slip of the pen does not let a stranger's browser in.
    """

    async def begin(self, account: str, number: int, *, secret: str | None = None) -> Begun:
        """Give a browser its code for a conversation.

        Args:
            account: label of the account.
            number: of the conversation that the browser shows.
            secret: of a browser that has one already; left out or malformed, it gets one.
        """
        ...

    async def redeem(
        self,
        code: str,
        conversation: ConversationId,
        *,
        tenant: str,
        user_id: int,
        user_name: str,
        order: str,
    ) -> Redeemed:
        """Pair the browser that waits with this code in this conversation.

        The author of the note is known from a signed delivery. Sessions that the same browser had
        for somebody else end. A wrong code counts against everybody who waits there.

        Args:
            code: as it was written.
            conversation: where the note stands.
            tenant: whose conversation that is.
            user_id: Chatwoot's id of the note's author.
            user_name: his name.
            order: name of this very note; obeyed again, it finds what it did.
        """
        ...

    async def session(self, secret: str, account: str, tenant: str) -> Session | None:
        """Return the session of a browser for a tenant, None where it has none or it ended."""
        ...

    async def leave(self, secret: str) -> int:
        """End all sessions of a browser; return how many."""
        ...

    async def revoke(self, account: str, user_id: int | None = None) -> int:
        """End all sessions of an operator, or (None) of the account; return how many."""
        ...

    async def sessions(self) -> list[Session]:
        """Return the sessions that hold, the newest first."""
        ...

    async def purge(self) -> int:
        """Delete what has run out; return rows."""
        ...
