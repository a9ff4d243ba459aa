"""The figures as values: counts, shares, times and money; no customer's word and no name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took; ``docs/analytics.md`` has the formulas.

    Attributes:
        count: how many were measured; with none all others are 0.
        mean: milliseconds, exact.
        p50: milliseconds: nearest rank of the times, each rounded to two significant digits.
        p95: the same.
        p99: the same.
    """

    count: int = 0
    mean: float = 0.0
    p50: int = 0
    p95: int = 0
    p99: int = 0


@dataclass(frozen=True, slots=True)
class Spend:
    """What model calls used and cost.

    Attributes:
        calls: that reached a model; answers of our own cache are not among them.
        failed: of these.
        from_cache: calls that our own cache answered; they cost nothing.
        prompt_tokens: of ``calls``, those that the provider had in its cache included.
        completion_tokens: of ``calls``.
        cached_tokens: of ``prompt_tokens``, which the provider had in its cache.
        nanos: billionths of a US dollar, as far as prices are known.
        unpriced: of ``calls``, of which nobody knows the price: not free, unknown.
        estimated: of ``calls``, whose tokens are our own count.
    """

    calls: int = 0
    failed: int = 0
    from_cache: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    nanos: int = 0
    unpriced: int = 0
    estimated: int = 0

    @property
    def usd(self) -> float:
        """US dollars, as far as prices are known."""
        return self.nanos / 1_000_000_000

    @property
    def tokens(self) -> int:
        """Of requests and answers."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What customers answered when Chatwoot asked them (CSAT, 1 to 5).

    Attributes:
        count: answers.
        total: sum of them.
        satisfied: of the answers, those of 4 and 5.
    """

    count: int = 0
    total: int = 0
    satisfied: int = 0

    @property
    def mean(self) -> float | None:
        """1 to 5; None without an answer."""
        return self.total / self.count if self.count else None

    @property
    def share(self) -> float | None:
        """Of satisfied ones, 0 to 1; None without an answer."""
        return self.satisfied / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How sessions ended; a session is what happens between two closings of a conversation.

    Every attended session is exactly one of ``contained``, ``abandoned``, ``handed_off``,
    ``taken_over`` and ``going_on``.

    Attributes:
        sessions: that began in the time asked for.
        attended: of these, in which the bot said something or gave the talk to people.
        contained: ended without people (closed, or silent for 24 hours) and not abandoned.
        abandoned: ended without people while the bot waited for something it had asked for.
        handed_off: the bot gave the talk to people.
        taken_over: people took the talk although the bot had not given it to them.
        going_on: without people, and neither closed nor silent for 24 hours.
        reasons: why the bot gave it to people, first reason of each session, most first.
        closed: of ``attended``, that were closed.
        reopened: of ``closed``, whose customer came back within 7 days.
        matured: of ``contained``, closed at least 7 days ago, or reopened within 7 days.
        durable: of ``matured``, not reopened within 7 days.
        replies: answers of the bot in all attended sessions; by ``attended`` it is the depth.
        as_of: when this was asked: silence and seven days are counted up to here.
    """

    sessions: int = 0
    attended: int = 0
    contained: int = 0
    abandoned: int = 0
    handed_off: int = 0
    taken_over: int = 0
    going_on: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    closed: int = 0
    reopened: int = 0
    matured: int = 0
    durable: int = 0
    replies: int = 0
    as_of: datetime | None = None

    @property
    def ended(self) -> int:
        """Attended sessions that do not go on."""
        return self.attended - self.going_on

    @property
    def containment(self) -> float | None:
        """Contained of ended ones, 0 to 1; None where none has ended."""
        return self.contained / self.ended if self.ended else None

    @property
    def escalation(self) -> float | None:
        """Given to people of attended ones, 0 to 1; None where none was attended."""
        return self.handed_off / self.attended if self.attended else None

    @property
    def durability(self) -> float | None:
        """Durable of matured ones, 0 to 1; None where none is seven days old."""
        return self.durable / self.matured if self.matured else None

    @property
    def depth(self) -> float | None:
        """Answers of the bot in an attended session; None where none was attended."""
        return self.replies / self.attended if self.attended else None


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
        name: of the intent; "" for turns without one.
        turns: with it.
        handed_off: of these.
        answer: see ``Overview``.
    """

    name: str
    turns: int
    handed_off: int = 0
    answer: Times = field(default_factory=Times)


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
