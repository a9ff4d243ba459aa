"""Makes of Chatwoot's own objects the deliveries that its lost webhooks would have been; no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from chatcrew.chatwoot import webhook
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Change,
    ConversationState,
    Delivery,
    Effect,
    Snapshot,
    Timing,
    Weight,
)
from chatcrew.tenancy.model import Bot, Route

Json = Mapping[str, Any]

_TAKEOVERS = (Effect.PERSON_SPOKE, Effect.PHONE_SPOKE)
_ACTIVITY = 2


@dataclass(frozen=True, slots=True)
class Target:
    """Where the deliveries of one conversation go.

    Attributes:
        bot: whose conversation it is.
        number: its display id.
        route: where its inbox leads.
        timing: burst timing of the channel.
        now: time of this look.
        known: our row, or None where we never heard of the conversation.
        continued_for: see ``Delivery.continued_for``.
        resume_after: see ``Delivery.resume_after``.
    """

    bot: Bot
    number: int
    route: Route
    timing: Timing
    now: datetime
    known: ConversationState | None
    continued_for: float = 0.0
    resume_after: float = 0.0

    @property
    def id(self) -> ConversationId:
        """Which conversation."""
        return ConversationId(self.bot.account, self.bot.name, self.number)


def unseen(target: Target, item: Json, messages: Sequence[Json]) -> list[Delivery]:
    """Return the deliveries of messages, in message order.

    Only what was said after the last answer asks for one; the rest becomes history. In a
    conversation that we never heard of, an old command is not obeyed, and a person's word before
    the newest activity line is no takeover: handing back, resolving and reopening each leave such a
    line (Chatwoot app/models/concerns/activity_message_handler.rb).

    Args:
        target: where they go.
        item: the conversation as listed.
        messages: as listed.
    """
    ordered = sorted((one for one in messages if _id(one)), key=_id)
    last_activity = max(
        (_id(one) for one in ordered if one.get("message_type") == _ACTIVITY), default=0
    )
    conversation = _as_in_webhooks(item, target.bot)
    classified = []
    for message in ordered:
        data = {**message, "conversation": conversation, "account": conversation["account"]}
        found = webhook.classify(webhook.Event("message_created", data), bot=target.bot)
        if found.weight is not Weight.NOISE:
            classified.append((message, found))
    answered = max((_answer(found) for _, found in classified), default=0)
    return [
        _delivery(target, _sorted(target, found, answered, last_activity), message)
        for message, found in classified
    ]


def moved(target: Target, item: Json) -> Delivery:
    """Return the delivery of a change of status or owner that nobody told us."""
    conversation = _as_in_webhooks(item, target.bot)
    event = webhook.Event("conversation_updated", dict(conversation))
    return _delivery(target, webhook.classify(event, bot=target.bot), conversation)


def has_moved(known: Snapshot, shown: Snapshot) -> bool:
    """Return whether Chatwoot shows a newer status or owner than we know."""
    if known.version is None or shown.version is None or shown.version <= known.version:
        return False
    return shown.status != known.status or (shown.owner_known and _owner(shown) != _owner(known))


def _owner(snapshot: Snapshot) -> tuple[str, int] | None:
    owner = snapshot.owner
    return None if owner is None else (owner.kind.value, owner.id)


def _as_in_webhooks(item: Json, bot: Bot) -> dict[str, Any]:
    """Return a listed conversation as a webhook shows it: with its account, and "no owner" said."""
    meta = item.get("meta")
    told = {"meta": {"assignee": None, **meta}} if isinstance(meta, Mapping) and meta else {}
    return {**item, **told, "account": {"id": bot.account_id}, "messages": []}


def _sorted(
    target: Target, found: webhook.Classified, answered: int, last_activity: int
) -> webhook.Classified:
    """Return what a message means now, some time after it was said."""
    change, line = found.change, found.change.line
    if line is None:
        return found
    number, new_to_us = line.message_id, target.known is None
    late = found.weight is Weight.TURN and (
        number < answered or (new_to_us and change.effect is Effect.COMMAND)
    )
    over = change.effect in _TAKEOVERS and new_to_us and number < last_activity
    if not late and not over:
        return found
    return replace(found, weight=Weight.STATE, change=Change(line=line, snapshot=change.snapshot))


def _answer(found: webhook.Classified) -> int:
    """Return the id of a public answer, 0 for anything else."""
    line = found.change.line
    if line is None or line.private or not line.author.kind.answers:
        return 0
    return line.message_id


def _delivery(target: Target, classified: webhook.Classified, shown: Json) -> Delivery:
    return webhook.to_delivery(
        classified,
        bot=target.bot,
        headers={},
        body=orjson.dumps(shown, option=orjson.OPT_SORT_KEYS),
        received_at=target.now,
        sender="sweep",
        route=target.route,
        keeping=webhook.Keeping(
            timing=target.timing,
            continued_for=target.continued_for,
            resume_after=target.resume_after,
        ),
    )


def _id(message: Json) -> int:
    number = message.get("id")
    return number if isinstance(number, int) else 0
