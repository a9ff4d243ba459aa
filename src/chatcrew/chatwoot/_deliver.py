"""Makes of a classified event the value that goes into the mailbox."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chatcrew.chatwoot._classify import Classified
from chatcrew.chatwoot._lines import UNKNOWN_TIME
from chatcrew.ids import ConversationId
from chatcrew.messages import Delivery, Timing
from chatcrew.tenancy.model import Bot, Route

_DELIVERY = "x-chatwoot-delivery"
_DELIVERY_ID = re.compile(r"[0-9A-Za-z_.:-]{8,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a business and its channel say of how a delivery counts; as in ``Delivery``.

    Attributes:
        timing: burst timing of the channel.
        vip: whether this customer goes ahead of others; None where the event does not tell.
        continued_for: seconds for which a resolved conversation may go on.
        resume_after: seconds for which the bot stays quiet after a person's word.
    """

    timing: Timing = field(default_factory=Timing)
    vip: bool | None = None
    continued_for: float = 0.0
    resume_after: float = 0.0


def to_delivery(
    classified: Classified,
    *,
    bot: Bot,
    headers: Mapping[str, str],
    body: bytes,
    received_at: datetime,
    sender: str,
    route: Route | None,
    keeping: Keeping,
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
        keeping: how it counts.
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
        timing=keeping.timing,
        vip=keeping.vip,
        continued_for=keeping.continued_for,
        resume_after=keeping.resume_after,
    )


def _delivery_id(headers: Mapping[str, str]) -> str | None:
    found = headers.get(_DELIVERY)  # aiohttp's headers ignore case
    if found is None:
        found = next((value for key, value in headers.items() if key.lower() == _DELIVERY), "")
    return found if _DELIVERY_ID.fullmatch(found) else None
