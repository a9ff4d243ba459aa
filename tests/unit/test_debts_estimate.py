"""What waits are promised from the waits of the past, and how true the promises were (N14)."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.debts import FEWEST, Sample, calibration_of, promise_of
from chatcrew.ids import ConversationId
from chatcrew.messages import Debt, DebtEnd, DebtKind, NewDebt, Promise

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SAMPLES = st.lists(
    st.builds(
        Sample,
        st.just(MONDAY),
        st.sampled_from((None, 3)),
        st.floats(0, 10_000),
        st.booleans(),
    ),
    max_size=80,
)


def answered(count: int, *, team: int | None = 3, at: datetime = MONDAY) -> list[Sample]:
    """Return waits of 1, 2, 3, … seconds that a person ended."""
    return [Sample(at, team, float(number), answered=True) for number in range(1, count + 1)]


def test_percentiles_are_those_of_the_waits() -> None:
    """Of 99 waits, 1 to 99 seconds: 9 or fewer, 50, and 90, as the next one will show."""
    assert promise_of(answered(99), team_id=3, at=MONDAY) == Promise(9.0, 50.0, 90.0)


def test_too_few_waits_promise_nothing() -> None:
    """With nineteen nobody can tell what nine of ten would be."""
    assert promise_of(answered(FEWEST - 1), team_id=3, at=MONDAY) is None
    assert promise_of(answered(FEWEST), team_id=3, at=MONDAY) is not None


def test_a_team_is_known_by_its_own_waits() -> None:
    """A slow team's customers are not promised what the quick one does."""
    slow = [replace(one, team_id=4, waited=one.waited * 60) for one in answered(40)]
    quick = answered(40)
    promise = promise_of(quick + slow, team_id=4, at=MONDAY)

    assert promise is not None
    assert promise == promise_of(slow, team_id=4, at=MONDAY)
    assert promise.likely > 1000


def test_a_part_of_the_week_with_enough_waits_speaks_for_itself() -> None:
    """Sundays are slower; a part of the week without enough of them is told by all."""
    sundays = [replace(one, at=SUNDAY, waited=one.waited * 60) for one in answered(40)]
    waits = answered(40) + sundays
    evening = MONDAY.replace(hour=20)

    assert promise_of(waits, team_id=3, at=SUNDAY) == promise_of(sundays, team_id=3, at=SUNDAY)
    assert promise_of(waits, team_id=3, at=evening) == promise_of(
        [replace(one, at=MONDAY) for one in waits], team_id=3, at=MONDAY
    )


def test_a_new_team_is_told_by_the_whole_business() -> None:
    """Nothing is known of team 9 alone."""
    known = answered(40)

    assert promise_of(known, team_id=9, at=MONDAY) == promise_of(known, team_id=3, at=MONDAY)


def test_who_was_never_answered_makes_a_team_look_no_quicker() -> None:
    """Half were given up after a minute: they waited at least that long."""
    given_up = [replace(one, waited=60.0, answered=False) for one in answered(30)]
    quick = answered(100)
    with_them = promise_of(quick + given_up, team_id=3, at=MONDAY)
    without = promise_of(quick, team_id=3, at=MONDAY)

    assert with_them is not None
    assert without is not None
    assert with_them.at_most > without.at_most


def test_where_most_were_never_answered_no_figure_is_told() -> None:
    """The ninetieth percentile is beyond all that was seen."""
    lost = [replace(one, waited=500.0, answered=False) for one in answered(30)]

    assert promise_of(answered(25) + lost, team_id=3, at=MONDAY) is None


@given(SAMPLES)
def test_a_promise_is_in_order_and_made_of_waits_that_were(samples: list[Sample]) -> None:
    """Soonest, likely and longest never cross, and none is longer than any wait."""
    promise = promise_of(samples, team_id=3, at=MONDAY)

    if promise is not None:
        longest = max(one.waited for one in samples if one.answered)
        assert 0 <= promise.soonest <= promise.likely <= promise.at_most <= longest


@pytest.mark.parametrize("seed", range(3))
def test_the_next_wait_is_inside_four_times_of_five(seed: int) -> None:
    """Waits drawn alike: the stated interval holds the next one with 80 %."""
    dice = random.Random(seed)
    waits = [Sample(MONDAY, 3, dice.lognormvariate(5, 1), answered=True) for _ in range(3000)]
    inside = told = 0
    for number in range(200, 3000, 4):
        promise = promise_of(waits[number - 200 : number], team_id=3, at=MONDAY)
        assert promise is not None
        told += 1
        inside += promise.soonest <= waits[number].waited <= promise.at_most

    assert 0.75 <= inside / told <= 0.85


def _debt(*, ending: DebtEnd | None = DebtEnd.ANSWERED, told: bool = True) -> Debt:
    promise = Promise(60.0, 120.0, 300.0) if told else None
    here = ConversationId("acme", "acme-bot", 1)
    new = NewDebt(here, "health/x", DebtKind.HANDOFF, "other", MONDAY, None, promise=promise)
    ended = None if ending is None else MONDAY + timedelta(seconds=1)
    return Debt(1, new, ended_at=ended, ending=ending)


def test_calibration_counts_what_was_told_and_how_it_ended() -> None:
    """Inside, too soon and too late; what was told to nobody counts for nothing."""
    waits = [(_debt(), 90.0), (_debt(), 30.0), (_debt(), 200.0), (_debt(), 400.0)]
    found = calibration_of([*waits, (_debt(told=False), 90.0)])

    assert found is not None
    assert (found.promises, found.within, found.by_likely, found.by_at_most) == (4, 0.5, 0.5, 0.75)


def test_who_still_waits_counts_once_the_promise_is_broken() -> None:
    """Before it nobody can know; after it no answer makes it good."""
    early, late = (_debt(ending=None), 100.0), (_debt(ending=None), 301.0)

    assert calibration_of([early]) is None
    found = calibration_of([early, late])
    assert found is not None
    assert (found.promises, found.within, found.by_at_most) == (1, 0.0, 0.0)
