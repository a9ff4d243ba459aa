"""Reads hours of the day: "9h", "9:00", "das 8 às 18", "2 da tarde", "meio-dia"."""

import re
from collections.abc import Iterator

from chatcrew.hub.claims._said import Key, Said, before, blank, fold

_NOON = re.compile(
    r"\b(?:(?P<noon>meio[- ]dia|noon|midday)|(?P<night>meia[- ]noite|midnight))"
    r"(?P<half>\s+e\s+meia)?\b",
    re.IGNORECASE,
)
_DAY_PART = (
    r"(?:da|de|in\s+the)\s+(?P<part{n}>manh[ãa]|tarde|noite|madrugada|morning|afternoon|evening)"
)
_CLOCK = (
    r"(?P<hour{n}>[01]?\d|2[0-4])(?:(?:\s?[:h]\s?(?P<minute{n}>[0-5]\d)(?:\s?h(?:rs?)?\b|min\b)?)"
    r"|(?P<mark{n}>\s?(?:hrs?|hs?|horas?)\b)|(?P<bare{n}>))"
    r"(?:\s?(?P<half{n}>[ap])\.?m\b\.?)?(?:\s+" + _DAY_PART + r")?"
)
_RANGE = re.compile(
    r"(?<![\w.,/$])(?:(?P<lead>das|de|from|entre(?:\s+as)?|between|às|as)\s+)?"
    + _CLOCK.replace("{n}", "1")
    + r"\s*(?P<joint>às|as|até\s+as|até\s+às|até|a|to|until|and|e\s+as|e|-|–|—)\s*(?:às\s+|as\s+)?"
    + _CLOCK.replace("{n}", "2")
    + r"(?![\w%/]|[.,]\d)",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"(?<![\w.,/$])(?:(?P<lead>às|as|das|at|from|until|até\s+as|até\s+às|after|before)\s+)?"
    + _CLOCK.replace("{n}", "1")
    + r"(?![\w%/:]|[.,]\d)",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"(?:\b(?:em|por|dura(?:m)?|leva(?:m)?|cada|uns|umas|cerca\s+de|ap[oó]s|depois\s+de|mais\s+de|"
    r"menos\s+de|[uú]ltimas|pr[oó]ximas|espere|h[aá]|in|within|for|lasts?|takes?)|"
    r"\bem\s+at[eé]|\bpor\s+at[eé]|\bat[eé])\s*$",
    re.IGNORECASE,
)
# "aberta até 18 horas", "atendemos até 21 horas"
_OPEN_UNTIL = re.compile(
    r"\b(?:abert[ao]s?|abrimos|atend\w+|funcion\w+|open)(?:\s+(?!por\b|em\b)\w+){0,3}\s+at[eé]\s*$",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\s*(?:[.,;:!?)\]]|$|[-–—]|e\b|ou\b|na\b|no\b|de\b|em\b|do\b|da\b|com\b|d)")
_AFTERNOON = frozenset({"tarde", "noite", "afternoon", "evening"})
_NOON_HOUR = 12
_OPENS_RANGE = frozenset({"das", "from", "between"})


def read(text: str) -> tuple[list[Said], str]:
    """Return the hours of the day in a text, and the text without them."""
    found: list[Said] = []
    for one in _NOON.finditer(text):
        minute = (720 if one["noon"] else 0) + (30 if one["half"] else 0)
        found.append(Said("hour", one.group(), (_key(minute),), (_key(minute),)))
    text = _NOON.sub(blank, text)
    rest = text
    for one in _RANGE.finditer(text):
        if _is_range(one):
            found += _span(one)
            rest = rest[: one.start()] + blank(one) + rest[one.end() :]
    text = rest
    for one in _ONE.finditer(text):
        if _is_hour(one, text):
            found += _single(one, text)
            rest = rest[: one.start()] + blank(one) + rest[one.end() :]
    return found, rest


