"""E-mail addresses, also as they are said: "fulano arroba gmail ponto com"."""

import re
from collections.abc import Iterator
from typing import Final

from chatcrew.privacy._places import Words, holds
from chatcrew.privacy._span import Span

_PROVIDER: Final = (
    r"(?:gmail|googlemail|hotmail|outlook|yahoo|ymail|icloud|live|msn|uol|bol|terra|ig|globo"
    r"|globomail|proton|protonmail|aol|me|zipmail|oi|r7)"
)
_DOT: Final = r"(?: ?\. ?|\s{0,2}[\[(]?\s?(?:ponto|pto|dot|punto)\s?[\])]?\s{0,2})"
_PLAIN: Final = re.compile(
    r"(?<![\w.%+\-])[\w.%+\-]{1,64}@\s{0,2}[a-z][\w\-]*(?:\.\s?[\w\-]*[a-z][\w\-]*)*"
)
_SAID: Final = re.compile(
    r"(?<![\w.%+\-])[\w.%+\-]{1,64}(?:\s(?:ponto|underline|underscore|traco|menos|dot)\s[\w\-]{1,30})"
    rf"{{0,3}}\s{{0,2}}(?:@|[\[({{]?\s?(?:arroba|at)\s?[\])}}]?)\s{{0,2}}"
    rf"(?:{_PROVIDER}\b(?:(?:{_DOT}|[, ])(?:com|net|org|br)\b)*"
    rf"|[a-z\d][a-z\d\-]{{1,40}}(?:{_DOT}[a-z\d\-]{{2,30}}){{0,2}}{_DOT}(?:com|net|org|br|io|app|edu"
    rf"|gov|co|pt|es|info|me|dev)\b(?:{_DOT}br\b)?)"
)
_WRITTEN: Final = ("@", "arroba")
_SIGNS: Final = re.compile("|".join(_WRITTEN))
_SAID_SIGN: Final = frozenset({"at"})
_BREAK: Final = re.compile(r"[^\w.%+\-\s@\[\](){},]")
"""What stands in no address."""
_TRAILING: Final = ".-_%+"


def emails(words: Words) -> Iterator[Span]:
    """Yield addresses of a flattened text; overlapping ones too, the plain ones first."""
    text = words.text
    parts = list(_parts(words))
    for match in (match for part in parts for match in _PLAIN.finditer(text, *part)):
        value = match.group().rstrip(_TRAILING)
        domain = value.partition("@")[2].strip()
        if domain:
            yield Span(("email",), _spelt(value), match.start(), match.start() + len(value))
    for match in (match for part in parts for match in _SAID.finditer(text, *part)):
        value = match.group()
        if re.search(r"@|arroba|[\[({]\s?at\b|\bat\b.*\bdot\b", value):
            yield Span(("email",), _spelt(value), *match.span())


def _parts(words: Words) -> Iterator[tuple[int, int]]:
    """Yield from break to break what may hold an address: the patterns try every word of it."""
    text, reached = words.text, 0
    said = words.starts(_SAID_SIGN)
    signs = {match.start() for match in _SIGNS.finditer(text)} if holds(text, _WRITTEN) else set()
    for sign in sorted(signs.union(said)):
        if sign < reached:
            continue
        before = _BREAK.search(text[reached:sign][::-1])
        after = _BREAK.search(text, sign)
        begin = reached if before is None else sign - before.start()
        reached = len(text) if after is None else after.start()
        yield begin, reached


def _spelt(written: str) -> str:
    said = re.sub(r"[\[({]?\s?\b(?:arroba|at)\b\s?[\])}]?", "@", written)
    said = re.sub(r"[\[(]?\s?\b(?:ponto|pto|dot|punto)\b\s?[\])]?", ".", said)
    said = re.sub(r"\b(?:underline|underscore)\b", "_", said)
    return re.sub(r"\s+", "", said)
