"""What lists show, a row each: tenants, roles, conversations, gaps, what waits, what is owed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chatcrew.analytics._measures import Mean, Outcomes, Satisfaction, Spend, Times
from chatcrew.messages import Debt, Line, Person
from chatcrew.why import Account, Standing


@dataclass(frozen=True, slots=True)
class TenantFigures:
    """One tenant (S2-19).

    Attributes:
        tenant: its key; "" for what belongs to none.
        users: contacts of the sessions that began.
        sessions: that began.
        conversations: in which these sessions began.
        messages: public ones of customers and of the bot.
        turns: that ended.
        handed_off: of these.
        active: sessions with a turn within the last 30 minutes, and not closed.
        spend: of model calls.
    """

    tenant: str
    users: int = 0
    sessions: int = 0
    conversations: int = 0
    messages: int = 0
    turns: int = 0
    handed_off: int = 0
    active: int = 0
    spend: Spend = field(default_factory=Spend)


@dataclass(frozen=True, slots=True)
class Cohort:
    """The sessions that have something in common, to be compared with others (S3-92, S3-117).

    Attributes:
        name: of what they share: a version, a function, a crew, a variant; "" where none is known.
        outcomes: how they ended.
        satisfaction: of their customers.
        spend: of the model calls of their turns.
        answer: see ``Overview``.
        last_at: when one of them last had a turn.
    """

    name: str
    outcomes: Outcomes = field(default_factory=Outcomes)
    satisfaction: Satisfaction = field(default_factory=Satisfaction)
    spend: Spend = field(default_factory=Spend)
    answer: Mean = field(default_factory=Mean)
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a conversation, as lists show it; no customer's word and no name.

    Attributes:
        account: label of the account.
        bot: label of the bot.
        number: Chatwoot's display id of the conversation.
        episode: which session of the conversation, from 1.
        tenant: key, or "".
        channel: crew channel, or "".
        contact: Chatwoot's id of the contact, or None.
        began_at: when it began: its first turn.
        last_at: when its last turn ended.
        closed_at: when it was resolved, or None.
        ending: ``contained``, ``abandoned``, ``handed_off``, ``taken_over``, ``going_on``; None
            where the bot said nothing in it.
        reason: why it was first given to people, or "".
        turns: that ended.
        replies: answers of the bot.
        heard: public messages of the customer.
        said: public messages of the bot that were sent.
        intent: last one that was read, or "".
        mood: of the last turn that had one, -1 to 1, or None.
        rating: 1 to 5, or None.
        function: last that answered, or "".
        config: version of the files that answered last, or "".
        variant: of an experiment, or "".
        spend: of the model calls of its turns.
    """

    account: str
    bot: str
    number: int
    episode: int
    tenant: str
    channel: str
    contact: int | None
    began_at: datetime
    last_at: datetime
    closed_at: datetime | None
    ending: str | None
    reason: str
    turns: int
    replies: int
    heard: int
    said: int
    intent: str
    mood: float | None
    rating: int | None
    function: str
    config: str
    variant: str
    spend: Spend = field(default_factory=Spend)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which sessions a list shows; what is None is not asked for.

    Attributes:
        ending: see ``Session``.
        intent: the last one.
        function: that answered last.
        number: of the conversation.
        rated: whether the customer rated it.
        unhappy: mood of -0.3 and worse, or a rating of 2 and less.
    """

    ending: str | None = None
    intent: str | None = None
    function: str | None = None
    number: int | None = None
    rated: bool | None = None
    unhappy: bool | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything about one conversation; holds what the customer said.

    Attributes:
        standing: who answers now.
        sessions: newest first.
        lines: in message order; private notes too.
        turns: newest first.
        person: whose words they are, for the audit log; None: of nobody who is known.
    """

    standing: Standing
    sessions: Sequence[Session]
    lines: Sequence[Line]
    turns: Sequence[Account]
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class GapFigures:
    """A question that nothing answered.

    Attributes:
        tenant: whose.
        question: without what identifies people.
        count: how often.
        first_at: UTC.
        last_at: UTC.
    """

    tenant: str
    question: str
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ParkedTurn:
    """A conversation that was given to people after failures; its input is kept."""

    account: str
    bot: str
    number: int
    tenant: str
    turn: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the mailbox holds now.

    Attributes:
        due: conversations with input that no worker has taken.
        oldest_at: since when the longest of these waits, or None.
        leased: conversations that a worker has.
        parked: newest first, at most 100.
        parked_count: all of them.
        unknown: parts of answers of which nobody knows whether they were sent.
        quarantined: signed deliveries that nobody could use.
    """

    due: int = 0
    oldest_at: datetime | None = None
    leased: int = 0
    parked: tuple[ParkedTurn, ...] = ()
    parked_count: int = 0
    unknown: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class DebtFigures:
    """Answers that people owe customers; that a talk is to be finished stands beside one of them.

    Attributes:
        standing: now, the oldest first, at most 100.
        standing_count: all of them.
        opened: in the time asked for.
        endings: of these, by how they ended.
        waited: of those that ended: time at work until people answered.
    """

    standing: tuple[Debt, ...] = ()
    standing_count: int = 0
    opened: int = 0
    endings: Mapping[str, int] = field(default_factory=dict)
    waited: Times = field(default_factory=Times)
