"""What became of a decided part: is somebody to be told, is it worth another try?"""

from collections.abc import Sequence

from chatcrew.messages import (
    UNLESS_SPOKEN,
    ActKind,
    ConversationState,
    PartState,
    Standing,
    StoredPart,
    closed_because,
)

GONE = "conversation_gone"
"""Why a part failed whose conversation does not exist any more."""

NOT_ALLOWED = "not_allowed"
"""Why a part was left out that Chatwoot would not let the bot do."""

ESSENTIAL = (ActKind.MESSAGE, ActKind.NOTE, ActKind.STATUS)
"""Acts without which a customer is neither answered nor given to people."""

MOST_TRIES = 2
"""How often another act is tried in one delivery."""

_UNFINISHED = (PartState.PLANNED, PartState.SENDING)

ABOUT = "about"
"""Names, in the note that tells people of a lost message, that message's tag."""


def next_of(parts: Sequence[StoredPart]) -> StoredPart | None:
    """Return what is to be sent next, None at the end: in order, only that no text waits.

    An act that was tried and could not be done comes after all text, but before the status: once
    people have the conversation, the bot does nothing to it.
    """
    waiting = [part for part in parts if part.state in _UNFINISHED]
    aside = [part for part in waiting if part.kind not in ESSENTIAL and part.attempts]
    rest = [part for part in waiting if part not in aside]
    if not rest or (aside and rest[0].kind is ActKind.STATUS):
        return next(iter(aside), None)
    return rest[0]


def is_untold(part: StoredPart, parts: Sequence[StoredPart]) -> bool:
    """Return whether a message got lost (refused, or of unknown fate) that people do not know of.

    Or whether one that had to go could not be deleted. Where the conversation itself is gone, there
    is nobody to tell.
    """
    lost = part.state in (PartState.FAILED, PartState.UNKNOWN) and part.error != GONE
    told = any(other.payload.get(ABOUT) == part.tag for other in parts)
    return part.kind in (ActKind.MESSAGE, ActKind.UNSEND) and lost and not told


def stoppable(part: StoredPart) -> bool:
    """Return whether what people do meanwhile can stop a part."""
    return part.gated or UNLESS_SPOKEN in part.payload


def stopped_because(
    part: StoredPart, state: ConversationState | Standing | None, *, agent_bot_id: int
) -> str | None:
    """Return why a part may no longer be sent, or None.

    Where it is gated: a person has taken over. Else one has spoken since it was decided.
    """
    if state is None:
        return None
    if part.gated:
        return closed_because(state, agent_bot_id=agent_bot_id)
    return "person_spoke" if state.spoke_id > int(part.payload[UNLESS_SPOKEN]) else None


def is_shut(status: int | None) -> bool:
    """Return whether a refusal is about token, account or address: no message would be taken.

    401 and 403 as in contract section 4.6; a redirect or another 404 than a conversation's means
    that something else answers at ``base_url``.
    """
    return status is not None and (status in (401, 403, 404) or 300 <= status < 400)


def unsaid(parts: Sequence[StoredPart]) -> str | None:
    """Return why none of a turn's messages was sent, or None if one was, or there was none."""
    messages = [part for part in parts if part.kind is ActKind.MESSAGE]
    if not messages or any(part.state is not PartState.SKIPPED for part in messages):
        return None
    return messages[0].error
