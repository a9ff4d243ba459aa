"""Finds where a chain of records is broken; no I/O."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from chatcrew.messages import ActKind, Outcome, PartState, TurnState
from chatcrew.proofs._values import Break, Chain, Proof, Sent, Turn

CLAIMED_WITHIN = timedelta(minutes=5)
"""How long an input may wait for a worker before that is a fault and no queue."""

_GONE = "conversation_gone"

_UNDER_WAY = (PartState.PLANNED, PartState.SENDING)


def prove(chain: Chain, *, now: datetime, chatwoot: Mapping[str, int] | None = None) -> Proof:
    """Return the chain with what is wrong in it.

    Args:
        chain: the records.
        now: the present moment, UTC.
        chatwoot: by tag how often Chatwoot holds each message of ours; None: it was not asked.
    """
    breaks = [Break("unheard", subject=str(number)) for number in chain.unheard]
    pending: list[Break] = []
    for turn in chain.turns:
        if turn.state is TurnState.FINISHED:
            breaks += _finished(turn)
        elif _lives(chain, now):
            pending.append(Break("under_way", turn.id))
        else:
            breaks.append(Break("abandoned", turn.id))
        breaks += _parts(turn, chatwoot)
    stuck = not _lives(chain, now) or _overdue(chain, now)
    for waiting in chain.waiting:
        subject = None if waiting.message_id is None else str(waiting.message_id)
        if stuck:
            breaks.append(Break("never_claimed", subject=subject))
        else:
            pending.append(Break("waits", subject=subject))
    return Proof(chain, breaks, pending, chatwoot)


def _lives(chain: Chain, now: datetime) -> bool:
    """Return whether somebody has the conversation, or will claim it."""
    return chain.due_at is not None or (chain.leased_until or now) > now


def _overdue(chain: Chain, now: datetime) -> bool:
    """Return whether it should have been claimed long ago, and nobody has it."""
    free = chain.leased_until is None or chain.leased_until <= now
    return free and chain.due_at is not None and now - chain.due_at > CLAIMED_WITHIN


def _finished(turn: Turn) -> Iterator[Break]:
    """Yield what a turn that is over must not leave."""
    for part in turn.parts:
        if part.state in _UNDER_WAY:
            yield Break("left_over", turn.id, part.tag)
    done = [part for part in turn.parts if part.state is PartState.SENT]
    said = any(part.kind is ActKind.MESSAGE for part in done)
    # What is in doubt is named by itself, and who was to be told is told by what followed it
    doubt = any(_lost(part) for part in turn.parts)
    if turn.outcome is Outcome.REPLIED and not said and not doubt:
        yield Break("nothing_said", turn.id)
    if turn.outcome is Outcome.HANDED_OFF and not done and not doubt:
        yield Break("nothing_said", turn.id)
    if turn.outcome is None:
        yield Break("no_outcome", turn.id)
    # also of half a reply: what of it was said does not tell anybody of what was not
    if any(_lost(part) and not _told_after(part, turn.parts) for part in turn.parts):
        yield Break("nobody_told", turn.id)


def _told_after(lost: Sent, parts: Sequence[Sent]) -> bool:
    """Return whether people learned of it: by a note or the status, which follow what they tell."""
    return any(
        one.kind in (ActKind.NOTE, ActKind.STATUS)
        and one.position > lost.position
        and one.state in (PartState.SENT, PartState.UNKNOWN)
        for one in parts
    )


def _lost(part: Sent) -> bool:
    """Return whether a customer may lack a message; where the conversation is gone, nobody does."""
    lost = part.state in (PartState.UNKNOWN, PartState.FAILED)
    return part.kind is ActKind.MESSAGE and lost and part.error != _GONE


def _parts(turn: Turn, chatwoot: Mapping[str, int] | None) -> Iterator[Break]:
    """Yield where the outbox and Chatwoot do not say the same."""
    for part in turn.parts:
        if part.state is PartState.UNKNOWN:
            yield Break("in_doubt", turn.id, part.tag)
        if part.state is PartState.SENT and part.creates and part.message_id is None:
            yield Break("no_id", turn.id, part.tag)
        if chatwoot is not None and part.creates:
            yield from _held_by_chatwoot(turn, part, chatwoot.get(part.tag, 0))
    ids = [part.message_id for part in turn.parts if part.kind is ActKind.MESSAGE]
    if any(first > second for first, second in pairwise(number for number in ids if number)):
        yield Break("order", turn.id)


def _held_by_chatwoot(turn: Turn, part: Sent, times: int) -> Iterator[Break]:
    if times > 1 and part.kind is ActKind.MESSAGE:  # a note twice harms nobody
        yield Break("twice", turn.id, part.tag)
    elif part.state is PartState.SENT and not times:
        yield Break("not_there", turn.id, part.tag)
    elif times and part.state in (PartState.PLANNED, PartState.SKIPPED, PartState.FAILED):
        yield Break("said_all_the_same", turn.id, part.tag)
