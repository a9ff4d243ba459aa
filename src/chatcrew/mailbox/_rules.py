"""The rules of a conversation's row: what each delivery, claim and settle makes of it; no I/O."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chatcrew.database.rows import ConversationRow
from chatcrew.ids import ConversationId
from chatcrew.mailbox._draft import Draft
from chatcrew.mailbox._snapshots import apply_snapshot, may_name
from chatcrew.mailbox._takeovers import TAKEOVERS, take_over, talked_over
from chatcrew.mailbox._tenants import belong
from chatcrew.messages import (
    AuthorKind,
    ConversationState,
    Delivery,
    Effect,
    InputKind,
    Line,
    Snapshot,
    Timing,
    Weight,
)

BOOST = {"urgent": 120.0, "high": 60.0, "low": -30.0}
"""Seconds by which a priority goes ahead of a conversation that waits as long without one."""

VIP_BOOST = 90.0
"""The same for a customer whom the tenant calls a VIP; it adds to the priority's."""

_KINDS = {
    Effect.CHOICE: InputKind.CHOICE,
    Effect.COMMAND: InputKind.COMMAND,
}
_AT_ONCE = frozenset(
    (
        InputKind.CHOICE,
        InputKind.COMMAND,
        InputKind.SWEEP,
        InputKind.TIMER,
        InputKind.TALKOVER,
    )
)


WORDLESS = (InputKind.HANDBACK, InputKind.TALKOVER)
"""Inputs that a delivery makes beside its own line, which is nothing to be answered."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a delivery makes of a row, and the inputs it adds to the queue."""

    row: ConversationRow
    kinds: tuple[InputKind, ...] = ()


def new_row(conversation: ConversationId) -> ConversationRow:
    """Return the row of a conversation that was never seen."""
    return ConversationRow(state=ConversationState(id=conversation))


def apply(row: ConversationRow, delivery: Delivery, now: datetime) -> Applied:
    """Apply one new delivery to its conversation."""
    draft = Draft.of(row)
    kinds = apply_to(draft, delivery, now)
    return Applied(draft.row(), kinds)


def apply_to(draft: Draft, delivery: Delivery, now: datetime) -> tuple[InputKind, ...]:
    """Apply one new delivery to a draft; return the inputs it adds to the queue.

    Snapshot first, so that a message that reopens a conversation counts into the new episode.
    People who hand back a conversation in which the customer waits make an input themselves.
    """
    change = delivery.change
    belong(draft, delivery.tenant)
    draft.channel = delivery.channel or draft.channel
    named = may_name(draft, change.line)
    if delivery.vip is not None and named:
        draft.vip = delivery.vip
    handed_back = change.snapshot is not None and apply_snapshot(
        draft, change.snapshot, named=named, continued_for=delivery.continued_for
    )
    if change.line is not None:
        _apply_line(draft, change.line, now, chosen=chose(delivery))
    if change.effect in TAKEOVERS:
        take_over(draft, delivery, now)
    if delivery.weight is Weight.TURN:
        kind = _KINDS.get(change.effect, InputKind.MESSAGE)
        _arrive(draft, kind, delivery.timing, now)
        return (kind,)
    if change.effect is Effect.TYPING:
        _typing(draft, delivery.timing, now)
    kinds = _handed_back(draft, delivery.timing, now) if handed_back else ()
    if talked_over(draft, change):
        _arrive(draft, InputKind.TALKOVER, delivery.timing, now)
        kinds = (*kinds, InputKind.TALKOVER)
    return kinds


def observe(row: ConversationRow, snapshot: Snapshot, now: datetime) -> Applied:
    """Apply a picture of the conversation that we asked for ourselves."""
    draft = Draft.of(row)
    handed_back = apply_snapshot(draft, snapshot, named=may_name(draft))
    kinds = _handed_back(draft, Timing(quiet=0.0), now) if handed_back else ()
    return Applied(draft.row(), kinds)


