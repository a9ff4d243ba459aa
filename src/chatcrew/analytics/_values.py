"""The figures as values: counts, shares, times and money; no customer's word and no name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from chatcrew.analytics._measures import Mean, Outcomes, Satisfaction, Spend, Times


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a tenant, or of several tenants, each by its own calendar.

    Attributes:
        day: which.
        turns: that ended on it.
        replied: of these.
        handed_off: of these.
        heard: public messages of customers in these turns.
        said: public messages of the bot that were sent in these turns.
        spend: of the calls that ended on it.
    """

    day: date
    turns: int = 0
    replied: int = 0
    handed_off: int = 0
    heard: int = 0
    said: int = 0
    spend: Spend = field(default_factory=Spend)


@dataclass(frozen=True, slots=True)
class Overview:
    """What an owner looks at first.

    Attributes:
        turns: that ended, by outcome: ``replied``, ``handed_off``, ``dropped``, ``parked``.
        conversations: in which a session began.
        sessions: that began.
        users: contacts of these sessions.
        active: sessions with a turn within the last 30 minutes, and not closed.
        heard: public messages of customers.
        said: public messages of the bot that were sent.
        first_reply: from the customer's first words to the bot's first answer, of each session.
        answer: from the customer's last word to the last part of the answer, of each turn.
        kept: answers within the promise of the crew's YAML.
        missed: answers after it.
        spend: of model calls.
        satisfaction: of customers.
        outcomes: how the sessions ended.
        days: with something in them, in their order.
    """

    turns: Mapping[str, int] = field(default_factory=dict)
    conversations: int = 0
    sessions: int = 0
    users: int = 0
    active: int = 0
    heard: int = 0
    said: int = 0
    first_reply: Times = field(default_factory=Times)
    answer: Times = field(default_factory=Times)
    kept: int = 0
    missed: int = 0
    spend: Spend = field(default_factory=Spend)
    satisfaction: Satisfaction = field(default_factory=Satisfaction)
    outcomes: Outcomes = field(default_factory=Outcomes)
    days: tuple[Day, ...] = ()


@dataclass(frozen=True, slots=True)
class DaySpend:
    """What one day cost."""

    day: date
    spend: Spend


@dataclass(frozen=True, slots=True)
class Costs:
    """What model calls cost, divided in several ways; each adds up to ``total``.

    Attributes:
        total: all of it.
        days: in their order.
        roles: by who asked: a role of a crew, ``memory``, ``transcription``, …; dearest first.
        models: by configured model, dearest first.
        tenants: by tenant, dearest first.
        sessions: attended ones that began in the time: cost by session is ``total`` by these.
        contained: of these; cost by contained session is ``total`` by these.
    """

    total: Spend
    days: tuple[DaySpend, ...] = ()
    roles: Mapping[str, Spend] = field(default_factory=dict)
    models: Mapping[str, Spend] = field(default_factory=dict)
    tenants: Mapping[str, Spend] = field(default_factory=dict)
    sessions: int = 0
    contained: int = 0


@dataclass(frozen=True, slots=True)
class RungTimes:
    """A step of the ladder, and how it ended."""

    name: str
    end: str
    times: Times


@dataclass(frozen=True, slots=True)
class Latency:
    """How long turns took.

    Attributes:
        answer: see ``Overview``.
        first_reply: see ``Overview``.
        stages: by stage of the turn, in the order that they run.
        rungs: steps of the ladder that were tried, most first.
        engines: answers by who gave them: ``intent``, ``faq``, ``cache``, ``compiled``, …
    """

    answer: Times = field(default_factory=Times)
    first_reply: Times = field(default_factory=Times)
    stages: Mapping[str, Times] = field(default_factory=dict)
    rungs: tuple[RungTimes, ...] = ()
    engines: Mapping[str, Times] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IntentFigures:
    """What customers asked for.

    Attributes:
        name: of the intent; "" for those without one.
        turns: with it that the bot answered or gave to people.
        handed_off: of these.
        answer: see ``Overview``.
    """

    name: str
    turns: int
    handed_off: int = 0
    answer: Mean = field(default_factory=Mean)


@dataclass(frozen=True, slots=True)
class DayMoods:
    """The moods of one day."""

    day: date
    negative: int = 0
    neutral: int = 0
    positive: int = 0


@dataclass(frozen=True, slots=True)
class Moods:
    """How customers felt, by the turns whose mood was read.

    Attributes:
        negative: mood of -0.3 and worse.
        neutral: between.
        positive: mood of 0.3 and better.
        total: sum of all, in thousandths.
        days: in their order.
        signals: complaints by kind: ``complaint``, ``asked``, ``generic``, ``unable``; a turn
            with several counts once in each.
    """

    negative: int = 0
    neutral: int = 0
    positive: int = 0
    total: int = 0
    days: tuple[DayMoods, ...] = ()
    signals: Mapping[str, int] = field(default_factory=dict)

    @property
    def mean(self) -> float | None:
        """-1 to 1; None where none was read."""
        count = self.negative + self.neutral + self.positive
        return self.total / 1000 / count if count else None
