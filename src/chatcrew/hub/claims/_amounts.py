"""Reads bare numbers with what they count: "3 sessões", "5 dias úteis", "10 anos", "12 cores"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatcrew.hub.claims._numbers import hundredths
from chatcrew.hub.claims._said import Key, Said, before, blank, fold, said, word_set
from chatcrew.hub.claims._units import DAYS_OF_A_MONTH, WORKING, unit

_NUMBER = re.compile(
    r"(?<![\w.,/$#-])(?P<number>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)(?![\d/]|[.,]\d)"
    r"(?P<thousand>\s+mil\b)?"
    rf"(?:\s?(?P<english>\s?(?:business|working)\s)?\s?(?P<noun>[^\W\d_]+)(?P<working>\s+{WORKING})?)?",
    re.IGNORECASE,
)
# Ordinals, and the marks of lists: "1.", "2)", "1º", "1️⃣"
_ORDINAL = re.compile(
    r"\d+\s?(?:[ºª°]|st\b|nd\b|rd\b|th\b|\ufe0f?\u20e3)|(?<![\w/])\d+[ao]s?\b(?!\s?\d)"
)
_LIST_MARK = re.compile(
    r"^[\s>*_~•-]*\d{1,2}\s?(?:[.)\-–:]|\.\))(?=\s)|(?<![\w.,/(])\d{1,2}\)(?=\s)", re.M
)
_LISTED = re.compile(r"^[\s>]*(?:[*•–-]\s|\d{1,2}\s?[.)]\s|\d\ufe0f?\u20e3)", re.M)
# "fico por aqui 24 horas": of itself, a bot may say so
_ALWAYS_HERE = re.compile(
    r"\b(?:estou|fico|respondo|atendo|por\s+aqui|I\s+am|I'm)\b[^.!?\n]{0,40}?"
    r"\b24\s*(?:h\b|horas?|hours?|/\s*7)(?:\s+por\s+dia)?"
    r"|\b24\s*(?:h\b|horas?|hours?)(?:\s+por\s+dia)?[^.!?\n]{0,20}?\b(?:por\s+aqui\s+comigo|comigo)\b",
    re.IGNORECASE,
)
# The public lines for emergencies are everybody's: nobody is kept from them for want of a fact
_EMERGENCY = re.compile(
    r"\b(?:ligu?e\w*|lig[ao]r?|liga(?:ndo)?|chame|call|SAMU|CVV|no|on|ao)\s+(?:agora\s+|já\s+|now\s+)?"
    r"(?:para\s+)?(?:o\s+|a\s+|the\s+)?(?:SAMU\s*|CVV\s*)?(?:\(|,\s+no\s+)?(?:190|192|193|188|199)\b",
    re.IGNORECASE,
)
_AROUND_THE_CLOCK = re.compile(r"\b24\s*/\s*7\b|\b24x7\b", re.IGNORECASE)
_JOINT = re.compile(r"\s*(?:a|até|ao|to|e|ou|or|and|-|–|—|,)\s*", re.IGNORECASE)
_NO_NOUNS = word_set(
    "a o as os e ou de do da dos das em no na nos nas por para pra com sem se que ate and or to of "
    "in on at for with the is are ao aos foi sao"
)
_IDIOMS = word_set(
    "minutinho minutinhos segundinho segundinhos instante instantes beijos abracos estrelas em"
)
_OF_AGE = re.compile(r"\b(?:menor(?:es)?|maior(?:es)?|under|over)\s+(?:de\s+)?$", re.IGNORECASE)
# "resto do Brasil, de 5 a 10": what is counted was said before
_ELIDED = re.compile(
    r"(?:^|[,;:(–—-]|\b(?:de|a|até|e|ou|são|é|em|para|por|to|from|and|or))\s*$", re.IGNORECASE
)
_MOST_LISTED = 12


def without_list_marks(text: str) -> str:
    """Return ``text`` without the numbers of its list items."""
    return _LIST_MARK.sub(blank, text)


def without_marks(text: str) -> str:
    """Return ``text`` without ordinals and turns of phrase that hold a number."""
    text = _EMERGENCY.sub(blank, _ALWAYS_HERE.sub(blank, text))
    text = _AROUND_THE_CLOCK.sub("24 horas", text)
    return _ORDINAL.sub(blank, text)


def listed(text: str) -> int:
    """Return how many items a text lists, which it may count: "temos 3 opções:"."""
    return len(_LISTED.findall(text))


@dataclass(slots=True)
class _Amount:
    found: re.Match[str]
    value: int
    unit: tuple[str, int] | None
    noun: str
    carried: bool = False


def read(text: str, *, items: int = 0, working: bool = False) -> list[Said]:
    """Return the amounts of a sentence from which money, dates, hours and codes were taken.

    Args:
        text: the sentence.
        items: how many items the whole text lists.
        working: the whole text speaks of working days, so that "5 a 10 dias" may mean those.
    """
    amounts = list(_amounts(text))
    for one, following in zip(reversed(amounts[:-1]), reversed(amounts[1:]), strict=True):
        between = text[one.found.end("number") : following.found.start()]
        if one.unit is None and _JOINT.fullmatch(between):
            one.unit, one.noun = following.unit, following.noun
    last = None
    for one in amounts:
        if one.unit is not None:
            last = one.unit
        elif last is not None and not one.noun:
            # "1 a 2 dias úteis; resto do Brasil, 5 a 10"
            one.unit, one.carried = last, True
    return [claim for one in amounts for claim in _claim(one, items=items, working=working)]


def _amounts(text: str) -> Iterator[_Amount]:
    for found in _NUMBER.finditer(text):
        value = hundredths(found["number"]) * (1000 if found["thousand"] else 1)
        noun = fold(found["noun"] or "")
        if noun in _NO_NOUNS:
            noun = ""
        counted = unit(noun, working=bool(found["working"] or found["english"])) if noun else None
        yield _Amount(found, value, counted, noun)


def _claim(one: _Amount, *, items: int, working: bool) -> Iterator[Said]:
    text = one.found.group().strip()
    plain: Key = ("number", str(one.value), "")
    any_unit: Key = ("number", str(one.value), "?")
    if one.unit is None:
        counts = one.value <= 100 or (one.value == items * 100 and items <= _MOST_LISTED)
        if not counts and one.noun not in _IDIOMS:
            words = before(one.found.string, one.found.start())
            needs = [plain]
            if not one.noun and _ELIDED.search(words):
                needs.append(any_unit)
            if _OF_AGE.search(words):
                needs.append(("number", str(one.value * 12), "month"))
            yield said("number", text, *needs, backs=(plain, any_unit))
        return
    name, times = one.unit
    exact: Key = ("number", str(one.value * times), name)
    needs = [exact]
    if name == "month" and one.value * times == 100:
        needs.append(("number", str(DAYS_OF_A_MONTH * 100), "day"))
    if working and name in ("day", "minute"):
        needs.append(("number", str(one.value * times), f"work{name}"))
    if one.carried:
        needs.append(plain)
    yield said("number", text, *needs, backs=(exact, any_unit))
