"""How often one customer is answered: when the next answer may be given; pure (S0-18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chatcrew.tenancy.model import Rate


@dataclass(frozen=True, slots=True)
class Often:
    """What a limit of answers says of the next one.

    Attributes:
        at: when it may be given; None: now.
        last: it is the last one for a while.
    """

    at: datetime | None = None
    last: bool = False


def how_often(answered: Sequence[datetime], rate: Rate, *, now: datetime) -> Often:
    """Return when a customer may be answered again.

    Args:
        answered: when he was, the newest first.
        rate: of the business.
        now: the moment.
    """
    spans = (
        (timedelta(minutes=1), rate.minute),
        (timedelta(hours=1), rate.hour),
        (timedelta(days=1), rate.day),
    )
    waits: list[datetime] = []
    last = False
    for span, most in spans:
        if not most:
            continue
        within = [one for one in answered if one > now - span]
        if len(within) >= most:
            waits.append(within[most - 1] + span)
        last = last or len(within) == most - 1
    return Often(max(waits), last=False) if waits else Often(None, last=last)
