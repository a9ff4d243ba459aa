"""A conversation that people owe an answer to: since when, by what clock, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chatcrew.ids import ConversationId


class DebtKind(StrEnum):
    """What is owed."""

    HANDOFF = "handoff"
    """The bot promised that a person would go on."""
    REPLY = "reply"
    """People have the conversation, and the customer wrote again."""
    RESOLUTION = "resolution"
    """People have the conversation and have not finished it: stands beside one of the others."""


class DebtEnd(StrEnum):
    """How a debt ended."""

    ANSWERED = "answered"
    """A person wrote to the customer."""
    RESOLVED = "resolved"
    """People resolved the conversation; where a word was owed, without one."""
    RETURNED = "returned"
    """The bot has the conversation again."""
    THANKED = "thanked"
    """The customer had only said thank you: nobody waited."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a customer was told to expect, in seconds of time at work.

    Attributes:
        soonest: one of ten waited no longer (p10).
        likely: half waited no longer (p50).
        at_most: nine of ten waited no longer (p90).
    """

    soonest: float
    likely: float
    at_most: float


@dataclass(frozen=True, slots=True)
class NewDebt:
    """A debt before it is kept.

    Attributes:
        conversation: where.
        tenant: whose people owe it.
        kind: what is owed.
        reason: short stable name: of the handoff, or ``unanswered``.
        opened_at: since when, UTC.
        next_at: when its first step is due, or None: none ever is.
        closed_then: people were not at work when it was opened.
        turn_id: the turn that made the promise, or None.
        team_id: Chatwoot's team that owes it, or None.
        promise: what the customer was told, or None: no figures.
    """

    conversation: ConversationId
    tenant: str
    kind: DebtKind
    reason: str
    opened_at: datetime
    next_at: datetime | None
    closed_then: bool = False
    turn_id: str | None = None
    team_id: int | None = None
    promise: Promise | None = None


@dataclass(frozen=True, slots=True)
class Debt:
    """A debt as it is kept.

    Attributes:
        id: its number.
        owed: what was opened.
        episode: of the conversation when it was opened.
        customer_id: the customer's newest message then: a person's word after it pays.
        again: the bot was given this episode back before, because people did not come.
        step: how many steps were taken.
        step_turn: the turn that took the last one.
        ended_at: when it ended, UTC, or None while it stands.
        ending: how.
        waited: seconds of time at work until it ended.
        by: Chatwoot's user who answered, or None.
    """

    id: int
    owed: NewDebt
    episode: int = 1
    customer_id: int = 0
    again: bool = False
    step: int = 0
    step_turn: str | None = None
    ended_at: datetime | None = None
    ending: DebtEnd | None = None
    waited: float | None = None
    by: int | None = None
