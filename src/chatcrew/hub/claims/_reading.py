"""Reads a text sentence by sentence: every reader in its turn, each seeing what the others left."""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from chatcrew.hub.claims import _addresses, _amounts, _dates, _money, _times
from chatcrew.hub.claims._names import Name
from chatcrew.hub.claims._names import read as read_names
from chatcrew.hub.claims._numbers import in_digits
from chatcrew.hub.claims._said import Said

_SHORT = r"(?:[Dd]ra?|[Ss]ra?|[Aa]v|[Rr]|[Tt]el|[Pp]rofa?|[Ee]nf|[Ee]x|[Nn]|[Tt]v|[Rr]od|hs?)"
_SENTENCE_END = re.compile(r"(?<=[.!?…])[*_\"')\]]*\s+|\n+")
_ABBREVIATION = re.compile(rf"\b{_SHORT}\.$")
_HERE = re.compile(
    r"\b(?:abr\w+|abert\w+|atend\w+|funcion\w+|hor[áa]rios?|expediente|loja|equipe\s+est|open\w*|"
    r"hours|recep[cç][ãa]o|fecha\w*|plant[ãa]o|vende\w*)\b",
    re.IGNORECASE,
)
_ARRIVES = re.compile(
    r"\b(?:cheg\w+|entreg\w+|envi\w+|receb\w+|confirmad\w+|agendad\w+|marcad\w+|arriv\w+)\b",
    re.IGNORECASE,
)
_OF_WORKING_DAYS = re.compile(r"\b(?:úteis|uteis|útil|business|working)\b", re.IGNORECASE)

# A model that runs wild writes words without end; what is compared is their beginning
_ENDLESS = re.compile(r"(?:(?<=\d{40})\d+|(?<=\S{400})\S+)()")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with what it claims.

    Attributes:
        text: as it is written.
        plain: the same with its amounts in digits, in which the claims stand.
        claims: figures, dates, addresses and codes.
        names: of people and of what is on offer.
        hours: it speaks of opening times.
    """

    text: str
    plain: str
    claims: tuple[Said, ...]
    names: tuple[Name, ...]
    hours: bool


@lru_cache(maxsize=1024)
def read(text: str, day: date | None, *, customer: bool = False) -> tuple[Sentence, ...]:
    """Return the sentences of a text; what was read lately is not read again.

    Args:
        text: a reply or a source.
        day: today where the business is.
        customer: the customer's own words, in which every spelled number is one.
    """
    items = _amounts.listed(text)
    text = _amounts.without_list_marks(_ENDLESS.sub(r"\1", text))
    working = _OF_WORKING_DAYS.search(text) is not None
    found: list[Sentence] = []
    for one in sentences(text):
        read_so = _sentence(one, day=day, items=items, working=working, customer=customer)
        if found and found[-1].hours and not _ARRIVES.search(one):
            read_so = replace(read_so, hours=True)
        found.append(read_so)
    return tuple(found)


def sentences(text: str) -> list[str]:
    """Cut a text at the ends of sentences and lines; "Dra. Helena" stays together."""
    found: list[str] = []
    for part in _SENTENCE_END.split(text):
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        elif part and part.strip():
            found.append(part)
    return found


def _sentence(
    text: str, *, day: date | None, items: int, working: bool, customer: bool
) -> Sentence:
    plain = in_digits(_amounts.without_marks(text), every=customer)
    addresses, rest = _addresses.read(plain)
    money, rest = _money.read(rest)
    days, rest = _dates.read(rest, day=day)
    phones, rest = _addresses.phones(rest)
    hours, rest = _times.read(rest)
    codes, rest = _addresses.codes(rest)
    amounts = _amounts.read(rest, items=items, working=working)
    return Sentence(
        text,
        plain,
        (*addresses, *money, *days, *phones, *hours, *codes, *amounts),
        tuple(read_names(text)),
        hours=bool(hours) or _HERE.search(text) is not None,
    )
