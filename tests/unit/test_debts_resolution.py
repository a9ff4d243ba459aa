"""How much people finish in time: what is counted, what a business may say of it (S3-81)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from chatcrew.debts import resolution_of
from chatcrew.hub.debts import event_of, steps
from chatcrew.hub.debts._notes import hours
from chatcrew.ids import ConversationId
from chatcrew.messages import Debt, DebtEnd, DebtKind, NewDebt
from chatcrew.tenancy._values.waiting import made_waiting
from chatcrew.tenancy.model import WaitingPolicy

HERE = ConversationId("demo", "clinic-bot", 7)
SINCE = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)
HOUR = 3600.0


def _debt(ending: DebtEnd | None) -> Debt:
    new = NewDebt(HERE, "a/b", DebtKind.RESOLUTION, "other", SINCE, None)
    return Debt(1, new, ending=ending)


def test_only_what_is_decided_is_judged() -> None:
    """Resolved in time or late, and open for too long; not what still has time or went back."""
    waits = [
        (_debt(DebtEnd.RESOLVED), 3 * HOUR),
        (_debt(DebtEnd.RESOLVED), 24 * HOUR),
        (_debt(DebtEnd.RESOLVED), 25 * HOUR),
        (_debt(None), 30 * HOUR),
        (_debt(None), 2 * HOUR),
        (_debt(DebtEnd.RETURNED), 40 * HOUR),
    ]
    found = resolution_of(waits, within=24 * HOUR)

    assert (found.judged, found.in_time) == (4, 2)


def test_the_limit_is_a_day_of_opening_time_and_each_business_has_its_own() -> None:
    """Told once, then daily; 0 is never, as with ``answer``."""
    told = steps(WaitingPolicy(), DebtKind.RESOLUTION)
    other = steps(made_waiting({"resolve_within": 90, "daily": 0}), DebtKind.RESOLUTION)

    assert [one.after for one in told] == [1440, *[None] * 5]
    assert {one.do for one in told} == {"unresolved"}
    assert [one.after for one in other] == [90]
    assert steps(made_waiting({"resolve_within": 0}), DebtKind.RESOLUTION) == ()


def test_who_answered_and_who_finished_are_counted_apart() -> None:
    """A conversation that is resolved ends two debts of different kinds."""
    names = {event_of(kind, end) for kind in DebtKind for end in DebtEnd}

    assert event_of(DebtKind.HANDOFF, DebtEnd.RESOLVED) == "resolved"
    assert event_of(DebtKind.RESOLUTION, DebtEnd.RESOLVED) == "resolution_resolved"
    assert len(names) == 2 * len(DebtEnd)


@pytest.mark.parametrize(
    ("seconds", "words"), [(600, "10 min"), (5_000, "1 h 23 min"), (24 * HOUR, "24 h")]
)
def test_time_at_work_is_told_in_hours(seconds: float, words: str) -> None:
    """Twenty-four hours of opening time are three working days, not "1 d"."""
    assert hours(seconds) == words


def test_reminders_are_a_day_apart() -> None:
    """The first step alone is counted from the handing over."""
    every = steps(WaitingPolicy(daily=3), DebtKind.RESOLUTION)

    assert all(later.after is None for _, later in pairwise(every))
    assert timedelta(minutes=every[0].after or 0) == timedelta(days=1)
