"""The calendar of a business counts the same time as a clock that is looked at every minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from chatcrew.tenancy._weekly import DAY, Span, weekly
from chatcrew.tenancy.calendar import Calendar
from chatcrew.tenancy.model import Opening

# São Paulo put its clocks back at midnight until 2019, Berlin at three, Lord Howe by half an hour
ZONES = ("America/Sao_Paulo", "Europe/Berlin", "Australia/Lord_Howe", "UTC")
NIGHTS = (date(2018, 11, 2), date(2018, 2, 16), date(2026, 3, 27), date(2026, 10, 23))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Return times of a day; some end on the next."""
    begin = draw(st.integers(0, DAY - 1))
    return Span(begin, begin + draw(st.integers(1, DAY)))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Return opening times with a holiday, in a zone that may change its clocks."""
    days = draw(st.lists(st.lists(spans(), max_size=2), min_size=7, max_size=7))
    week = tuple(tuple(day) for day in days)
    closed = draw(st.sampled_from(NIGHTS)) + timedelta(days=1)
    special = draw(st.dictionaries(st.just("12-24"), st.lists(spans(), max_size=1).map(tuple)))
    opening = Opening(week, holidays={closed.isoformat(): "feriado"}, special=special)
    return Calendar(opening, ZoneInfo(draw(st.sampled_from(ZONES))))


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Return a moment around a night in which clocks change somewhere."""
    night = datetime.combine(draw(st.sampled_from(NIGHTS)), datetime.min.time(), UTC)
    return night + timedelta(minutes=draw(st.integers(0, 4 * DAY)))


@given(calendars(), moments(), st.integers(0, 300))
def test_seconds_are_the_minutes_in_which_it_is_open(
    calendar: Calendar, begin: datetime, minutes: int
) -> None:
    """Counted by looking at each minute, over nights in which clocks change (S1-67)."""
    looked = (begin + timedelta(minutes=one) for one in range(0, minutes))
    # clocks of all these zones change at whole minutes, so an open minute is wholly open
    expected = sum(60 for one in looked if calendar.is_open(one))

    assert calendar.seconds(begin, begin + timedelta(minutes=minutes)) == expected


@given(calendars(), moments(), st.integers(0, DAY), st.integers(0, DAY))
def test_time_adds_up(calendar: Calendar, begin: datetime, first: int, second: int) -> None:
    """Two stretches one after the other are one stretch."""
    middle = begin + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)

    whole = calendar.seconds(begin, end)

    assert whole == calendar.seconds(begin, middle) + calendar.seconds(middle, end)


@example(
    Calendar(Opening(week=((), (), (), (), (), (), (Span(0, 1),))), ZoneInfo("America/Sao_Paulo")),
    datetime(2018, 11, 2, tzinfo=UTC),
    58,
)
@given(calendars(), moments(), st.integers(1, 3 * DAY))
def test_after_is_when_so_much_time_has_passed(
    calendar: Calendar, begin: datetime, minutes: int
) -> None:
    """A promise of so many minutes at work falls due when they have passed, not before."""
    span = timedelta(minutes=minutes)

    due = calendar.after(begin, span)

    if due is None:
        assert calendar.seconds(begin, begin + timedelta(days=399)) < span.total_seconds()
    else:
        assert calendar.seconds(begin, due) == span.total_seconds()


@given(calendars(), moments())
def test_the_next_opening_is_open_and_nothing_before_it_is(
    calendar: Calendar, at: datetime
) -> None:
    """What is promised to a customer as the next opening is one, and the first one."""
    opens = calendar.opens_at(at)

    assert opens is None or (calendar.is_open(opens) and calendar.seconds(at, opens) == 0)


@given(st.text(max_size=40))
def test_any_line_is_read_or_refused(line: str) -> None:
    """No text of an admin breaks the reader of times."""
    found = weekly(line)

    assert found is None or (found[0] and found[1])
