"""What every figure is made of: times, money, satisfaction, and how sessions ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took; ``docs/analytics.md`` has the formulas.

    Attributes:
        count: how many were measured; with none all others are 0.
        mean: milliseconds, exact.
        p50: milliseconds: nearest rank of the times, each rounded up to a step of the scale.
        p95: the same.
        p99: the same.
    """

    count: int = 0
    mean: float = 0.0
    p50: int = 0
    p95: int = 0
    p99: int = 0


@dataclass(frozen=True, slots=True)
class Mean:
    """How long something took, where only the mean is known.

    Attributes:
        count: how many were measured.
        total: milliseconds of all.
    """

    count: int = 0
    total: int = 0

    @property
    def ms(self) -> float | None:
        """Milliseconds; None where nothing was measured."""
        return self.total / self.count if self.count else None


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
    def known_usd(self) -> float | None:
        """Return the cost as a figure of its own; None where no call has a known price."""
        return None if self.unpriced and not self.nanos else self.usd

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
