"""How a turn ended, for the worker that claimed it."""

from dataclasses import dataclass

from chatcrew.messages import Claim, TurnRecord


@dataclass(frozen=True, slots=True)
class Ended:
    """How a turn ended.

    Attributes:
        claim: the claim as it is now, with everything a recheck took in.
        record: its facts.
        recorded: the turn was decided by an earlier claim, which recorded its facts with it.
        park: why it is to be parked, or None: it is settled.
    """

    claim: Claim
    record: TurnRecord
    recorded: bool = False
    park: str | None = None
