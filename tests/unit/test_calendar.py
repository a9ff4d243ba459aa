"""Opening times of a business: nights, breaks, holidays, clocks that change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatcrew.tenancy._feasts import easter
from chatcrew.tenancy._values.opening import made_opening
from chatcrew.tenancy.calendar import Calendar

SHOP = ("seg-sex 08:00-12:00, 13:00-18:00", "sáb 08:00-12:00")


def calendar(*times: str, zone: str = "America/Sao_Paulo", **more: object) -> Calendar:
    """Return the calendar of these lines."""
    return Calendar(made_opening({"times": list(times), **more}), ZoneInfo(zone))


def at(text: str, zone: str = "America/Sao_Paulo") -> datetime:
    """Return a moment by the clock on the wall."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-25 08:00", "2026-11-25 08:00"),
        ("2026-11-25 12:00", "2026-11-25 13:00"),
        ("2026-11-25 18:00", "2026-11-26 08:00"),
        ("2026-11-28 11:59", "2026-11-28 11:59"),
        ("2026-11-28 12:00", "2026-11-30 08:00"),
        ("2026-12-24 17:00", "2026-12-26 08:00"),
    ],
)
def test_the_next_opening_is_named(now: str, opens: str) -> None:
    """Breaks, evenings, weekends and a holiday; the end of a time is closed already (S1-67)."""
    shop = calendar(*SHOP, national="BR", special={"12-24": ["08:00-12:00"]})

    assert shop.opens_at(at(now)) == at(opens)
    assert shop.is_open(at(now)) == (now == opens)


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    """A bar of Friday is open on Saturday at one; a holiday closes the night that it begins."""
    bar = calendar("fri-sat 18:00-02:00", holidays={"2026-11-28": "festa da casa"})

    assert bar.is_open(at("2026-11-28 01:30"))
    assert not bar.is_open(at("2026-11-28 02:00"))
    assert not bar.is_open(at("2026-11-28 20:00"))
    assert bar.closes_at(at("2026-11-27 19:00")) == at("2026-11-28 02:00")


def test_time_at_work_passes_only_at_work() -> None:
    """Five minutes promised at 17:58 on Friday are over on Saturday at 08:03 (S3-81)."""
    shop = calendar(*SHOP)

    assert shop.after(at("2026-11-27 17:58"), timedelta(minutes=5)) == at("2026-11-28 08:03")
    assert shop.seconds(at("2026-11-27 17:58"), at("2026-11-28 08:03")) == 300
    assert shop.seconds(at("2026-11-28 08:03"), at("2026-11-27 17:58")) == 0


def test_a_business_opens_by_the_clock_on_its_wall() -> None:
    """On the night clocks go forward Berlin's 24 hours are 23, on the other night 25."""
    always = calendar("mon-sun 00:00-24:00", zone="Europe/Berlin")
    spring, autumn = "2026-03-29", "2026-10-25"

    for day, hours in ((spring, 23), (autumn, 25)):
        begin = at(f"{day} 00:00", "Europe/Berlin")
        end = begin + timedelta(hours=hours)
        assert end.astimezone(ZoneInfo("Europe/Berlin")).hour == 0
        assert always.seconds(begin, end) == hours * 3600
        assert always.closes_at(begin) > end


def test_nobody_said_when_is_always_and_no_times_is_never() -> None:
    """Without the key nothing is promised for later; an empty list is a business without people."""
    silent = Calendar(made_opening({}), ZoneInfo("UTC"))
    closed = calendar()
    now = at("2026-11-25 03:00")

    assert silent.is_open(now)
    assert silent.closes_at(now) is None
    assert silent.after(now, timedelta(hours=1)) == now + timedelta(hours=1)
    assert closed.opens_at(now) is None
    assert closed.after(now, timedelta(minutes=1)) is None


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-04-03", "Sexta-feira Santa"),
        ("2027-03-26", "Sexta-feira Santa"),
        ("2026-11-20", "Consciência Negra"),
        ("2026-11-21", None),
        ("2026-02-17", "Carnaval"),
        ("2027-01-01", "férias coletivas"),
    ],
)
def test_holidays_have_their_names(day: str, name: str | None) -> None:
    """Those of the law, those of the business, and a range over the turn of the year."""
    own = {"2026-02-17": "Carnaval", "2026-12-28/2027-01-03": "férias coletivas"}
    shop = calendar(*SHOP, national="BR", holidays=own)

    assert shop.holiday(date.fromisoformat(day)) == name


def test_easter_is_where_the_almanac_has_it() -> None:
    """Known Easters, the earliest and the latest of these centuries among them."""
    known = ("1818-03-22", "1943-04-25", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25")

    assert [easter(int(day[:4])).isoformat() for day in known] == list(known)