def dedupe_keys(delivery: Delivery) -> tuple[str, ...]:
    """Return what makes a delivery known; none for typing, which is sent with the same body again.

    A second "is typing" extends the wait again, and a real duplicate of it changes nothing.
    """
    return () if delivery.change.effect is Effect.TYPING else delivery.keys()


def chose(delivery: Delivery) -> bool:
    """Return whether the line is a choice made on a message that the bot had sent.

    Chatwoot reports it as an update of the *bot's* message (``submitted_values``), so the line
    has that message's id and must not replace it.
    """
    return delivery.change.effect is Effect.CHOICE and delivery.event == "message_updated"


def enqueue(row: ConversationRow, kind: InputKind, now: datetime) -> ConversationRow:
    """Add an input that no delivery brought; a sweep marks the message it answers."""
    draft = Draft.of(row)
    _arrive(draft, kind, Timing(quiet=0.0), now)
    if kind is InputKind.SWEEP:
        draft.swept_id = draft.last_customer_id
    return draft.row()


def may_enqueue(row: ConversationRow, kind: InputKind) -> bool:
    """Return whether nothing waits and, for a sweep, this word of the customer was not found yet.

    The second matters to a sweep that comes late: another's turn may be finished already.
    """
    swept = kind is InputKind.SWEEP and 0 < row.state.last_customer_id <= row.swept_id
    return row.state.due_at is None and not swept


def customer_waits(row: ConversationRow) -> bool:
    """Return whether the last word is the customer's: no bot and no person answered it.

    Equal ids are a choice made on the bot's own message, see ``chose``.
    """
    return 0 < row.state.last_customer_id >= row.last_answer_id


def unanswered(row: ConversationRow, now: datetime, *, before: datetime) -> bool:
    """Return whether the sweep has to look at this conversation; ``_sweep_sql`` says the same."""
    snapshot = row.state.snapshot
    person_owns = snapshot.owner is not None and snapshot.owner.kind.value == "person"
    return (
        not row.state.id.simulated
        and (snapshot.status == "pending" or (snapshot.status == "open" and not person_owns))
        and customer_waits(row)
        and row.state.last_customer_id > row.swept_id
        and row.customer_at is not None
        and row.customer_at <= before
        and row.state.due_at is None
        and not leased(row, now)
    )


def leased(row: ConversationRow, now: datetime) -> bool:
    """Return whether a worker holds a live lease."""
    return row.lease_until is not None and row.lease_until > now


def due(row: ConversationRow, now: datetime) -> bool:
    """Return whether the row can be claimed."""
    return row.state.due_at is not None and row.state.due_at <= now and not leased(row, now)


def order(row: ConversationRow) -> tuple[float, float]:
    """Return the sort key of claims: waiting time with the priority's head start, then due time."""
    if row.state.due_at is None:
        raise ValueError(f"nothing waits in {str(row.state.id)!r}")
    since = row.waiting_since or row.state.due_at
    boost = BOOST.get(row.state.snapshot.priority or "", 0.0) + VIP_BOOST * row.vip
    return since.timestamp() - boost, row.state.due_at.timestamp()


def take(row: ConversationRow) -> ConversationRow:
    """Note that a turn has taken all input: the next one starts a burst of its own."""
    return replace(row, state=replace(row.state, first_at=None), taken=row.state.arrivals)


def lease(row: ConversationRow, worker: str, now: datetime, *, seconds: float) -> ConversationRow:
    """Lease a due row under the next fencing number; the try counts from here, not from its end."""
    return replace(
        row,
        state=replace(row.state, attempts=row.state.attempts + 1),
        fence=row.fence + 1,
        lease_owner=worker,
        lease_until=now + timedelta(seconds=seconds),
        retry_at=None,
    )


def empty(row: ConversationRow) -> ConversationRow:
    """Clear the queue's figures of a row in which nothing waits."""
    state = replace(row.state, due_at=None, first_at=None, attempts=0)
    return replace(row, state=state, waiting_since=None, retry_at=None)


