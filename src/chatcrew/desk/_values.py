"""The people of a business as the desk knows them, and what was given to whom before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chatcrew.ids import ConversationId


@dataclass(frozen=True, slots=True)
class Agent:
    """A person of the team, as Chatwoot has him or her.

    Attributes:
        id: Chatwoot's user id.
        name: full name.
        email: address, or "".
        availability: ``online``, ``busy`` or ``offline``.
    """

    id: int
    name: str
    email: str = ""
    availability: str = "offline"


@dataclass(frozen=True, slots=True)
class Team:
    """A team of Chatwoot and who is in it."""

    id: int
    name: str
    members: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Staff:
    """Who could have a conversation of one inbox, at one moment.

    Attributes:
        agents: by id, all of the account.
        members: those who see the inbox.
        teams: all of the account.
        open_of: open conversations by person.
        open_in: open conversations by team.
        read_at: since when the figures may be too small.
    """

    agents: Mapping[int, Agent]
    members: frozenset[int]
    teams: Sequence[Team] = ()
    open_of: Mapping[int, int] = field(default_factory=dict)
    open_in: Mapping[int, int] = field(default_factory=dict)
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One conversation that was given away.

    Attributes:
        at: when.
        agent_id: to whom, or None: to a team.
        team_id: to which team, or None.
        unit: what the method chose among: ``agent:12`` or ``team:4``.
        pool: all that it could choose.
    """

    at: datetime
    agent_id: int | None
    team_id: int | None
    unit: str
    pool: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How somebody did (S3-85).

    Attributes:
        rated: how many customers rated a conversation that he or she had last.
        content: how many of them gave four or five of five.
        first_word: median seconds from being given a conversation to the first word, or None.
    """

    rated: int = 0
    content: int = 0
    first_word: float | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What was given before, in one account of one tenant.

    Attributes:
        given: the newest, oldest first.
        recent: what the account's people were given in the last minutes, by any tenant.
        last: when each person was given one last.
        scores: of each person, where they were asked for.
    """

    given: Sequence[Given] = ()
    recent: Sequence[Given] = ()
    last: Mapping[int, datetime] = field(default_factory=dict)
    scores: Mapping[int, Score] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a conversation is given to.

    Attributes:
        method: see ``Placement.method``.
        why: the same in words for the team, pt-BR.
        agent: to whom, or None.
        team: to which team, or None.
        unit: see ``Given``.
        pool: see ``Given``.
    """

    method: str
    why: str
    agent: Agent | None = None
    team: Team | None = None
    unit: str = ""
    pool: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation that is to be given away.

    Attributes:
        turn_id: in which turn; asked again in the same turn the answer before is replaced.
        conversation: which.
        tenant: whose.
        scored: the choice needs scores.
    """

    turn_id: str
    conversation: ConversationId
    tenant: str
    scored: bool = False
