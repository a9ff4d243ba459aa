"""What a business remembers, as values; seen through ``model``."""

from dataclasses import dataclass
from datetime import timedelta

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class MemoryPolicy:
    """What is remembered of a customer from one conversation to the next.

    Attributes:
        enabled: remember customers at all.
        consent: ``implied``, or ``required``: nothing is kept until the customer has agreed.
        keep_days: days after which a fact is forgotten by itself.
        extract_every: messages of the customer between two extractions by a model (S3-58).
        attribute: custom attribute of the contact that says that the customer agreed, or None.
    """

    enabled: bool = True
    consent: str = "implied"
    keep_days: int = 365
    extract_every: int = 5
    attribute: str | None = None


@dataclass(frozen=True, slots=True)
class Collect:
    """What customers mention of themselves that goes into their contact (S2-03)."""

    name: bool = True
    email: bool = True
    phone: bool = True
    document: bool = False


@dataclass(frozen=True, slots=True)
class Episodes:
    """What a resolved conversation is when the customer writes into it again.

    Attributes:
        reopen: ``new`` or ``continue``.
        continue_within: how long after its end a talk may be continued.
    """

    reopen: str = "new"
    continue_within: timedelta = timedelta(hours=24)

    @property
    def continued_for(self) -> timedelta:
        """How long a resolved talk may be continued; nothing where each is a new one."""
        return self.continue_within if self.reopen == "continue" else timedelta(0)


def duration(written: str) -> timedelta:
    """Return ``90m``, ``24h`` or ``7d`` as a time span."""
    return timedelta(**{_UNITS[written[-1]]: int(written[:-1])})
