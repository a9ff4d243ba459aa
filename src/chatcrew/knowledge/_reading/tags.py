"""Cuts a page into its tags and texts in one walk, whatever stands in it.

The standard library's parser needs minutes for a few hundred kilobytes of ``<a <a <a``; a file
that somebody dropped into a folder must not hold a worker up.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chatcrew.knowledge._reading.text import tidy

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]*)>")
_ATTRIBUTE = re.compile(
    r"([^\s=\"'/>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?",
)
_RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes"})
"""What stands in these is no markup."""
_LONG_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{8,}")
_QUOTED = 2_000
"""So far a quoted value that holds a ``>`` is followed."""
_MOST_ATTRIBUTES = 4_000


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag.

    Attributes:
        name: in small letters.
        opens: begins an element; else it ends one.
        line: where it stands.
        attributes: by name.
    """

    name: str
    opens: bool
    line: int
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """Text between tags, with the line it begins at."""

    text: str
    line: int


def tokens(text: str) -> Iterator[Tag | Text]:
    """Yield tags and texts in order; comments, declarations and scripts are left out."""
    at, line, counted = 0, 1, 0
    last = text.rfind(">")  # behind it nothing is a tag
    while at < len(text):
        begin = text.find("<", at, last) if at < last else -1
        begin = len(text) if begin < 0 else begin
        line, counted = line + text.count("\n", counted, at), at
        if begin > at:
            yield Text(_unescaped(text[at:begin]), line)
            at = begin
            continue
        found = _TAG.match(text, at)
        if found is None:
            end = _other(text, at)
            if end == at:  # a sign of its own, as in 2 < 3
                yield Text("<", line)
                end = at + 1
            at = end
            continue
        closes, name, rest = found[1], found[2].lower(), found[3]
        end = _end(text, found, rest)
        yield Tag(name, not closes, line, {} if closes else _attributes(text[found.end(2) : end]))
        at = end
        if name in _RAW and not closes:
            at = _after_raw(text, name, at)
            yield Tag(name, opens=False, line=line)


def _other(text: str, at: int) -> int:
    """Return where a comment or declaration ends; ``at`` where there is none."""
    if text.startswith("<!--", at):
        end = text.find("-->", at + 4)
        return len(text) if end < 0 else end + 3
    if text.startswith(("<!", "<?", "</"), at):
        end = text.find(">", at)
        return len(text) if end < 0 else end + 1
    return at


def _end(text: str, found: re.Match[str], rest: str) -> int:
    """Return where a tag ends: a ``>`` may stand within a quoted value."""
    for quote in "\"'":
        if rest.count(quote) % 2 and f"={quote}" in rest.replace(" ", ""):
            close = text.find(quote, found.end(), found.end() + _QUOTED)
            end = text.find(">", close, close + _QUOTED) if close >= 0 else -1
            if end >= 0:
                return end + 1
    return found.end()


def _attributes(said: str) -> dict[str, str]:
    named: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(said[:_MOST_ATTRIBUTES]):
        value = next((one for one in found.groups()[1:] if one is not None), "")
        named.setdefault(found[1].lower(), _unescaped(value))
    return named


def _after_raw(text: str, name: str, at: int) -> int:
    end = re.compile(rf"</{name}\b[^>]*>?", re.I).search(text, at)
    return len(text) if end is None else end.end()


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    return tidy(html.unescape(_LONG_NUMBER.sub("", text)))
