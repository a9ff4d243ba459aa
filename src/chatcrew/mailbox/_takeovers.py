"""People who speak: the bot is quiet from there on, and learns when it was late; no I/O."""

from datetime import datetime, timedelta

from chatcrew.mailbox._draft import Draft
from chatcrew.messages import Change, Delivery, Effect, Line, Silence

TAKEOVERS = {
    Effect.PERSON_SPOKE: Silence.PERSON,
    Effect.PHONE_SPOKE: Silence.PHONE,
}
"""Words of people, and what they are to the bot."""


def take_over(row: Draft, delivery: Delivery, now: datetime) -> None:
    """Silence the bot, unless these words are older than the last hand-back.

    Deliveries are retried 3 to 7 s late (contract §1.6). Chatwoot's ``created_at`` has whole
    seconds in some versions, so only a word that is older for certain is left out. An order of
    people's own stays as it is: who pauses the bot has said until when.
    """
    line = delivery.change.line
    if line is not None:
        if _before_handback(row, line):
            return
        row.spoke_id = min(row.spoke_id or line.message_id, line.message_id)
    if row.silence is None:
        row.silence, row.silenced_at = TAKEOVERS[delivery.change.effect], now
        row.silence_by = (line.author.name or "") if line is not None else ""
    if row.silence is not Silence.COMMAND and delivery.resume_after:
        row.silence_until = now + timedelta(seconds=delivery.resume_after)


def talked_over(row: Draft, change: Change) -> bool:
    """Return whether a word of ours turns out to be newer than a person's (N4).

    Message ids are Chatwoot's own order, whatever order the webhooks come in: so either the
    person's word or our echo tells, whichever is the later to arrive.
    """
    line, own = change.line, change.effect is Effect.OWN_ECHO
    if line is None or line.private or not (own or change.effect in TAKEOVERS):
        return False
    return 0 < row.spoke_id < (line.message_id if own else row.own_id)


def _before_handback(row: Draft, line: Line) -> bool:
    handed = row.handed_version
    earlier = handed is not None and line.created_at.timestamp() + 1.0 <= handed
    return earlier or line.message_id <= row.handed_id
