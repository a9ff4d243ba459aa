"""What a newer picture of a conversation changes in its row; no I/O."""

from dataclasses import replace

from chatcrew.database.rows import ConversationRow
from chatcrew.messages import ConversationState, OwnerKind, Snapshot

_AWAY = ("open", "snoozed")


def apply_snapshot(row: ConversationRow, fresh: Snapshot) -> tuple[ConversationRow, bool]:
    """Apply ``fresh`` if it is not older than what is stored; return the row and "handed back".

    Versions are Chatwoot's ``updated_at`` with microseconds. A picture without one is taken only
    while none with one was ever seen: an installation that does not send it is then followed in
    the order of arrival, and a partial payload of one that does cannot undo a newer state.

    - *Silence ends* when any other status becomes pending, when our kind of owner (a bot) takes
      over from somebody else, and when the conversation is resolved.
    - *Handed back* is the first two of these, where the bot was kept away before: by the status,
      the owner or a silence. Resolving never is; nor is the customer reopening what was resolved.
    - *Episode*: the first other status after resolved starts the next one. What waits stays.
    """
    known, old = row.state.snapshot, row.state
    if _older(fresh, known):
        return row, False
    merged = _merged(known, fresh)
    became_pending = (
        merged.status == "pending" and known.status is not None and known.status != "pending"
    )
    bot_took_over = _is_bot(merged) and not _is_bot(known) and known != Snapshot()
    resolved = merged.status == "resolved"
    state = replace(old, snapshot=merged)
    if known.status == "resolved" and merged.status not in ("resolved", None):
        state = replace(state, episode=old.episode + 1)
    returned = became_pending or bot_took_over
    if returned or resolved:
        state = replace(state, silence=None, silenced_at=None, parked_at=None)
        row = replace(row, parked_reason=None, parked_turn=None)
        if returned:
            row = replace(row, handed_version=fresh.version)
    handed_back = returned and not resolved and known.status != "resolved" and _was_away(old)
    return replace(row, state=state), handed_back


def _older(fresh: Snapshot, known: Snapshot) -> bool:
    if known.version is None:
        return False
    return fresh.version is None or fresh.version < known.version


def _merged(known: Snapshot, fresh: Snapshot) -> Snapshot:
    """Keep what the payload does not tell."""
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


def _was_away(old: ConversationState) -> bool:
    owner = old.snapshot.owner
    return (
        old.snapshot.status in _AWAY
        or old.silence is not None
        or (owner is not None and owner.kind is not OwnerKind.BOT)
    )
