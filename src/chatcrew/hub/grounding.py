"""Is every price, link, phone number and e-mail address of a reply written in a source?

The promise is "nothing invented reaches a customer" (S3-116): a figure counts as founded only if
the same figure stands in what the business wrote or what a tool returned. What the customer said is
not a source: a bot must not confirm a price because somebody guessed it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatcrew.messages import Answer, Passage
from chatcrew.tenancy.model import Tenant


@dataclass(frozen=True, slots=True)
class Unfounded:
    """One claim that no source backs.

    Attributes:
        kind: ``price``, ``percent``, ``link``, ``email`` or ``phone``.
        text: the claim as it stands in the reply.
    """

    kind: str
    text: str


_LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"']+", re.IGNORECASE)
_DOMAIN = re.compile(
    r"\b(?:[a-z0-9-]+\.)+(?:com|net|org|br|io|app|me|ly|gg|site|online|shop|store|link|info)\b"
    r"(?:/[^\s<>()\[\]\"']*)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MONEY = re.compile(
    r"(?:R\$|BRL|US\$|USD|\$|€|EUR)\s*(\d[\d.,]*)(\s*mil\b)?|"
    r"\b(\d[\d.,]*)(\s*mil)?\s*(?:reais|real|d[oó]lares|euros?)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(\d[\d.,]*)\s*%")
_PHONE = re.compile(r"(?<![\w.,/])\+?\(?\d[\d\s().-]{6,}\d(?![\w/])")
_SECRET = re.compile(
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|"
    r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|"
    r"\bxox[abps]-[A-Za-z0-9-]{10,}"
)


def has_secret(text: str) -> bool:
    """Return whether the text holds something shaped like a credential."""
    return _SECRET.search(text) is not None


def sources(tenant: Tenant, answer: Answer | None, passages: Sequence[Passage]) -> list[str]:
    """Return every text a reply of this turn may rest on."""
    texts = [*tenant.facts.values(), tenant.hours, *tenant.rules]
    texts += [f"{entry.question}\n{entry.answer}" for entry in tenant.faq]
    texts += [f"{item.title}\n{item.text}" for item in passages]
    if answer is not None:
        texts += [f"{item.title}\n{item.text}" for item in answer.passages]
        texts += answer.tool_results
    return texts


def unfounded(text: str, *, sources: Iterable[str]) -> list[Unfounded]:
    """Return the claims of ``text`` that stand in none of ``sources``, kind by kind."""
    backing = "\n".join(sources)
    missing: list[Unfounded] = []
    rest = text
    for kind, pattern in (("email", _EMAIL), ("link", _LINK), ("link", _DOMAIN)):
        known = {_address(found.group()) for found in pattern.finditer(backing)}
        if kind == "link":
            known |= {_address(found.group()) for found in _DOMAIN.finditer(backing)}
        for found in pattern.finditer(rest):
            if _address(found.group()) not in known:
                missing.append(Unfounded(kind, found.group()))
        rest = pattern.sub(" ", rest)
    for kind, pattern in (("price", _MONEY), ("percent", _PERCENT)):
        known_figures = {_figure(found) for found in pattern.finditer(backing)}
        for found in pattern.finditer(rest):
            if _figure(found) not in known_figures:
                missing.append(Unfounded(kind, found.group()))
        rest = pattern.sub(" ", rest)
    digits = re.sub(r"\D", "", backing)
    for found in _PHONE.finditer(rest):
        number = re.sub(r"\D", "", found.group())
        if len(number) >= 8 and number not in digits:
            missing.append(Unfounded("phone", found.group()))
    return missing


def _address(text: str) -> str:
    """Fold an address: scheme, ``www.``, case of the host and final dots do not matter."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", text.strip(), flags=re.IGNORECASE)
    bare = bare.rstrip(".,;:!?*_~`/")
    host, slash, path = bare.partition("/")
    return host.lower() + slash + path


def _figure(found: re.Match[str]) -> str:
    """Fold a Brazilian or English figure to plain cents: ``1.500,00`` → ``150000``."""
    groups = [group for group in found.groups() if group]
    digits = groups[0].rstrip(".,")
    thousand = any("mil" in group.lower() for group in groups[1:])
    decimals = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"\D", "", digits[: decimals.start()] if decimals else digits)
    cents = (decimals.group(1) if decimals else "").ljust(2, "0")
    value = int((whole or "0") + cents)
    return str(value * 1000 if thousand else value)