def settle(row: ConversationRow, now: datetime, *, arrivals: int) -> ConversationRow:
    """Give the lease back; what arrived since keeps its due time and starts with no tries."""
    row = replace(row, lease_owner=None, lease_until=None)
    if row.state.arrivals == arrivals:
        return empty(row)
    state = replace(row.state, attempts=0)
    return replace(row, state=state, waiting_since=row.state.first_at or now)


def unpark(row: ConversationRow) -> ConversationRow:
    """Close the parked entry."""
    state = replace(row.state, parked_at=None)
    return replace(row, state=state, parked_reason=None, parked_turn=None)


def retry(row: ConversationRow, now: datetime) -> ConversationRow:
    """Make parked input due at once; it counts as an arrival, or a turn that runs would lose it."""
    draft = Draft.of(unpark(row))
    draft.attempts = 0
    _arrive(draft, InputKind.SWEEP, Timing(quiet=0.0), now)
    return draft.row()


def _handed_back(draft: Draft, timing: Timing, now: datetime) -> tuple[InputKind, ...]:
    """Make an input of a hand-back where the customer waits and nothing else will answer.

    So too where nobody has said anything yet: who is given such a talk welcomes (S3-37). And where
    it is still open: assigning a bot leaves the status alone before 4.17 (contract §2.3).
    """
    asked = _waits(draft) or draft.last_public_id == 0 or draft.snapshot.status == "open"
    if draft.first_at is not None or not asked:
        return ()
    _arrive(draft, InputKind.HANDBACK, timing, now)
    return (InputKind.HANDBACK,)


def _waits(draft: Draft) -> bool:
    """Say what ``customer_waits`` says."""
    return 0 < draft.last_customer_id >= draft.last_answer_id


def _apply_line(row: Draft, line: Line, now: datetime, *, chosen: bool) -> None:
    """Count a message; "last" follows the greatest id, because deliveries come in any order.

    A mail program's automatic reply (RFC 3834) is kept but asks for no answer.
    """
    number, kind = line.message_id, line.author.kind
    row.last_message_id = max(row.last_message_id, number)
    if line.private:
        return
    if number > row.last_public_id or (chosen and number == row.last_public_id):
        row.last_public_author = kind
        row.last_public_id = number
    if kind is AuthorKind.CUSTOMER and not line.automatic:
        if number > row.last_customer_id:
            # The wait begins with the first word without an answer, or somebody who asks again and
            # again would never have waited long enough for the sweep.
            if not _waits(row) or row.last_customer_id <= row.swept_id:
                row.customer_at = now
            row.last_customer_id = number
    elif kind.answers and number > row.last_answer_id:
        row.last_answer_id = number
    if kind is AuthorKind.BOT:
        row.own_id = max(row.own_id, number)


def _arrive(row: Draft, kind: InputKind, timing: Timing, now: datetime) -> None:
    """Move the due time: quiet starts again with each input, never past first + max_wait.

    After a failed try new input does not make the conversation due earlier than the retry.
    """
    quiet = 0.0 if kind in _AT_ONCE else timing.quiet
    row.first_at = row.first_at or now
    latest = row.first_at + timedelta(seconds=timing.max_wait)
    row.due_at = min(now + timedelta(seconds=quiet), latest)
    if row.retry_at is not None:
        row.due_at = max(row.due_at, row.retry_at)
    row.waiting_since = row.waiting_since or now
    row.arrivals += 1


def _typing(row: Draft, timing: Timing, now: datetime) -> None:
    """Wait for who is typing, if his burst is still being collected; never shorten a wait."""
    if row.first_at is None or row.due_at is None or row.due_at <= now:
        return
    latest = row.first_at + timedelta(seconds=timing.max_wait)
    wanted = min(now + timedelta(seconds=timing.quiet), latest)
    row.due_at = max(row.due_at, wanted)
