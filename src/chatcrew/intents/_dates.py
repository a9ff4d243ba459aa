"""Days as customers name them: "amanhã", "dia 15", "15/03", "próxima terça", in two languages."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from chatcrew.privacy import Found

_DAYS: Final = {
    **dict.fromkeys(("segunda", "seg", "monday"), 0),
    **dict.fromkeys(("terca", "tuesday"), 1),
    **dict.fromkeys(("quarta", "wednesday"), 2),
    **dict.fromkeys(("quinta", "thursday"), 3),
    **dict.fromkeys(("sexta", "friday"), 4),
    **dict.fromkeys(("sabado", "saturday"), 5),
    **dict.fromkeys(("domingo", "sunday"), 6),
}
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janeiro jan january",
            "fevereiro fev february feb",
            "marco mar march",
            "abril abr april apr",
            "maio mai may",
            "junho jun june",
            "julho jul july",
            "agosto ago august aug",
            "setembro set september sep",
            "outubro out october oct",
            "novembro nov november",
            "dezembro dez december dec",
        ),
        1,
    )
    for name in names.split()
}
_AWAY: Final = {
    "depois de amanha": 2,
    "day after tomorrow": 2,
    "amanha": 1,
    "tomorrow": 1,
    "hoje": 0,
    "today": 0,
    "anteontem": -2,
    "antes de ontem": -2,
    "ontem": -1,
    "yesterday": -1,
}
_SPANS: Final = {"dia": 1, "day": 1, "semana": 7, "week": 7}
_FEW: Final = {"um": 1, "uma": 1, "one": 1, "dois": 2, "duas": 2, "two": 2, "tres": 3, "three": 3}

_EDGE: Final = r"(?<![\w/.,-])"
_END: Final = r"(?![\w]|[/.,-]\d)"


def _any(names: object) -> str:
    return "|".join(sorted(map(str, names), key=len, reverse=True))  # type: ignore[call-overload]  # dict keys


_AWAY_DAY = re.compile(rf"\b({_any(_AWAY)})\b")
_COUNTED = re.compile(
    rf"\b(?:daqui (?:a |ha )?|em |in )(\d{{1,3}}|{_any(_FEW)}) (dia|semana|day|week)s?\b(?! uteis)"
)
_WEEKDAY = re.compile(
    rf"\b(?:(?:n?[ao] |nessa |nesta |essa |esta )?(?:proxim[ao] |next |this )?)?"
    rf"({_any(_DAYS)})(?:[- ]feira)?\b"
    r"(?! (?:via|vez|parte|opcao|parcela|etapa|linha|loja|unidade|mao|dose|pessoa|tentativa)\b)"
    r"(?P<later> (?:da|na) (?:semana que vem|proxima semana)| (?:of )?next week)?"
    r"(?: que vem| agora)?"
)
_ISO = re.compile(rf"{_EDGE}(\d{{4}})-(\d{{2}})-(\d{{2}}){_END}")
_NUMERIC = re.compile(
    rf"{_EDGE}(?:dia )?(\d{{1,2}})([/.-])(\d{{1,2}})(?:\2(\d{{4}}|\d{{2}}))?{_END}"
)
_NAMED = re.compile(
    rf"{_EDGE}(?:dia )?(\d{{1,2}}|primeiro)(?:o|a|st|nd|rd|th)?(?: de | of | |/)({_any(_MONTHS)})\b"
    rf"(?:(?: de |/| |, )(\d{{4}}))?"
)
_STREET = re.compile(r"\b(?:rua|r\.|avenida|av\.?|praca|largo|travessa|bairro) (?:d[aeo] )?$")
_NAMED_FIRST = re.compile(
    rf"\b({_any(_MONTHS)}) (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?{_END}"
)
_DAY_OF_MONTH = re.compile(
    rf"\b(?:dia|the) (\d{{1,2}}|primeiro)(?:o|st|nd|rd|th)?(?P<next> do mes que vem"
    rf"| do proximo mes| of next month)?{_END}"
)


def days(text: str, *, today: date, region: str, back: bool = False) -> Iterator[Found]:
    """Yield the days named in flattened ``text`` as ``2026-03-15``.

    Without a year it is the next such day from ``today`` on; a weekday is never today. ``3/4`` has
    the month first where ``region`` is US. A day that no calendar has is found, and not valid. With
    ``back`` it is the last such day until today instead.
    """
    for pattern, read in _RULES:
        for found in pattern.finditer(text):
            try:
                day = read(found, today, region)
                if back and day is not None and day > today:
                    day = read(found, today - _BACK.get(read, timedelta()), region)
            except (ValueError, OverflowError):
                yield Found("date", found.group(), *found.span(), valid=False)
                continue
            if day is not None:
                yield Found("date", day.isoformat(), *found.span())


def _iso(found: re.Match[str], today: date, region: str) -> date:
    return date(int(found[1]), int(found[2]), int(found[3]))


def _numeric(found: re.Match[str], today: date, region: str) -> date | None:
    one, mark, other, year = int(found[1]), found[2], int(found[3]), found[4]
    if year is None and (mark != "/" or not (0 < one <= 31 and 0 < other <= 31)):
        return None
    day, month = (other, one) if region == "US" else (one, other)
    if year is None:
        return _next(today, day, month) if month <= 12 else None
    return date(int(year) if len(year) == 4 else _century(int(year), today), month, day)


def _century(year: int, today: date) -> int:
    """Return the year meant by two digits: at most ten years ahead."""
    full = today.year // 100 * 100 + year
    return full - 100 if full > today.year + 10 else full


def _named(found: re.Match[str], today: date, region: str) -> date | None:
    if _STREET.search(found.string[max(0, found.start() - 20) : found.start()]):
        return None  # Rua 15 de Novembro
    return _of_month(found[1], found[2], found[3], today)


def _named_first(found: re.Match[str], today: date, region: str) -> date:
    return _of_month(found[2], found[1], found[3], today)


def _of_month(day: str, month: str, year: str | None, today: date) -> date:
    number = 1 if day == "primeiro" else int(day)
    if year is None:
        return _next(today, number, _MONTHS[month])
    return date(int(year), _MONTHS[month], number)


def _next(today: date, day: int, month: int) -> date:
    """Return the next such day from today on; 29 February waits for its year."""
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:
            if (day, month) != (29, 2):
                raise
            continue
        if found >= today:
            return found
    raise ValueError("no such day")


def _day_of_month(found: re.Match[str], today: date, region: str) -> date:
    day = 1 if found[1] == "primeiro" else int(found[1])
    if not 1 <= day <= 31:
        raise ValueError("no such day")
    first = today.replace(day=1)
    if found["next"]:
        first = _month_after(first)
        return first.replace(day=day)
    while True:
        try:
            meant = first.replace(day=day)
        except ValueError:
            meant = date.min  # this month is too short
        if meant >= today:
            return meant
        first = _month_after(first)


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _away(found: re.Match[str], today: date, region: str) -> date:
    return today + timedelta(days=_AWAY[found[1]])


def _counted(found: re.Match[str], today: date, region: str) -> date:
    many = _FEW[found[1]] if found[1] in _FEW else int(found[1])
    return today + timedelta(days=many * _SPANS[found[2]])


def _weekday(found: re.Match[str], today: date, region: str) -> date:
    day = _DAYS[found[1]]
    if found["later"]:
        return today - timedelta(days=today.weekday()) + timedelta(days=7 + day)
    return today + timedelta(days=(day - today.weekday() - 1) % 7 + 1)


_Read = Callable[[re.Match[str], date, str], date | None]
# From so long ago on, the next such day is the last one
_BACK: Final[Mapping[_Read, timedelta]] = {
    _numeric: timedelta(days=365),
    _named: timedelta(days=365),
    _named_first: timedelta(days=365),
    _day_of_month: timedelta(days=31),
    _weekday: timedelta(days=8),
}
# The more exact first: what is claimed by one is not read again by the next.
_RULES: Final[tuple[tuple[re.Pattern[str], _Read], ...]] = (
    (_ISO, _iso),
    (_NUMERIC, _numeric),
    (_NAMED, _named),
    (_NAMED_FIRST, _named_first),
    (_DAY_OF_MONTH, _day_of_month),
    (_COUNTED, _counted),
    (_AWAY_DAY, _away),
    (_WEEKDAY, _weekday),
)
