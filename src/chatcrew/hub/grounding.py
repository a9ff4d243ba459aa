"""Is every price, link, phone number and e-mail address of a reply written in a source?

The promise is "nothing invented reaches a customer" (S3-116): a figure counts as founded only if
the same figure stands in what the business wrote or what a tool returned. What the customer said is
not a source: a bot must not confirm a price because somebody guessed it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatcrew.hub import figures
from chatcrew.messages import Answer, Passage
from chatcrew.tenancy.model import Tenant


@dataclass(frozen=True, slots=True)
class Unfounded:
    """One claim that no source backs.

    Attributes:
        kind: ``price``, ``instalments``, ``percent``, ``link``, ``email`` or ``phone``.
        text: the claim as it stands in the reply.
    """

    kind: str
    text: str


_TLDS = "com|net|org|br|io|app|me|ly|gg|site|online|shop|store|link|info|ai|dev|xyz|co|tv|biz|page"
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"']+", re.IGNORECASE)
# "tudo bem.Me avise" lacks a space and is no address: an ending is written in one case
_DOMAIN = re.compile(
    rf"(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]+\.)+(?:{_TLDS}|{_TLDS.upper()})\b(?:/[^\s<>()\[\]\"']*)?"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.,/])\+?\(?\d[\d\s().-]{6,22}\d(?![\w/])")
_DATE = re.compile(
    r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[-.]\d{1,2}[-.]\d{4}|(?:19|20)\d\d\s*-\s*(?:19|20)\d\d)\b"
)
_COUNTRY = "55"
_SHORTEST_PHONE = 8
_WITH_AREA = 10
_SECRET = re.compile(
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|"
    r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|"
    r"\bxox[abps]-[A-Za-z0-9-]{10,}"
)


def has_secret(text: str) -> bool:
    """Return whether the text holds something shaped like a credential."""
    return _SECRET.search(text) is not None


def sources(
    tenant: Tenant,
    answer: Answer | None,
    passages: Sequence[Passage],
    *,
    rules: Sequence[str] | None = None,
) -> list[str]:
    """Return every text a reply of this turn may rest on.

    Args:
        tenant: whose words.
        answer: what a crew found on its way, or None.
        passages: knowledge found.
        rules: those that hold today, so that no price of a promotion that is over is a source;
            None: those that always hold.
    """
    texts = [f"{name}: {value}" for name, value in tenant.facts.items()]
    texts += [tenant.hours, *(tenant.rules if rules is None else rules)]
    texts += [f"{entry.question}\n{entry.answer}" for entry in tenant.faq]
    texts += [f"{item.title}\n{item.text}" for item in passages]
    if answer is not None:
        texts += [f"{item.title}\n{item.text}" for item in answer.passages]
        texts += answer.tool_results
    return texts


def unfounded(text: str, *, sources: Iterable[str]) -> list[Unfounded]:
    """Return the claims of ``text`` that stand in none of ``sources``, kind by kind."""
    known = [_said_in(source) for source in sources]
    missing: list[Unfounded] = []
    rest = text
    for kind, pattern in (("email", _EMAIL), ("link", _LINK), ("link", _DOMAIN)):
        for found in pattern.finditer(rest):
            if not any(_address(found.group()) in one.addresses for one in known):
                missing.append(Unfounded(kind, found.group()))
        rest = pattern.sub(" ", rest)
    said, rest = figures.read(rest)
    told = frozenset[figures.Key]().union(*(one.figures for one in known))
    missing += [Unfounded(one.kind, one.text) for one in said if not one.stands_in(told)]
    for found in _PHONE.finditer(_DATE.sub(" ", rest)):
        number = re.sub(r"\D", "", found.group())
        if len(number) >= _SHORTEST_PHONE and not any(_rings(number, one.digits) for one in known):
            missing.append(Unfounded("phone", found.group()))
    return missing


@dataclass(frozen=True, slots=True)
class _Said:
    """What one source backs."""

    addresses: frozenset[str]
    figures: frozenset[figures.Key]
    digits: str


@lru_cache(maxsize=4096)
def _said_in(source: str) -> _Said:
    """Read a source; what a business wrote is read once, not at each reply."""
    addresses = (
        _address(found.group())
        for pattern in (_EMAIL, _LINK, _DOMAIN)
        for found in pattern.finditer(source)
    )
    told = frozenset(one.key for one in figures.read(source)[0])
    return _Said(frozenset(addresses), told, re.sub(r"\D", "", source))


def _rings(number: str, digits: str) -> bool:
    """Return whether a phone number stands in a source's digits, with or without +55."""
    national = number.removeprefix(_COUNTRY)
    return number in digits or (len(national) >= _WITH_AREA and national in digits)


def _address(text: str) -> str:
    """Fold an address: scheme, ``www.``, case of the host and final dots do not matter."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", text.strip(), flags=re.IGNORECASE)
    bare = bare.rstrip(".,;:!?*_~`/")
    host, slash, path = bare.partition("/")
    return host.lower() + slash + path
