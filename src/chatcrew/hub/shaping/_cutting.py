"""Cuts a text into bubbles: at paragraphs, sentences, pauses, conjunctions, then words (S2-12)."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from chatcrew.hub.shaping import _spans
from chatcrew.hub.shaping._spans import Span

STRETCH = 1.5
"""A text of up to so many times the wished length is not cut at all: one bubble reads better."""

_ORPHAN = 0.25
"""A last piece shorter than this part of the wished length stays with the one before it."""

_PARAGRAPH, _LINE, _SENTENCE, _PAUSE, _CONJUNCTION, _WORD = range(6)
_GAP = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]*_~]*$")
_CONJUNCTION_NEXT = re.compile(
    r"(?:e|ou|mas|porém|porque|pois|então|portanto|contudo|entretanto|quando|enquanto|embora|caso|"
    r"assim|também|nem|que|se|para|and|or|but|because|so|then|when|while|although|if|that)\b",
    re.IGNORECASE,
)


def split(text: str, *, max_chars: int) -> list[str]:
    """Cut a text into as few bubbles of at most ``max_chars`` as its sense allows.

    Chatwoot neither splits nor cuts (contract §7): a message that is too long fails. No character
    is lost but white space at the cuts.
    """
    if len(text.strip()) <= max_chars:
        return [text.strip()] if text.strip() else []
    cutter = _Cutter(text, limit=max_chars)
    return cutter.texts(cutter.pieces(0, len(text), length=max_chars, longest=max_chars))


def micro(text: str, *, max_chars: int, length: int, bubbles: int) -> list[str]:
    """Cut a text into several short bubbles, a code that is copied alone in its own.

    Args:
        text: as the channel shows it.
        max_chars: the channel's limit, which holds whatever the next two say.
        length: characters of a bubble, about.
        bubbles: most bubbles, as far as the limit and the codes let them be so few.
    """
    cutter = _Cutter(text, limit=max_chars)
    length = min(length, max_chars)
    longest = min(round(length * STRETCH), max_chars)

    if not cutter.alone() and len(text.strip()) <= longest:
        return cutter.texts([(0, len(text))])

    def short(start: int, end: int) -> list[tuple[Span, bool]]:
        cut = cutter.pieces(start, end, length=length, longest=longest)
        return [(piece, False) for piece in _without_orphan(cut, length, max_chars)]

    found: list[tuple[Span, bool]] = []
    at = 0
    for start, end in cutter.alone():
        found += short(at, start)
        codes = cutter.pieces(start, end, length=max_chars, longest=max_chars)
        found += [(piece, True) for piece in codes]
        at = end
    found += short(at, len(text))
    return cutter.texts(_bounded(found, most=bubbles, limit=max_chars))


def _without_orphan(pieces: list[Span], length: int, limit: int) -> list[Span]:
    """Lay a last piece of a few words to the one before it."""
    if len(pieces) > 1:
        (start, _), (last, end) = pieces[-2:]
        whole = min(length * (STRETCH + _ORPHAN), limit)
        if end - last < length * _ORPHAN and end - start <= whole:
            return [*pieces[:-2], (start, end)]
    return pieces


def _bounded(pieces: list[tuple[Span, bool]], *, most: int, limit: int) -> list[Span]:
    """Lay neighbours together, the shortest first, until there are few enough."""
    while len(pieces) > most:
        sizes = [
            (right[1] - left[0], place)
            for place, ((left, one), (right, two)) in enumerate(pairwise(pieces))
            if not (one or two) and right[1] - left[0] <= limit
        ]
        if not sizes:
            break
        place = min(sizes)[1]
        (left, _), (right, _) = pieces[place : place + 2]
        pieces[place : place + 2] = [((left[0], right[1]), False)]
    return [piece for piece, _ in pieces]


class _Cutter:
    """One text, the places where it may be cut, and what must stay whole."""

    def __init__(self, text: str, *, limit: int) -> None:
        self._text = text
        self._limit = limit
        self._firm = _spans.firm(text, limit=limit)
        soft = [one for one in _spans.lists(text) if one[1] - one[0] <= limit]
        every = [(gap.end(), _level(text, gap.start(), gap.end())) for gap in _GAP.finditer(text)]
        self._open = _outside(every, self._firm)
        self._free = _outside(self._open, soft)

    def alone(self) -> list[Span]:
        """Return the codes that are copied, up to the white space around them."""
        text = self._text
        found: list[Span] = []
        for start, end in _spans.copied(text):
            while start > 0 and not text[start - 1].isspace():
                start -= 1  # noqa: PLW2901 - a cut lies at white space
            while end < len(text) and not text[end].isspace():
                end += 1  # noqa: PLW2901 - same
            found.append((start, end))
        return _spans.merged(found)

    def texts(self, pieces: Iterable[Span]) -> list[str]:
        """Return the pieces without the white space around them; none is empty."""
        cut = (self._text[start:end].strip() for start, end in pieces)
        return [piece for piece in cut if piece]

    def pieces(self, start: int, end: int, *, length: int, longest: int) -> list[Span]:
        """Cut a part of the text into pieces of about ``length``, none over the limit."""
        found: list[Span] = []
        while True:
            start, stop = self._trimmed(start, end)
            if stop <= start:
                return found
            size = stop - start
            if size <= length or (size <= longest and not self._set_apart(start, stop, length)):
                return [*found, (start, stop)]
            cut = self._cut(start, stop, length=length, longest=longest)
            found.append(self._trimmed(start, cut))
            if cut >= stop:
                return found
            start = cut

    def _trimmed(self, start: int, end: int) -> Span:
        while start < end and self._text[start].isspace():
            start += 1
        while end > start and self._text[end - 1].isspace():
            end -= 1
        return start, end

    def _set_apart(self, start: int, stop: int, length: int) -> bool:
        """Return whether a piece has paragraphs that are worth a bubble each."""
        least = start + int(length * _PREFERENCES[0][1])
        return bool(_within(self._free, least, stop, _PREFERENCES[0][0]))

    def _cut(self, start: int, stop: int, *, length: int, longest: int) -> int:
        """Return where the first piece ends: at the best place near the wished length."""
        for places in (self._free, self._open):
            for levels, least in _PREFERENCES:
                near = _within(places, start + max(1, int(length * least)), start + longest, levels)
                if near:
                    good = [place for place in near if place <= start + length]
                    return good[-1] if good else near[0]
            if stop - start <= self._limit:
                far = _within(places, start + 1, stop - 1, _ANY)
                return far[0] if far else stop
            far = _within(places, start + 1, start + self._limit, _ANY)
            if far:
                return far[-1] if places is self._open else far[0]
        return self._hard(start)

    def _hard(self, start: int) -> int:
        """Return the last place that the limit allows, not inside of what stays whole."""
        cut = start + self._limit
        for one, end in self._firm:
            if one < cut < end and one > start:
                return one
        joined = cut
        while joined > cut - 10 and joined > start + 1 and _joins(self._text, joined):
            joined -= 1
        return cut if _joins(self._text, joined) else joined


_ANY = frozenset(range(6))
_PREFERENCES = (
    (frozenset({_PARAGRAPH}), 0.4),
    (frozenset({_PARAGRAPH, _LINE, _SENTENCE}), 0.3),
    (frozenset({_PAUSE}), 0.4),
    (frozenset({_CONJUNCTION}), 0.4),
    (frozenset({_WORD}), 0.5),
)
"""Kinds of places in the order in which they are looked for, from which part of the length on."""

Places = Sequence[tuple[int, int]]


def _within(places: Places, first: int, last: int, levels: frozenset[int]) -> list[int]:
    low = bisect_left(places, (first, -1))
    high = bisect_right(places, (last, 9))
    return [place for place, level in places[low:high] if level in levels]


def _outside(places: Places, spans: Sequence[Span]) -> Places:
    """Return the places that lie in none of the spans; a span's own ends are allowed."""
    found: list[tuple[int, int]] = []
    at = 0
    for place, level in places:
        while at < len(spans) and spans[at][1] < place:
            at += 1
        inside = at < len(spans) and spans[at][0] < place < spans[at][1]
        if not inside:
            found.append((place, level))
    return found


def _level(text: str, start: int, end: int) -> int:
    """Return what kind of place the white space from ``start`` to ``end`` is."""
    gap, before = text[start:end], text[max(0, start - 24) : start]
    if gap.count("\n") > 1:
        return _PARAGRAPH
    if "\n" in gap:
        return _LINE
    if _SENTENCE_END.search(before) and not _goes_on(before, text[end : end + 1]):
        return _SENTENCE
    if before.endswith((";", ":", ",", "–", "—")):
        return _PAUSE
    return _CONJUNCTION if _CONJUNCTION_NEXT.match(text, end) else _WORD


def _goes_on(before: str, after: str) -> bool:
    """Return whether a sentence goes on behind what looks like its end."""
    return after.islower() or _spans.ABBREVIATION.search(before) is not None


def _joins(text: str, place: int) -> bool:
    """Return whether a cut here would tear a character apart (emoji, accents)."""
    if not 0 < place < len(text):
        return False
    here = text[place]
    return (
        text[place - 1] == "\u200d"
        or here in "\u200d\ufe0f"
        or "\U0001f3fb" <= here <= "\U0001f3ff"
        or unicodedata.combining(here) != 0
    )
