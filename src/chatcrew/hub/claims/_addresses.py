"""Reads links, e-mail addresses, phone numbers, document and order codes, streets."""

import re
from collections.abc import Iterator

from chatcrew.hub.claims._said import Key, Said, blank, fold, said

_TLDS = "com|net|org|br|io|app|me|ly|gg|site|online|shop|store|link|info|ai|dev|xyz|co|tv|biz|page"
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"']+", re.IGNORECASE)
# "tudo bem.Me avise" lacks a space and is no address: an ending is written in one case
_DOMAIN = re.compile(
    rf"(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]+\.)+(?:{_TLDS}|{_TLDS.upper()}|example)\b"
    r"(?:/[^\s<>()\[\]\"']*)?"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.,/])\+?\(?\d[\d\s().-]{6,22}\d(?![\w/])")
_DOCUMENT = re.compile(
    r"(?<![\w.])(?:\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}|\d{5}-\d{3}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![\w-])",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<![\w-])(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*(?![\w-])"
    r"|(?<![\d.,$])#\s?\d{2,}|(?<![\d.,])\d{5,}(?![\d.,]*\d|\s*(?:reais|%))"
)
_COUPON = re.compile(
    r"\b(?:cup(?:om|ons)|c[óo]digo|coupon|code|voucher)\s+(?:de\s+desconto\s+)?[\"“'*]*"
    r"(?P<code>[A-Z][A-Z0-9]{3,})\b"
)
_PARTICLE = r"(?:d[aeo]s?|e)"
_WORD = r"(?:[A-ZÀ-Ý][\wÀ-ÿ'-]*|\d{1,2}(?=\s+de))"
_STREET = re.compile(
    r"\b(?:[Rr]ua|R\.|[Aa]v\.|[Aa]venida|[Tt]ravessa|Tv\.|[Aa]lameda|Al\.|[Pp]raça|[Rr]odovia|"
    rf"Rod\.|[Ee]strada|[Ll]argo)\s+(?P<name>(?:{_PARTICLE}\s+)?{_WORD}(?:\s+(?:{_PARTICLE}\s+)?"
    rf"{_WORD}){{0,5}})(?:\s*,?\s*(?:n[ºo°.]{{0,2}}\s*|número\s+)?(?P<number>\d{{1,5}})\b)?"
)
_SHORTEST_PHONE = 8
_WITH_AREA = 10
_COUNTRY = "55"
_SHORTEST_CODE = 4


def read(text: str) -> tuple[list[Said], str]:
    """Return addresses, links and codes of a text, and the text without them."""
    found: list[Said] = []
    for kind, pattern in (("email", _EMAIL), ("link", _LINK), ("link", _DOMAIN)):
        for one in pattern.finditer(text):
            folded = link(one.group())
            host = folded.partition("/")[0]
            backs: tuple[Key, ...] = ((kind, folded),)
            if kind == "link":
                backs = (*backs, ("host", host))
            found.append(said(kind, one.group(), (kind, folded), backs=backs))
        text = pattern.sub(blank, text)
    for one in _STREET.finditer(text):
        found.append(_street(one))
    text = _STREET.sub(blank, text)
    for one in _COUPON.finditer(text):
        found.append(said("code", one["code"], ("code", one["code"])))
    text = _COUPON.sub(blank, text)
    for one in _DOCUMENT.finditer(text):
        found.append(_code(one.group()))
    return found, _DOCUMENT.sub(blank, text)


def phones(text: str) -> tuple[list[Said], str]:
    """Return the phone numbers of a text without dates and money, and the text without them."""
    found: list[Said] = []
    rest = text
    for one in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", one.group())
        if len(digits) >= _SHORTEST_PHONE:
            keys = _rings(digits)
            found.append(Said("phone", one.group(), keys[:1], keys))
            rest = rest[: one.start()] + blank(one) + rest[one.end() :]
    return found, rest


def codes(text: str) -> tuple[list[Said], str]:
    """Return order numbers and the like: digits and capitals, ``#12``, or five digits and more."""
    found = list(_codes(text))
    return found, _CODE.sub(blank, text)


def _codes(text: str) -> Iterator[Said]:
    for one in _CODE.finditer(text):
        if len(re.sub(r"[^A-Z0-9]", "", one.group())) >= _SHORTEST_CODE or "#" in one.group():
            yield _code(one.group())


def _code(text: str) -> Said:
    plain = re.sub(r"[^A-Z0-9]", "", text.upper())
    digits = re.sub(r"\D", "", plain).lstrip("0") or "0"
    own: Key = ("code", plain)
    # "pedido 12345" is "BF-12345" where the source says so, never the other way round
    return said("code", text, own, backs=(own, ("code", digits), ("number", f"{digits}00", "")))


def _rings(digits: str) -> tuple[Key, ...]:
    """Return what a phone number is known by: without +55 or 0, and without its area."""
    national = digits.removeprefix("0")
    if len(national) > _WITH_AREA + 1:
        national = national.removeprefix(_COUNTRY)
    own: Key = ("phone", national)
    if len(national) < _WITH_AREA:
        return (own,)
    return (own, ("phone", national[2:]))


def _street(one: re.Match[str]) -> Said:
    name = fold(one["name"])
    plain: Key = ("street", name)
    if not one["number"]:
        return said("address", one.group(), plain)
    exact: Key = ("street", name, str(int(one["number"])))
    return said("address", one.group(), exact, backs=(exact, plain))


def link(text: str) -> str:
    """Fold an address: scheme, ``www.``, case of the host and final dots do not matter."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", text.strip(), flags=re.IGNORECASE)
    bare = bare.rstrip(".,;:!?*_~`/")
    host, slash, path = bare.partition("/")
    return host.lower() + slash + path