def spans(text: str) -> Iterator[tuple[int, str, str]]:
    """Return where "das 8h às 18h" stands, when it begins and when it ends."""
    text = _NOON.sub(lambda one: "12h".ljust(len(one.group())) if one["noon"] else "0h", text)
    for one in _RANGE.finditer(text):
        if _is_range(one):
            span = list(_span(one))[-1].needs[0]
            yield one.start(), span[1], span[2]


def _is_range(one: re.Match[str]) -> bool:
    """Return whether two numbers are two hours: a mark on either, or "das … às …" around them."""
    marks = ("mark", "minute", "half", "part")
    marked = [any(one[f"{name}{n}"] for name in marks) for n in (1, 2)]
    lead, joint = fold(one["lead"] or ""), fold(one["joint"])
    if fold(one["mark2"] or "").strip().startswith("hora") and lead not in (
        "das",
        "as",
        "entre as",
    ):
        # "de 2 a 3 horas" lasts, "das 2 às 3 horas" is a time of day
        return joint == "as" and lead == "de"
    if joint in ("e", "and"):
        return lead in ("entre as", "between", "entre") and any(marked)
    return any(marked) or (lead in _OPENS_RANGE and joint in ("as", "to", "until", "a"))


def _span(one: re.Match[str]) -> Iterator[Said]:
    begin, end = _minutes(one, 1), _minutes(one, 2)
    if one["part2"] and not one["part1"] and end - begin > 720:
        begin += 720  # "das 2 às 4 da tarde"
    for minute in (begin, end):
        yield Said("hour", one.group().strip(), (_key(minute),), (_key(minute),))
    span: Key = ("hour", str(begin % 1440), str(end % 1440))
    yield Said("hour", one.group().strip(), (span,), (span,))


def _is_hour(one: re.Match[str], text: str) -> bool:
    lead = fold(one["lead"] or "")
    if one["minute1"] or one["half1"] or one["part1"]:
        return True
    mark = fold(one["mark1"] or "").strip()
    if mark.startswith("hora") and _OPEN_UNTIL.search(before(text, one.start())):
        return True
    if mark.startswith("hora"):
        return lead in ("as", "das", "at", "ate as")
    if mark:
        return True
    if lead in ("as", "at", "ate as") and fold(one.group()).startswith(("as", "at", "ate")):
        accented = one["lead"].lower() in ("às", "até as", "até às", "at")
        return accented and _BEHIND.match(text, one.end()) is not None
    return False


def _single(one: re.Match[str], text: str) -> Iterator[Said]:
    minute = _minutes(one, 1)
    clock = _key(minute)
    lasts = ("number", str(minute * 100), "minute")
    plainly = one["lead"] or one["half1"] or one["part1"]
    if plainly or (one["minute1"] and ":" in one.group()):
        yield Said("hour", one.group().strip(), (clock,), (clock,))
        return
    # "em até 2h" says how long; a bare "2h" may say either
    ahead = before(text, one.start())
    if fold(one["mark1"] or "").strip().startswith("hora") and _OPEN_UNTIL.search(ahead):
        yield Said("hour", one.group().strip(), (clock,), (clock,))
        return
    long = _LASTS.search(ahead) is not None
    backs = (clock, lasts) if long else (clock,)
    yield Said("hour", one.group().strip(), (lasts,) if long else (clock, lasts), backs)


def _minutes(one: re.Match[str], n: int) -> int:
    hour, minute = int(one[f"hour{n}"]), int(one[f"minute{n}"] or 0)
    half, part = (one[f"half{n}"] or "").lower(), fold(one[f"part{n}"] or "")
    late = half == "p" or part in _AFTERNOON
    if late and hour < _NOON_HOUR:
        hour += 12
    if hour == _NOON_HOUR and (half == "a" or part == "madrugada"):
        hour = 0
    return hour * 60 + minute


def _key(minute: int) -> Key:
    return ("hour", str(minute % 1440))
