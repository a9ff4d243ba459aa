"""Makes of a classified event the value that goes into the mailbox."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chatcrew.chatwoot._classify import Classified
from chatcrew.chatwoot._lines import UNKNOWN_TIME
from chatcrew.ids import ConversationId
from chatcrew.messages import Delivery, Timing
from chatcrew.tenancy.model import Bot, Route

_DELIVERY = "x-chatwoot-delivery"
_DELIVERY_ID = re.compile(r"[0-9A-Za-z_.:-]{8,100}", re.ASCII)


def to_delivery(
    classified: Classified,
    *,
    bot: Bot,
    headers: Mapping[str, str],
    body: bytes,
    received_at: datetime,
    sender: str,
    route: Route | None,
    timing: Timing,
) -> Delivery:
    """Return the delivery for the mailbox.

    Args:
        classified: what the event means.
        bot: the bot it was addressed to.
        headers: of the request; ``X-Chatwoot-Delivery`` stays the same over Chatwoot's retries.
        body: the raw bytes.
        received_at: when they were read, UTC.
        sender: kind of sender as verified.
        route: where the inbox leads, or None where it is not mapped.
        timing: burst timing of the channel.
    """
    change = classified.change
    if change.line is not None and change.line.created_at == UNKNOWN_TIME:
        change = replace(change, line=replace(change.line, created_at=received_at))
    number = classified.conversation
    return Delivery(
        account=bot.account,
        bot=bot.name,
        event=classified.event,
        weight=classified.weight,
        reason=classified.reason,
        change=change,
        body=body,
        digest=hashlib.sha256(body).digest(),
        received_at=received_at,
        sender=sender,
        conversation=None if number is None else ConversationId(bot.account, bot.name, number),
        object_id=classified.object_id,
        delivery_id=_delivery_id(headers),
        tenant=route.tenant if route else None,
        channel=route.channel if route else None,
        timing=timing,
    )


def _delivery_id(headers: Mapping[str, str]) -> str | None:
    found = headers.get(_DELIVERY)  # aiohttp's headers ignore case
    if found is None:
        found = next((value for key, value in headers.items() if key.lower() == _DELIVERY), "")
    return found if _DELIVERY_ID.fullmatch(found) else None
