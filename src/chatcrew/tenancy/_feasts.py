"""Holidays that a whole country keeps, and days as an admin names them."""

import re
from datetime import date, timedelta

_YEARLY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_LEAP = 2024
"""A year that has every day of every year."""

# Leis 662/1949, 6.802/1980 e 14.759/2023: os feriados nacionais do Brasil
_BRAZIL = {
    "01-01": "Confraternização Universal",
    "04-21": "Tiradentes",
    "05-01": "Dia do Trabalho",
    "09-07": "Independência",
    "10-12": "Nossa Senhora Aparecida",
    "11-02": "Finados",
    "11-15": "Proclamação da República",
    "11-20": "Consciência Negra",
    "12-25": "Natal",
}
_GOOD_FRIDAY = "Sexta-feira Santa"


def known_day(text: str) -> bool:
    """Return whether ``text`` is a day (``2026-04-03``, ``12-25``) or ``2026-12-24/2027-01-02``."""
    ends = text.split("/")
    if len(ends) == 1 and _YEARLY.fullmatch(text):
        return _date(f"{_LEAP}-{text}") is not None
    days = [_date(one) for one in ends]
    if len(days) > 2 or None in days:
        return False
    first, last = days[0], days[-1]
    return first is not None and last is not None and first <= last


def covers(named: str, day: date) -> bool:
    """Return whether a day that an admin named is ``day``; both ends of a range belong to it."""
    first, _, last = named.partition("/")
    if last:
        return first <= day.isoformat() <= last
    return named in (day.isoformat(), f"{day:%m-%d}")


def national(country: str, day: date) -> str | None:
    """Return the name of the national holiday that a country keeps on a day, or None."""
    if country != "BR":
        return None
    if day == easter(day.year) - timedelta(days=2):
        return _GOOD_FRIDAY
    return _BRAZIL.get(f"{day:%m-%d}")


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar.

    The anonymous algorithm (Meeus, Astronomical Algorithms, chapter 8).
    """
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None
