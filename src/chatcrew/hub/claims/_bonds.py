"""What belongs together: a price and its product, a day and its hours, a term and its topic.

A figure that stands in the sources may still be said of the wrong thing. Read here is only what is
plain enough to be judged: nobody's right answer is to be refused for its style.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from chatcrew.hub.claims import _money
from chatcrew.hub.claims._dates import weekdays
from chatcrew.hub.claims._said import Key, fold
from chatcrew.hub.claims._times import spans

TOPICS = {
    "warranty": r"garanti|warrant",
    "trial": r"\btest[ea]|experiment|trial|gr[áa]tis|gratuit",
    "exchange": r"\btroc|devolv|devoluç|arrepend|exchange|\breturns?\b",
    "delivery": r"\bentreg|\bfrete|\benvi|deliver|shipping",
    "refund": r"reembols|estorn|refund",
    "result": r"\blaudo|resultado|\bresult",
    "revisit": r"\bretorno|follow-up",
    "parking": r"estacionament|parking",
    "bond": r"fidelidade|carência",
    "salary": r"sal[áa]ri|salary",
    "demo": r"demonstraç|\bdemo\b",
    "experience": r"experi[êe]ncia|mercado",
    "pix": r"\bpix\b",
    "pix_key": r"\bchaves?\s+(?:do\s+|de\s+)?pix\b|\bpix\s+key\b",
}
"""Things a business promises terms for; a term of one is none of another."""

_TOPICS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in TOPICS.items()}
_PIX, _PIX_KEY = frozenset({"pix"}), frozenset({"pix_key"})
_REACHED = frozenset({"phone", "email", "code"})
_TERMS = frozenset({"minute", "day", "month", "workday", "workminute"})
_HEAD = re.compile(r"^(?:plano|kit|clube|pacote|curso|plan)\s+", re.IGNORECASE)
# "O Kit Pele Mista sai por": no comma, no other thing between a name and its price
_NEAR = r"[^,;:.!?\n\d]{0,45}?(?:[:(–—-]\s*(?:a\s+partir\s+de\s*|de\s*|por\s*)?)?"
_SHORTEST_NAME = 4
_SHORTEST_ALIAS = 6
_LONGEST_PRICE = 24
_UP_TO = re.compile(r"r\$\s*[\d.,]*\d\s*(?:a|ate|-|–|to)\s*(?P<top>r\$\s*[\d.,]*\d)")


def topics(text: str) -> frozenset[str]:
    """Return what a text speaks of that terms are promised for."""
    return frozenset(name for name, pattern in _TOPICS.items() if pattern.search(text))


def bound(key: Key, spoken_of: frozenset[str]) -> frozenset[str]:
    """Return to which of the topics spoken of a figure belongs: spans of time, shares, Pix keys."""
    if key[0] in _REACHED:
        return spoken_of & _PIX_KEY
    if key[0] == "percent":
        return spoken_of - _PIX_KEY
    term = key[0] == "number" and key[2] in _TERMS
    return spoken_of - _PIX_KEY - _PIX if term else frozenset()


@dataclass(frozen=True, slots=True)
class Priced:
    """Something with a price of its own.

    Attributes:
        name: folded, without "plano" or "kit".
        prices: in hundredths.
        pattern: finds its name right before a price.
    """

    name: str
    prices: frozenset[str]
    pattern: re.Pattern[str]


def priced(facts: Mapping[str, str]) -> tuple[Priced, ...]:
    """Return the facts that are prices: the name and what it costs."""
    return _priced(tuple(facts.items()))


@lru_cache(maxsize=256)
def _priced(facts: tuple[tuple[str, str], ...]) -> tuple[Priced, ...]:
    found: list[Priced] = []
    others = Counter(fold(_HEAD.sub("", name)).partition(" de ")[0] for name, _ in facts)
    for name, value in facts:
        said, _ = _money.read(value)
        prices = frozenset(one.backs[0][1] for one in said if one.kind == "price")
        bare = fold(_HEAD.sub("", name))
        # "endolaser" is "endolaser de safena" where nothing else is called so
        short = bare.partition(" de ")[0]
        alone = len(short) > _SHORTEST_ALIAS and others[short] == 1
        if prices and len(bare) >= _SHORTEST_NAME:
            called = short if alone else bare
            pattern = re.compile(rf"(?<!\w){re.escape(called)}\b{_NEAR}(?=r\$)")
            found.append(Priced(called, prices, pattern))
    return tuple(found)


def swapped_prices(text: str, things: tuple[Priced, ...]) -> Iterator[str]:
    """Return prices that a sentence gives to one thing and that are another's."""
    folded = fold(text)
    if len(folded) != len(text) or "r$" not in folded:
        return  # places would not match, or nothing is priced
    for one in things:
        for found in one.pattern.finditer(folded) if one.name in folded else ():
            said, _ = _money.read(text[found.end() : found.end() + _LONGEST_PRICE])
            between = found.group().removeprefix(one.name)
            if any(other.name in between for other in things):
                continue  # "escleroterapia com espuma: R$ 900"
            for price in said[:1]:
                owners = [other for other in things if price.backs[0][1] in other.prices]
                own = any(other is one or one.name in other.name for other in owners)
                if price.kind == "price" and owners and not own:
                    yield price.text
            if said and (up_to := _UP_TO.match(folded, found.end())):
                top, _ = _money.read(text[up_to.start("top") : up_to.end()])
                yield from (t.text for t in top if t.backs[0][1] not in one.prices)


def openings(text: str) -> frozenset[tuple[int, str, str]]:
    """Return the weekdays of a text with the hours that are said of each."""
    days, hours = list(weekdays(text)), list(spans(text))
    hours_first = bool(days and hours and hours[0][0] < days[0][0] and hours[-1][0] < days[-1][0])
    found: set[tuple[int, str, str]] = set()
    for place, begin, end in hours:
        group = [at for at, _ in days if at < place]
        # "das 8h às 18h de segunda a sexta, das 8h às 12h no sábado": hours first, and so all along
        behind = [at for at, _ in days if at > place]
        if hours_first and behind:
            group, near = behind, min(behind)
        elif group:
            near = max(group)
        if group:
            found |= {(day, begin, end) for at, day in days if at == near}
    return frozenset(found)
