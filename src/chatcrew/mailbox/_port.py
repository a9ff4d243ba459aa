"""What the mailbox offers: one queue entry per conversation, leased, fenced, never lost."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from chatcrew.ids import ConversationId
from chatcrew.mailbox._values import Claims, Depth, Parked, PutResult, Quarantined, QuarantinedBody
from chatcrew.messages import (
    Claim,
    ConversationState,
    Delivery,
    InputKind,
    Silence,
    Snapshot,
    Talkover,
    TurnKey,
    TurnRecord,
)


class Mailbox(Protocol):
    """Pending input of all conversations (design §3).

    Every method raises ``StoreError`` while the storage is away. Wall times come from the clock
    given to the constructor: machines that share a mailbox keep their clocks together (NTP) to
    well within the lease.
    """

    async def put(self, delivery: Delivery) -> PutResult:
        """Store one delivery; return after it is on disk.

        Raises:
            MailboxFull: too many turn events wait (state and receipts are always taken).
            StoreError: not stored; the sender may try again.
        """
        ...

    async def claim(self, worker: str, *, limit: int) -> Claims:
        """Lease up to ``limit`` due conversations, the most urgent first.

        Priority and waiting time count together: an urgent conversation overtakes those that
        wait up to two minutes longer, so nobody starves. Conversations over the attempts limit
        are left to ``to_park``. The answer also tells when there may be more to claim.
        """
        ...

    async def to_park(self, worker: str, *, limit: int) -> Claims:
        """Lease due conversations whose turn failed too often; the caller parks each."""
        ...

    async def renew(self, claim: Claim) -> Claim:
        """Extend the lease.

        Raises:
            LeaseLost: the conversation was claimed again, settled or released.
        """
        ...

    async def recheck(self, claim: Claim, *, take: bool = True) -> Claim:
        """Return the claim with the conversation as it is now.

        Args:
            claim: what is leased.
            take: also take input that came since into this turn, if it is still open.

        Raises:
            LeaseLost: as ``renew``.
        """
        ...

    async def settle(
        self,
        key: TurnKey,
        record: TurnRecord | None,
        *,
        arrivals: int,
        unsaid: str | None = None,
    ) -> bool:
        """Finish the turn and give the lease back; return whether something still waits.

        The due time goes only if ``arrivals`` is unchanged since the claim or the last recheck.

        Args:
            key: which turn, under which lease.
            record: the turn's facts; None keeps those that were decided.
            arrivals: of the claim.
            unsaid: why nothing of what was decided was said: the turn counts as dropped for it.

        Raises:
            LeaseLost: as ``renew``; nothing was written.
        """
        ...

    async def release(self, claim: Claim, *, retry_in: float, counted: bool = True) -> None:
        """Give the lease back without finishing the turn; it is due again in ``retry_in`` s.

        Args:
            claim: what is leased.
            retry_in: seconds; new input does not make it due earlier.
            counted: False where the try was not at fault, as at shutdown.

        Raises:
            LeaseLost: as ``renew``.
        """
        ...

    async def free(self, worker: str) -> int:
        """Give back what ``worker``, which has ended, still leases; return how many.

        Only for who knows that it has ended, as its supervisor does. Its tries have been counted
        and its fencing numbers are worth nothing from here on.
        """
        ...

    async def set_function(self, key: TurnKey, function: str | None) -> None:
        """Make ``function`` the conversation's sticky one.

        Raises:
            LeaseLost: as ``renew``.
        """
        ...

    async def start_over(self, key: TurnKey) -> None:
        """Begin an episode with none before it: earlier lines, topic, function do not count.

        Raises:
            LeaseLost: as ``renew``.
        """
        ...

    async def give(self, key: TurnKey, tenant: str) -> None:
        """Give the conversation to a tenant, who has its inbox by the mapping now.

        It begins an episode with none before it, as ``start_over`` does: what was said to another
        business is neither told to this one's bot nor shown to its people.

        Raises:
            LeaseLost: as ``renew``.
        """
        ...

    async def set_silence(
        self,
        key: TurnKey,
        silence: Silence | None,
        *,
        until: datetime | None = None,
        by: str = "",
        why: str = "",
        upto: int = 0,
    ) -> None:
        """Silence the bot in this conversation, or let it speak again.

        Args:
            key: which turn, under which lease.
            silence: why it is quiet, or None.
            until: when that ends by itself, or None.
            by: whose order it is.
            why: his reason.
            upto: message id of the order to speak: people's words before it silence nothing,
                however late they come.

        Raises:
            LeaseLost: as ``renew``.
        """
        ...

    async def silences_over(self, *, limit: int) -> Sequence[ConversationState]:
        """Return conversations whose silence should have ended by now, the newest end first.

        One that nobody can end, as of a bot that was removed, keeps no other waiting then.
        """
        ...

    async def talked_over(self, conversation: ConversationId) -> Sequence[Talkover]:
        """Return what the bot said after a person had spoken, as far as no turn has dealt with it.

        The record of such a turn names the messages under ``talkover``.
        """
        ...

    async def park(self, claim: Claim, *, reason: str) -> bool:
        """Finish the turn as parked; return whether newer input still waits.

        Raises:
            LeaseLost: as ``renew``.
        """
        ...

    async def parked(self, *, limit: int = 100) -> list[Parked]:
        """Return parked conversations, oldest first."""
        ...

    async def retry_parked(self, conversation: ConversationId) -> bool:
        """Make the parked input due again, for a new turn; False if nothing is parked."""
        ...

    async def discard_parked(self, conversation: ConversationId, *, reason: str) -> bool:
        """Close the parked entry and note why in its turn; False if nothing is parked."""
        ...

    async def enqueue(self, conversation: ConversationId, *, kind: InputKind) -> bool:
        """Add an input without a message, due at once; False if unknown or something waits.

        A sweep marks the customer's last message, so that ``unanswered`` shows it once; False for
        a sweep that comes after another has marked it.
        """
        ...

    async def wake(
        self,
        conversation: ConversationId,
        *,
        key: str,
        payload: Mapping[str, Any],
        kind: InputKind = InputKind.TIMER,
    ) -> bool:
        """Add an input that no message brought, due at once, beside whatever waits.

        Args:
            conversation: where.
            key: of the timer or of the press of a button; a second input of it is never made.
            payload: small JSON values, which the turn reads.
            kind: ``TIMER``, or ``COMMAND`` for what a paired operator did in the tab.

        Returns:
            False where the conversation was never seen; True also for a key that is known.
        """
        ...

    async def unanswered(self, *, before: datetime, limit: int = 100) -> list[ConversationState]:
        """Return conversations whose last word is the customer's, said before ``before``.

        Pending ones, and open ones without a person as owner, with nothing waiting and not yet
        swept for that message, oldest first. Whether the bot may speak there is the caller's rule.
        """
        ...

    async def observe(self, conversation: ConversationId, snapshot: Snapshot) -> None:
        """Take in what a look at Chatwoot showed of a conversation we know, as from a webhook.

        Needs no lease, because it is a fact; an older picture than what is stored changes nothing.
        """
        ...

    async def told(self, conversation: ConversationId) -> bool:
        """Return whether a turn of this episode has told people that this customer waits.

        The record of such a turn names the customer's message under ``announced``; the wait ends
        with the next answer.
        """
        ...

    async def state(self, conversation: ConversationId) -> ConversationState | None:
        """Return the conversation's row, or None if it was never seen."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when something can next be claimed (maybe in the past), or None."""
        ...

    async def depth(self) -> Depth:
        """Return how much waits."""
        ...

    def wakes(self) -> AsyncIterator[None]:
        """Yield whenever ``next_due`` may have come nearer, at first and after a reconnect too."""
        ...

    async def quarantine(
        self, bot: str, *, reason: str, headers: Mapping[str, str], body: bytes, at: datetime
    ) -> None:
        """Keep a signed body that could not be read; the caller leaves credentials out."""
        ...

    async def in_quarantine(self, *, limit: int = 100) -> list[Quarantined]:
        """Return what is in quarantine, oldest first."""
        ...

    async def quarantined_body(self, number: int) -> QuarantinedBody | None:
        """Return one with its body, or None if there is none."""
        ...

    async def discard_quarantined(self, number: int) -> bool:
        """Forget one; False if there is none."""
        ...

    async def purge_seen(self, before: datetime) -> int:
        """Forget dedupe keys older than ``before``; return how many."""
        ...

    async def purge_bodies(self, before: datetime) -> int:
        """Forget raw bodies of finished turns, and quarantine, older than ``before``."""
        ...

    async def close(self) -> None:
        """Wait until every put that was called is written."""
        ...
