"""When a weekly digest is due; pure, in the business's own time zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chatcrew.tenancy.model import Digest

LATEST = timedelta(days=3)
"""After so long a digest that nobody could send is left out: the next one is near."""

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def due(policy: Digest, timezone: str, now: datetime) -> datetime | None:
    """Return the newest moment at which a digest was due, in UTC order before ``now``, or None.

    None also where it is too long ago.
    """
    here = now.astimezone(ZoneInfo(timezone))
    hour, minute = map(int, policy.at.split(":"))
    back = (here.weekday() - _WEEKDAYS.index(policy.weekday)) % 7
    moment = here.replace(hour=hour, minute=minute, second=0, microsecond=0) - timedelta(days=back)
    if moment > here:
        moment -= timedelta(days=7)
    return moment if here - moment <= LATEST else None
