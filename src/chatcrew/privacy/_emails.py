"""E-mail addresses, also as they are said: "fulano arroba gmail ponto com"."""

import re
from collections.abc import Iterator
from typing import Final

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
_ANY: Final = re.compile(r"@|arroba|\bat\b")
_TRAILING: Final = ".-_%+"


def emails(text: str) -> Iterator[Span]:
    """Yield addresses of flattened ``text``; overlapping ones too, the plain ones first."""
    if not _ANY.search(text):  # the patterns below try every word
        return
    for match in _PLAIN.finditer(text):
        value = match.group().rstrip(_TRAILING)
        domain = value.partition("@")[2].strip()
        if domain:
            yield Span(("email",), _spelt(value), match.start(), match.start() + len(value))
    for match in _SAID.finditer(text):
        value = match.group()
        if re.search(r"@|arroba|[\[({]\s?at\b|\bat\b.*\bdot\b", value):
            yield Span(("email",), _spelt(value), *match.span())


def _spelt(written: str) -> str:
    said = re.sub(r"[\[({]?\s?\b(?:arroba|at)\b\s?[\])}]?", "@", written)
    said = re.sub(r"[\[(]?\s?\b(?:ponto|pto|dot|punto)\b\s?[\])]?", ".", said)
    said = re.sub(r"\b(?:underline|underscore)\b", "_", said)
    return re.sub(r"\s+", "", said)
