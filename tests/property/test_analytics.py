"""The scale of times and the windows of a scope, for any times and any calendar."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.analytics._scale import LONGEST, STEPS, step, times
from chatcrew.analytics._windows import begins, windows

ZONES = ("UTC", "America/Sao_Paulo", "America/Noronha", "Asia/Kolkata", "Europe/Lisbon")
BEGINNING = datetime(2017, 10, 1, tzinfo=UTC)
"""With both changes of clocks of São Paulo, at midnight, in the days after it."""

hours = st.floats(0, 24 * 400, allow_nan=False)


@given(st.integers(-5, 2 * LONGEST))
def test_a_time_stands_on_the_next_step_and_never_on_a_shorter_one(ms: int) -> None:
    """So a percentile never promises more than was kept, and is at most 16 % too long."""
    found = step(ms)
    if ms <= 0:
        assert found == 0
    elif ms <= LONGEST:
        assert found in STEPS
        assert ms <= found <= 1.16 * ms
    else:
        assert found == LONGEST


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=60))
def test_percentiles_are_the_nearest_rank(measured: list[int]) -> None:
    """Of the steps; in whatever pieces they are counted."""
    found = times(((step(one), 1) for one in measured), total=sum(measured))
    ordered = sorted(step(one) for one in measured)
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        value = getattr(found, name)
        assert sum(one <= value for one in ordered) >= share * len(ordered) - 1e-9
        assert sum(one < value for one in ordered) < share * len(ordered)
    assert found.mean == sum(measured) / len(measured)


@given(hours, hours, st.none() | hours, st.lists(hours, max_size=50), st.sampled_from(ZONES))
def test_each_moment_of_a_scope_is_read_exactly_once(
    one: float, other: float, marked: float | None, moments: list[float], zone: str
) -> None:
    """Added up or turn by turn, never both and never neither."""

    def at(hour: float) -> datetime:
        return BEGINNING + timedelta(hours=hour)

    since, until = at(min(one, other)), at(max(one, other))
    mark = None if marked is None else at(marked)
    (window,) = windows([zone], since=since, until=until, mark=mark)
    for moment in [*(at(hour) for hour in moments), since, until, *([mark] if mark else [])]:
        day = moment.astimezone(ZoneInfo(zone)).date()
        added = mark is not None and moment < mark and window.first <= day < window.last
        alone = since <= moment < until and (moment < window.head or moment >= window.tail)
        assert added + alone == (since <= moment < until)


@given(hours, st.sampled_from(ZONES))
def test_a_day_begins_with_its_first_moment(hour: float, zone: str) -> None:
    """Also where clocks go forward or back at midnight."""
    moment = BEGINNING + timedelta(hours=hour)
    day = moment.astimezone(ZoneInfo(zone)).date()
    first = begins(day, zone)
    assert first <= moment
    assert first.astimezone(ZoneInfo(zone)).date() == day
    assert (first - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date() < day
