"""What the bot does once people took over, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chatcrew.tenancy._values.memory import duration


@dataclass(frozen=True, slots=True)
class Takeover:
    """What the bot does once people have taken a conversation over.

    Attributes:
        resume_after: how long after a person's last public word the bot comes back by itself;
            None: it waits until it is told to.
        take_back: then it also takes back what is open or a person's; else it only says so there.
        reopened: who goes on where a customer writes into a resolved conversation: ``owner`` (the
            person who had it, else the bot), ``bot`` or ``people``.
        snoozed: who goes on where he writes into a snoozed one without a person: ``people`` or
            ``bot``.
        unsend: delete a reply that a person was quicker than, where the channel can (web chat).
    """

    resume_after: timedelta | None = None
    take_back: bool = False
    reopened: str = "owner"
    snoozed: str = "people"
    unsend: bool = True

    @property
    def quiet_seconds(self) -> float:
        """``resume_after`` in seconds; 0 where it is None."""
        return 0.0 if self.resume_after is None else self.resume_after.total_seconds()


def made_takeover(merged: Mapping[str, Any]) -> Takeover:
    """Return what both files say, merged."""
    written = merged.get("resume_after")
    known = {name: value for name, value in merged.items() if name != "resume_after"}
    return Takeover(resume_after=None if written is None else duration(written), **known)
