"""What a message means by who wrote it and what changed in it (contract §2.4)."""

import re
from dataclasses import replace
from typing import Any

from chatcrew.chatwoot._authors import INCOMING, TEMPLATE
from chatcrew.chatwoot._fields import flag, number, section, text
from chatcrew.chatwoot._lines import entry_of
from chatcrew.chatwoot._said import choice_text
from chatcrew.messages import Author, AuthorKind, Change, Effect, Line, Rating, Receipt, Weight

_STATUSES = frozenset({"sent", "delivered", "read", "failed"})
_COMMAND = re.compile(r"/bot(?:\s|$)", re.IGNORECASE)

_OUTGOING = {
    AuthorKind.BOT: (Effect.OWN_ECHO, "own_echo"),
    AuthorKind.OTHER_BOT: (Effect.NONE, "other_bot"),
    AuthorKind.PHONE: (Effect.PHONE_SPOKE, "phone_spoke"),
    AuthorKind.AUTOMATION: (Effect.NONE, "automation_message"),
    AuthorKind.CAMPAIGN: (Effect.NONE, "campaign_message"),
    AuthorKind.PERSON: (Effect.PERSON_SPOKE, "person_spoke"),
}

Verdict = tuple[Weight, Change, str]
"""Weight, change and the short stable name of why."""


def created(line: Line, kind: str) -> Verdict:
    """Return what a new message means.

    Args:
        line: the message.
        kind: incoming, outgoing or template.
    """
    if line.deleted:
        return _deleted(line)
    if kind == INCOMING:
        return _customer(line)
    if kind == TEMPLATE:
        return Weight.STATE, Change(line=line), "template"
    effect, reason = _OUTGOING.get(line.author.kind, (Effect.NONE, "outgoing_without_author"))
    if line.private and effect is not Effect.OWN_ECHO:
        if line.author.kind is AuthorKind.PERSON and _COMMAND.match(line.text):
            return Weight.TURN, Change(Effect.COMMAND, line=line), "command"
        return Weight.STATE, Change(line=line), "private_note"
    return Weight.STATE, Change(effect, line=line), reason


def _customer(line: Line) -> Verdict:
    if line.private:
        return Weight.STATE, Change(line=line), "private_note"
    if line.automatic:
        return Weight.STATE, Change(line=line), "automatic_mail"
    if line.content_type == "voice_call":
        return Weight.STATE, Change(line=line), "voice_call"
    if line.unsupported:
        reason = "unsupported_message"
    elif line.text:
        reason = "customer_message"
    else:
        reason = "customer_attachment" if line.attachments else "empty_message"
    return Weight.TURN, Change(Effect.INPUT, line=line), reason


def updated(data: dict[str, Any], line: Line, kind: str) -> Verdict:
    """Return what a changed message means: a choice, a rating, a receipt, a transcript, a deletion.

    Args:
        data: the webhook's top level.
        line: the message in it.
        kind: incoming, outgoing or template.
    """
    if line.deleted:
        return _deleted(line)
    attributes = section(data, "content_attributes")
    if kind == INCOMING:
        return _customer_updated(attributes, line)
    if kind == TEMPLATE:
        return _rated(section(attributes, "submitted_values"), line)
    if line.author.kind is not AuthorKind.BOT:
        # Receipts of other people's messages; a takeover is told by message_created only, or a
        # late read receipt would silence the bot again after a hand-back.
        return Weight.NOISE, Change(), "foreign_message_updated"
    chosen = choice_text(attributes)
    if chosen and not line.private:
        return _chosen(data, line, chosen)
    return _receipt(data, attributes, line)


def _customer_updated(attributes: dict[str, Any], line: Line) -> Verdict:
    if section(attributes, "translations"):
        return Weight.NOISE, Change(), "message_translated"
    if not line.text and not line.attachments:
        return Weight.NOISE, Change(), "nothing_new"
    weight, change, reason = _customer(line)
    return weight, change, "customer_message_updated" if weight is Weight.TURN else reason


def _chosen(data: dict[str, Any], line: Line, chosen: str) -> Verdict:
    """Return the choice as the customer's line: Chatwoot changed the bot's message, added none."""
    contact = section(section(section(data, "conversation"), "meta"), "sender")
    answer = replace(
        line,
        author=Author(AuthorKind.CUSTOMER, number(contact, "id"), text(contact, "name")),
        text=chosen,
        in_reply_to=line.message_id,
        tag=None,
        attachments=(),
    )
    return Weight.TURN, Change(Effect.CHOICE, line=answer), "customer_choice"


def _rated(submitted: dict[str, Any], line: Line) -> Verdict:
    survey = section(submitted, "csat_survey_response")
    stars = number(survey, "rating")
    if stars is None or not 1 <= stars <= 5:
        return Weight.NOISE, Change(), "template_updated"
    rating = Rating(line.message_id, stars, text(survey, "feedback_message") or "")
    return Weight.STATE, Change(Effect.RATED, rating=rating), "rating"


def _receipt(data: dict[str, Any], attributes: dict[str, Any], line: Line) -> Verdict:
    """Return the delivery state; only the nested message has one, and it may be a later one."""
    entry = entry_of(section(data, "conversation"), line.message_id)
    error = text(attributes, "external_error") or None
    status = "failed" if error else text(entry, "status")
    if status not in _STATUSES or flag(data, "private"):
        return Weight.NOISE, Change(), "own_message_updated"
    receipt = Receipt(line.message_id, status, error)
    return Weight.STATE, Change(Effect.RECEIPT, receipt=receipt), f"receipt_{status}"


def _deleted(line: Line) -> Verdict:
    return Weight.STATE, Change(Effect.DELETED, deleted_id=line.message_id), "message_deleted"
