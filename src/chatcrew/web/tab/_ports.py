"""What the tab needs from the outside, each a small port that the composition root fills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from chatcrew.ids import ConversationId
from chatcrew.messages import Fact
from chatcrew.pairing import Begun, Session
from chatcrew.why import Account, Standing


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation of the account, by our own records.

    Attributes:
        id: which.
        tenant: whose, by our records and never by what a page says.
    """

    id: ConversationId
    tenant: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """An answer that the bot proposes.

    Attributes:
        text: as the customer would read it.
        at: when it was made, UTC.
    """

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything the tab shows of one conversation.

    Attributes:
        business: name of the tenant.
        zone: in which its times are shown.
        standing: who answers now.
        customer: the customer's name, or "".
        summary: what was said before the last lines, or "".
        before: how the talk before this one went, or "".
        collected: what the customer told for intents, by its kind.
        facts: what is remembered of him, newest first.
        turns: the newest turns, newest first.
        suggestion: an answer nobody has sent yet, or None.
        verdicts: what this operator thought of replies, by turn: True was good.
    """

    business: str
    zone: ZoneInfo
    standing: Standing
    customer: str = ""
    summary: str = ""
    before: str = ""
    collected: Mapping[str, str] = field(default_factory=dict)
    facts: Sequence[Fact] = ()
    turns: Sequence[Account] = ()
    suggestion: Suggested | None = None
    verdicts: Mapping[str, bool] = field(default_factory=dict)


class Sight(Protocol):
    """What is known of conversations; every method raises ``StoreError`` while storage is away."""

    async def find(self, account: str, number: int) -> Found | None:
        """Return a conversation of the account, None for one that was never seen."""
        ...

    async def panel(self, found: Found, *, user_id: int) -> Panel | None:
        """Return what the tab shows; None where the conversation is of another tenant meanwhile."""
        ...

    async def mark(self, found: Found) -> str:
        """Return what changes whenever the panel may have changed."""
        ...


class Orders(Protocol):
    """Where a pressed button goes: the way of every command, audited like a private note."""

    async def give(
        self, conversation: ConversationId, *, command: str, by: str, user_id: int
    ) -> bool:
        """Put a command in as if the operator had written it; False: nobody knows the talk."""
        ...


class Pairings(Protocol):
    """See ``chatcrew.pairing.Pairings``: what of it a page may cause."""

    async def begin(self, account: str, number: int, *, secret: str | None = None) -> Begun:
        """Give a browser its code for a conversation."""
        ...

    async def session(self, secret: str, account: str, tenant: str) -> Session | None:
        """Return the session of a browser for a tenant."""
        ...

    async def leave(self, secret: str) -> int:
        """End all sessions of a browser."""
        ...
