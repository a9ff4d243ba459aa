"""What provisioning asks of our own records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from chatcrew.provision.findings import Finding

Actor = Literal["bot", "user"]
"""Whose token: the bot's own, or the account's ``user_token``."""


@dataclass(frozen=True, slots=True)
class LostRight:
    """Something that a token may not do.

    Attributes:
        bot: label.
        actor: whose token.
        name: one of ``chatwoot.admin.RIGHTS``.
        reason: short: ``denied``, ``bad_token``, ``status_403``.
        at: since when it is known.
        tried: it was met while answering a customer, not by trying it on purpose.
    """

    bot: str
    actor: Actor
    name: str
    reason: str
    at: datetime
    tried: bool = False


@dataclass(frozen=True, slots=True)
class Examined:
    """What the newest examination of an account found.

    Attributes:
        account: label.
        at: when.
        findings: all of them, in the order an admin mends them.
    """

    account: str
    at: datetime
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Who wants to examine an account, and when it is his turn.

    Attributes:
        fingerprint: of what the mapping says of it; another one is looked at anew.
        now: UTC.
        until: until when nobody else takes it, should this one die.
        before: an examination begun before this does not count, None: only what is due.
        settled: a changed mapping counts only if the last one began before this.
    """

    fingerprint: str
    now: datetime
    until: datetime
    before: datetime | None
    settled: datetime


class Records(Protocol):
    """Traces that deliveries leave; every method raises ``StoreError`` while they are away."""

    async def last_delivery(self, bot: str) -> datetime | None:
        """Return when a bot's last delivery was stored, UTC; None if none of 30 days was."""
        ...

    async def refused_inboxes(self, bot: str) -> tuple[int, ...]:
        """Return inboxes whose deliveries are in quarantine because nobody mapped them."""
        ...


class Examinations(Protocol):
    """What examinations found; every method raises ``StoreError`` while it is away."""

    async def claim(self, account: str, turn: Turn) -> bool:
        """Return whether the caller is to examine the account now: of many, one is told so."""
        ...

    async def finish(
        self, account: str, findings: Sequence[Finding], *, now: datetime, due: datetime
    ) -> None:
        """Keep what was found and when to look again."""
        ...

    async def again(self, account: str, *, due: datetime) -> None:
        """Have an account examined by ``due``, if it is not to be earlier anyway."""
        ...

    async def kept(self) -> tuple[Examined, ...]:
        """Return what is known of every account, by label."""
        ...

    async def lost(self) -> tuple[LostRight, ...]:
        """Return what tokens may not do."""
        ...

    async def lose(self, right: LostRight) -> None:
        """Note one that was met while answering."""
        ...

    async def replace_lost(self, bots: Sequence[str], rights: Sequence[LostRight]) -> None:
        """Make ``rights`` everything that is lost to these bots."""
        ...
