"""Whom a conversation could be given to: what the hub asks the desk, and what it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Placing:
    """What is known of a conversation that needs people.

    Attributes:
        reason: why it goes to people, as in ``Handoff.reason``.
        priority: ``low``, ``medium``, ``high``, ``urgent`` or None.
        topic: name of the intent it is about, or None.
        labels: those it has and those it is given with the handoff.
        function: function of the bot that had it, or None.
        not_to: agents it must not be given to, such as one who did not pick it up.
        team: Chatwoot's team that a trigger or a role has given it to already, or None.
        agent: the same of a user; where either is named, nobody else is chosen.
    """

    reason: str
    priority: str | None = None
    topic: str | None = None
    labels: Sequence[str] = ()
    function: str | None = None
    not_to: Sequence[int] = ()
    team: int | None = None
    agent: int | None = None

    @property
    def named(self) -> bool:
        """Whether it is said already who has it: nobody is to be chosen."""
        return self.team is not None or self.agent is not None


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a team took before, in business time.

    Attributes:
        likely: half of the conversations waited no longer (p50).
        at_most: nine of ten waited no longer (p90).
        soonest: one of ten waited no longer (p10); not told, but with it the promise is measured.
    """

    likely: timedelta
    at_most: timedelta
    soonest: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a conversation goes.

    Attributes:
        open_now: people are at work.
        opens_at: when they are next, UTC; None while they are, or where nobody knows.
        team_id: Chatwoot's team it is given to, or None.
        agent_id: Chatwoot's user it is given to, or None: whom Chatwoot or the team chooses.
        agent_name: of that user, or None.
        method: the method that chose: ``previous``, ``round_robin``, ``load``, ``specialty``,
            ``performance``, ``share``, ``named`` where it was said before, or ``chatwoot`` where
            Chatwoot does.
        why: the same in words for the team, pt-BR.
        wait: what waiting was like before, or None where too little is known.
    """

    open_now: bool = True
    opens_at: datetime | None = None
    team_id: int | None = None
    agent_id: int | None = None
    agent_name: str | None = None
    method: str = "chatwoot"
    why: str = ""
    wait: Wait | None = None
