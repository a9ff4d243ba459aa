"""What a newer picture of a conversation changes in its row; no I/O."""

from dataclasses import replace

from chatcrew.mailbox._draft import Draft
from chatcrew.messages import AuthorKind, Line, OwnerKind, Snapshot, Topic

_AWAY = ("open", "snoozed")


def apply_snapshot(
    row: Draft, fresh: Snapshot, *, named: bool = True, continued_for: float = 0.0
) -> bool:
    """Apply ``fresh`` if it is not older than what is stored; return whether it hands back.

    Versions are Chatwoot's ``updated_at`` with microseconds. A picture without one is taken only
    while none with one was ever seen: an installation that does not send it is then followed in
    the order of arrival, and a partial payload of one that does cannot undo a newer state.

    - *Silence ends* when any other status becomes pending, when our kind of owner (a bot) takes
      over from somebody else, and when the conversation is resolved.
    - *Handed back* is the first two of these, where the bot was kept away before: by the status,
      the owner or a silence. Resolving never is; nor is the customer reopening what was resolved.
    - *Questions* that were open then are no longer waited for; what was told stays known.
    - *Episode*: the first other status after resolved starts the next one, with the tenant's
      default function and nothing asked. What waits stays. Within ``continued_for`` seconds after
      the resolved conversation was last changed it goes on as it was, but for open questions.
    - *Who the customer is* is taken where it is ``named`` only: whoever was erased is not made
      known again by a change of the status (N8).
    """
    known = row.snapshot
    if _older(fresh, known):
        return False
    was_away = _away(row)
    if not named:
        fresh = _nameless(fresh, known)
    row.snapshot = merged = _merged(known, fresh)
    became_pending = (
        merged.status == "pending" and known.status is not None and known.status != "pending"
    )
    bot_took_over = _is_bot(merged) and not _is_bot(known) and known != Snapshot()
    resolved = merged.status == "resolved"
    if known.status == "resolved" and merged.status not in ("resolved", None):
        if _continued(known, fresh, continued_for):
            row.topic = replace(row.topic, filled=replace(row.topic.filled, waiting=None))
        else:
            row.episode += 1
            row.function = None
            row.topic = Topic()
    if merged.status != known.status:
        row.reopened = known.status if _woken(known, merged) else None
    returned = became_pending or bot_took_over
    if returned or resolved:
        row.let_speak()
        row.parked_at = row.parked_reason = row.parked_turn = None
        if returned:
            row.handed_version = fresh.version
            # What the bot asked before people had the talk is no question any more
            row.topic = replace(row.topic, filled=replace(row.topic.filled, waiting=None))
    return returned and not resolved and known.status != "resolved" and was_away


def may_name(row: Draft, line: Line | None = None) -> bool:
    """Return whether what comes may say who the customer is.

    Of one who was erased only his own new word may: it is newer than everything that was seen.
    """
    if row.erased_at is None or row.snapshot.contact.id is not None:
        return True
    return (
        line is not None
        and line.author.kind is AuthorKind.CUSTOMER
        and line.message_id > row.last_message_id
    )


def _woken(known: Snapshot, merged: Snapshot) -> bool:
    """Return whether the conversation was asleep and is not any more."""
    return known.status in ("resolved", "snoozed") and merged.status in ("pending", "open")


def _continued(known: Snapshot, fresh: Snapshot, seconds: float) -> bool:
    """Return whether a reopened talk is still the same: its end is not long ago."""
    if known.version is None or fresh.version is None:
        return False
    return seconds > 0 and fresh.version - known.version <= seconds


def _older(fresh: Snapshot, known: Snapshot) -> bool:
    if known.version is None:
        return False
    return fresh.version is None or fresh.version < known.version


def _nameless(fresh: Snapshot, known: Snapshot) -> Snapshot:
    return replace(
        fresh,
        labels=known.labels,
        custom_attributes=known.custom_attributes,
        contact=known.contact,
    )


def _merged(known: Snapshot, fresh: Snapshot) -> Snapshot:
    """Keep what the payload does not tell."""
    identified = fresh.inbox_id is not None and fresh.contact.id is not None
    if identified and fresh.owner_known and fresh.status and fresh.channel:
        return fresh  # it tells everything, as nearly every one does
    return replace(
        fresh,
        status=fresh.status or known.status,
        owner=fresh.owner if fresh.owner_known else known.owner,
        owner_known=fresh.owner_known or known.owner_known,
        inbox_id=known.inbox_id if fresh.inbox_id is None else fresh.inbox_id,
        channel=fresh.channel or known.channel,
        contact=known.contact if fresh.contact.id is None else fresh.contact,
    )


def _is_bot(snapshot: Snapshot) -> bool:
    return snapshot.owner is not None and snapshot.owner.kind is OwnerKind.BOT


def _away(row: Draft) -> bool:
    owner = row.snapshot.owner
    return (
        row.snapshot.status in _AWAY
        or row.silence is not None
        or (owner is not None and owner.kind is not OwnerKind.BOT)
    )
