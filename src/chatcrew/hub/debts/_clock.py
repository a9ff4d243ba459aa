"""When a debt is due, by the tenant's policy and in time at work; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chatcrew.ids import ConversationId
from chatcrew.messages import (
    ActKind,
    Debt,
    DebtEnd,
    DebtKind,
    NewDebt,
    Placement,
    PlannedPart,
    Promise,
)
from chatcrew.tenancy.calendar import calendar
from chatcrew.tenancy.model import Tenant, WaitingPolicy

OWED = "owed"
"""Key under which a status act says that it makes a debt."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a debt.

    Attributes:
        after: minutes of time at work since the debt was opened; None: a day after the one before.
        do: ``opening`` (who waited over night is announced first thing), ``announce``,
            ``reroute``, ``return`` or ``unresolved`` (what is not finished is told).
    """

    after: float | None
    do: str


def steps(
    policy: WaitingPolicy, kind: DebtKind, *, closed_then: bool = False, again: bool = False
) -> tuple[Step, ...]:
    """Return everything that is done about a debt, in order.

    Args:
        policy: the tenant's.
        kind: what is owed.
        closed_then: it was opened while people were not at work.
        again: the bot got this talk back once before: it does not get it a second time.
    """
    daily = (Step(None, "announce"),) * policy.daily
    if kind is DebtKind.RESOLUTION:
        within = policy.resolve_within
        again_daily = (Step(None, "unresolved"),) * policy.daily
        return () if within is None else (Step(within, "unresolved"), *again_daily)
    if kind is DebtKind.REPLY:
        return () if policy.answer is None else (Step(policy.answer, "announce"), *daily)
    named = [
        Step(one.after, "announce" if again and one.do == "return" else one.do)
        for one in policy.steps
    ]
    opening = (Step(0.0, "opening"),) if closed_then and named else ()
    # After a return, too: where the bot could not have it back, people are still owed the reminder
    return (*opening, *named, *(daily if named else ()))


def next_at(
    tenant: Tenant, debt: NewDebt, *, taken: int, now: datetime, again: bool = False
) -> datetime | None:
    """Return when the next step is due, UTC; None where there is none.

    Where the steps before came late, as after a night in which no server ran, the next keeps its
    distance: people are not told three things at once.

    Args:
        tenant: whose people owe it.
        debt: as it was opened.
        taken: how many steps were taken, the one that is taken now included.
        now: the moment of the last one.
        again: see ``steps``.
    """
    days = calendar(tenant)
    every = steps(tenant.people.waiting, debt.kind, closed_then=debt.closed_then, again=again)
    if taken >= len(every):
        return None
    after = every[taken].after
    if after is None:
        return days.opens_at(now + _DAY)
    due = days.after(debt.opened_at, timedelta(minutes=after))
    before = every[taken - 1].after if taken else None
    if before is None:
        return due
    apart = days.after(now, timedelta(minutes=after - before))
    return None if due is None or apart is None else max(due, apart)


def owed(
    tenant: Tenant,
    kind: DebtKind,
    conversation: ConversationId,
    *,
    since: datetime,
    said: Mapping[str, Any] | None = None,
    turn_id: str | None = None,
) -> NewDebt | None:
    """Return the debt that is opened, None where the tenant's policy knows none of this kind.

    Args:
        tenant: whose people owe it.
        kind: what is owed.
        conversation: where.
        since: when the customer's wait began.
        said: what the status act carries, see ``handed``.
        turn_id: the turn that made the promise.
    """
    policy = tenant.people.waiting
    unwatched = {
        DebtKind.REPLY: policy.answer is None,
        DebtKind.RESOLUTION: policy.resolve_within is None,
    }
    if unwatched.get(kind, False):
        return None
    said = said or {}
    told = said.get("promise")
    new = NewDebt(
        conversation,
        tenant.key,
        kind,
        reason=str(said.get("reason", "unanswered")),
        opened_at=since,
        next_at=None,
        closed_then=not calendar(tenant).is_open(since),
        turn_id=turn_id,
        team_id=said.get("team_id"),
        promise=Promise(*map(float, told)) if told else None,
    )
    return replace(new, next_at=next_at(tenant, new, taken=0, now=since))


def handed(part: PlannedPart, *, reason: str, placement: Placement | None = None) -> PlannedPart:
    """Return a status act that makes a debt once it is done.

    Args:
        part: the act that opens the conversation to people.
        reason: of the handoff.
        placement: whom it is given to and what the customer was told, or None.
    """
    if part.kind is not ActKind.STATUS:
        raise ValueError("only a status opens a conversation")
    said: dict[str, Any] = {"reason": reason}
    if placement is not None and placement.team_id is not None:
        said["team_id"] = placement.team_id
    if placement is not None and placement.wait is not None and placement.open_now:
        wait = placement.wait
        spans = (wait.soonest, wait.likely, wait.at_most)
        said["promise"] = [span.total_seconds() for span in spans]
    return PlannedPart(part.kind, {**part.payload, OWED: said}, gated=part.gated)


def unanswered(part: PlannedPart, *, since: datetime) -> PlannedPart:
    """Return a status act that leaves a customer without an answer to people, who owe him one.

    The watch would find him a minute later; a crash of everything in between would lose nothing,
    and still his clock would begin late.

    Args:
        part: the act that opens the conversation to people.
        since: when he last wrote.
    """
    said = {"kind": DebtKind.REPLY.value, "since": since.isoformat()}
    return PlannedPart(part.kind, {**part.payload, OWED: said}, gated=part.gated)


def event_of(kind: DebtKind, ending: DebtEnd) -> str:
    """Return what an ending is counted as: who answered and who finished are not added up."""
    return f"resolution_{ending.value}" if kind is DebtKind.RESOLUTION else ending.value


def step_of(debt: Debt, tenant: Tenant, *, number: int) -> Step | None:
    """Return the step of this number, from 1; None where the policy has no such step any more."""
    every = steps(
        tenant.people.waiting,
        debt.owed.kind,
        closed_then=debt.owed.closed_then,
        again=debt.again,
    )
    return every[number - 1] if 0 < number <= len(every) else None
