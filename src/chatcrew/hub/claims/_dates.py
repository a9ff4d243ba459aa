"""Reads dates, weekdays and days told from today ("amanhã"), relative to the clock."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from chatcrew.hub.claims._said import Key, Said, before, blank, fold, said

_MONTHS = (
    *("janeiro", "fevereiro", "marco", "abril", "maio", "junho", "julho", "agosto"),
    *("setembro", "outubro", "novembro", "dezembro"),
)
_MONTHS_EN = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_MONTH_OF = {name: n for names in (_MONTHS, _MONTHS_EN) for n, name in enumerate(names, 1)}
_MONTH_PT = "|".join((*_MONTHS, "março"))
_MONTH_EN = "|".join(_MONTHS_EN)
_NUMERIC = re.compile(
    r"(?<![\w/.-])(?:(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"
    r"|(?P<d2>\d{1,2})(?P<sep>[/.-])(?P<m2>\d{1,2})(?:(?P=sep)(?P<y2>\d{4}|\d{2}))?)"
    r"(?![\w/]|-\d|[.]\d)"
)
_NAMED = re.compile(
    rf"\b(?P<days>\d{{1,2}}º?(?:(?:\s*,\s*|\s+e\s+|\s+a\s+|\s+ou\s+)\d{{1,2}}){{0,5}})(?:st|nd|rd|th)?\s+"
    rf"(?:de\s+|of\s+)?(?P<month>{_MONTH_PT}|{_MONTH_EN})(?:\s+de\s+(?P<year>\d{{4}}))?\b"
    rf"|\b(?P<month_en>{_MONTH_EN})\s+(?P<day_en>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*(?P<year_en>\d{{4}}))?\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\bdias?\s+(?P<days>\d{1,2}(?:(?:\s*,\s*|\s+e\s+|\s+a\s+|\s+ou\s+|\s+ao\s+)\d{1,2}){0,5})"
    r"(?![\d/.,]*\d|\s*%)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    rf"\b(?:(?:em|de|até|desde|para|a\s+partir\s+de|in|until|in\s+late)\s+)(?P<month>{_MONTH_PT}|"
    rf"{_MONTH_EN.replace('may|', '')})\b",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\b(?:19|20)\d\d\s*[-–]\s*(?:19|20)\d\d\b")
_SHORT_DAYS = ("segunda", "terça", "quarta", "quinta", "sexta")
_WEEKDAY_OF = {
    **{name: n for n, name in enumerate(("segunda", "terca", "quarta", "quinta", "sexta"))},
    **{"sabado": 5, "domingo": 6},
    **{name: n for n, name in enumerate(("seg", "ter", "qua", "qui", "sex", "sab", "dom"))},
    **{
        name: n
        for n, name in enumerate(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        )
    },
}
# "segunda via", "quinta parte" and "terça parte" are no days
_GOES_ON = (
    r"(?=\s*(?:$|[.,;:!?()\"'*_/–—-]|\d)|\s+(?:e|a|à|às|as|ao|das|de|do|ou|até|pela|na|no|que|o|os|é|"
    r"está|quem|quando|em|para|por|com|já|temos|abrimos|atend\w+|fech\w+|fic\w+|and|to|or|from|at|is|we)\b|"
    r"[-\s]feiras?)"
)
_WEEKDAY_NAME = (
    r"(?:(?:segunda|ter[çc]a|quarta|quinta|sexta)s?(?:[- ]feiras?)?" + _GOES_ON + r"|s[áa]bados?|"
    r"domingos?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)"
)
# "seg a sex"; alone, "ter" is a verb and "sex" another word
_SHORT = r"(?:seg|ter|qua|qui|sex|s[áa]b|dom)"
_WEEKDAYS = re.compile(
    rf"(?<![\w-])(?P<first>{_WEEKDAY_NAME}|{_SHORT}(?=\.?\s*(?:a|à|até|-|–)\s*{_SHORT}\b))"
    r"(?:\.?\s*(?:-feira)?\s*(?:a|à|até|ao|to|through|-|–)\s*"
    rf"(?P<last>{_WEEKDAY_NAME}|{_SHORT}\b))?(?!\w)",
    re.IGNORECASE,
)
_RIGHT_BEFORE = re.compile(
    rf"(?P<name>{_WEEKDAY_NAME})[\s,(]{{1,3}}(?:(?:é|no|dia)\s+)?$", re.IGNORECASE
)
_NEXT_DAYS = 14
# That somebody works on Fridays is no vacancy on this one
_VACANT = re.compile(
    r"\b(?:vagas?|vago|livres?|dispon\w+|encaix\w+|free|available)\b", re.IGNORECASE
)
_ORDINAL = re.compile(r"\b(?:uma|a\s+sua|da\s+sua|pela|numa|tua|minha)\s+$", re.IGNORECASE)
_RELATIVE = {
    "depois de amanha": "after_tomorrow",
    "day after tomorrow": "after_tomorrow",
    "amanha": "tomorrow",
    "tomorrow": "tomorrow",
    "semana que vem": "next_week",
    "proxima semana": "next_week",
    "next week": "next_week",
    "mes que vem": "next_month",
    "proximo mes": "next_month",
    "next month": "next_month",
    "fim de semana": "weekend",
    "final de semana": "weekend",
    "fins de semana": "weekend",
    "finais de semana": "weekend",
    "weekend": "weekend",
    "weekends": "weekend",
    "feriado": "holiday",
    "feriados": "holiday",
    "holidays": "holiday",
}
_RELATIVE_WORDS = re.compile(
    r"\b(?:depois\s+de\s+amanh[ãa]|day\s+after\s+tomorrow|amanh[ãa]|tomorrow|semana\s+que\s+vem|"
    r"pr[óo]xima\s+semana|next\s+week|m[êe]s\s+que\s+vem|pr[óo]ximo\s+m[êe]s|next\s+month|"
    r"(?:fim|final|fins|finais)\s+de\s+semana|weekends?|feriados?|holidays)\b",
    re.IGNORECASE,
)
_MONTHS_OF_A_YEAR, _LONGEST_MONTH = 12, 31


def read(text: str, *, day: date | None) -> tuple[list[Said], str]:
    """Return what a text says of days, and the text without it.

    Args:
        text: a sentence.
        day: today where the business is; None: "amanhã" is founded by "amanhã" alone.
    """
    found: list[Said] = []
    text = _YEARS.sub(blank, text)
    for one in _NUMERIC.finditer(text):
        dates = _numeric(one)
        if dates:
            found.append(_of_calendar(dates, one, day))
            text = text[: one.start()] + blank(one) + text[one.end() :]
    for pattern, reading in ((_NAMED, _named), (_DAY, _days), (_MONTH, _month)):
        for one in pattern.finditer(text):
            found += (_of_calendar(claim, one, day) for claim in reading(one))
        text = pattern.sub(blank, text)
    for one in _RELATIVE_WORDS.finditer(text):
        found.append(_relative(one, day))
    text = _RELATIVE_WORDS.sub(blank, text)
    for one in _WEEKDAYS.finditer(text):
        if not _ORDINAL.search(before(text, one.start())):
            found += _weekdays(one)
    return found, _WEEKDAYS.sub(blank, text)


def weekdays(text: str) -> Iterator[tuple[int, int]]:
    """Return where weekdays stand and which they are; those of a range stand at one place."""
    for one in _WEEKDAYS.finditer(text):
        if not _ORDINAL.search(before(text, one.start())):
            for claim in _weekdays(one):
                yield one.start(), int(claim.needs[0][1])


def today(day: date) -> frozenset[Key]:
    """Return what the clock alone backs: today, its weekday, its month and year."""
    month = str(day.month)
    plain = {("date", month, str(day.day), ""), ("day", str(day.day)), ("month", month)}
    return frozenset(
        {
            *plain,
            ("date", month, str(day.day), str(day.year)),
            ("weekday", str(day.weekday())),
            ("number", str(day.year * 100), ""),
        }
    )


def _of_calendar(claim: Said, one: re.Match[str], day: date | None) -> Said:
    """Let "segunda, dia 23" rest on that Monday, where the calendar of the next weeks says so."""
    ahead = before(one.string, one.start())
    name = _RIGHT_BEFORE.search(ahead)
    if day is None or name is None or _VACANT.search(one.string):
        return claim
    weekday = _number(name["name"])
    for that in (day + timedelta(n) for n in range(_NEXT_DAYS)):
        keys = {("day", str(that.day)), ("date", str(that.month), str(that.day), "")}
        if that.weekday() == weekday and not keys.isdisjoint(claim.needs):
            return replace(claim, needs=(*claim.needs, ("weekday", str(weekday))))
    return claim


def _date(text: str, day: int, month: int, year: str) -> Said:
    year = f"20{year}" if len(year) == len("26") else year
    plain: Key = ("date", str(month), str(day), "")
    exact: Key = ("date", str(month), str(day), year)
    weekday: tuple[Key, ...] = ()
    if year:
        try:
            weekday = (("weekday", str(date(int(year), month, day).weekday())),)
        except ValueError:
            weekday = ()
    backs = (plain, exact, ("day", str(day)), ("month", str(month)), *weekday)
    return Said(
        "date",
        text,
        (exact, ("date", str(month), str(day), "only")) if year else (plain,),
        backs if year else (*backs, ("date", str(month), str(day), "only")),
    )


def _numeric(one: re.Match[str]) -> Said | None:
    day, month = int(one["d"] or one["d2"]), int(one["m"] or one["m2"])
    year = one["y"] or one["y2"] or ""
    if not (0 < day <= _LONGEST_MONTH and 0 < month <= _MONTHS_OF_A_YEAR):
        return None
    if (one["sep"] or "/") != "/" and not year:
        return None  # "1-2" is a range, "1.5" a number
    if (day, month, year) == (24, 7, ""):
        return None  # "24/7"
    return _date(one.group(), day, month, year)


def _named(one: re.Match[str]) -> Iterator[Said]:
    month = _MONTH_OF[fold(one["month"] or one["month_en"])]
    year = one["year"] or one["year_en"] or ""
    for day in re.findall(r"\d+", one["days"] or one["day_en"]):
        yield _date(one.group(), int(day), month, year)


def _days(one: re.Match[str]) -> Iterator[Said]:
    for day in re.findall(r"\d+", one["days"]):
        yield said("date", one.group(), ("day", str(int(day))))


def _month(one: re.Match[str]) -> Iterator[Said]:
    yield said("date", one.group(), ("month", str(_MONTH_OF[fold(one["month"])])))


def _relative(one: re.Match[str], day: date | None) -> Said:
    name = _RELATIVE[" ".join(fold(one.group()).split())]
    own: Key = ("when", name)
    ahead = {"tomorrow": 1, "after_tomorrow": 2}.get(name)
    if name == "weekend":
        return said("date", one.group(), own, ("weekday", "5"), ("weekday", "6"), backs=(own,))
    if day is None or name == "holiday":
        return said("date", one.group(), own)
    if ahead is None:
        near = [day + timedelta(n) for n in range(1, 15)] if name == "next_week" else []
        keys: list[Key] = [("date", str(that.month), str(that.day), "") for that in near]
        if name == "next_month":
            keys = [("month", str(day.month % _MONTHS_OF_A_YEAR + 1))]
        return said("date", one.group(), own, *keys, backs=(own,))
    that = day + timedelta(ahead)
    when: tuple[Key, ...] = (
        own,
        ("date", str(that.month), str(that.day), ""),
        ("weekday", str(that.weekday())),
    )
    return said("date", one.group(), *when)


def _weekdays(one: re.Match[str]) -> Iterator[Said]:
    first = _number(one["first"])
    last = _number(one["last"]) if one["last"] else first
    for day in range(first, last + 1) if last >= first else (*range(first, 7), *range(last + 1)):
        yield said("date", one.group(), ("weekday", str(day)))


def _number(name: str) -> int:
    word = re.split(r"[-\s]", fold(name).strip())[0]
    return _WEEKDAY_OF.get(word, _WEEKDAY_OF.get(word.removesuffix("s"), 0))
