"""What in a text identifies somebody, all kinds together, none overlapping another."""

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Final

from chatcrew.privacy._addresses import addresses, ceps
from chatcrew.privacy._emails import emails
from chatcrew.privacy._flat import Flat
from chatcrew.privacy._keys import keys, pasted
from chatcrew.privacy._numbers import card_codes, lettered, numbers
from chatcrew.privacy._papers import papers
from chatcrew.privacy._places import Words
from chatcrew.privacy._span import KINDS, Span

ALL: Final = frozenset(KINDS)


def detect(text: str, kinds: Collection[str] = ALL) -> tuple[Span, ...]:
    """Return what ``text`` holds of ``kinds``, in order; pure, and nothing is looked up anywhere.

    Where a value is of two kinds (a telephone that is a Pix key), the wanted ones are named.
    """
    found = []
    for one in _all(text):
        wanted = tuple(kind for kind in one.kinds if kind in kinds)
        if wanted:
            found.append(Span(wanted, one.value, one.start, one.end))
    return tuple(found)


@lru_cache(maxsize=512)
def _all(text: str) -> tuple[Span, ...]:
    """Read a text once: a conversation's earlier messages come again with every call."""
    flat = Flat.of(text)
    words = Words(flat.text)
    found: list[Span] = []
    _add(found, pasted(text))
    stages: Iterable[Iterable[Span]] = (
        chain(emails(words), keys(flat.text)),
        lettered(flat.text),
        papers(words),
        chain(numbers(flat.text), card_codes(flat.text)),
        chain(addresses(flat, words), ceps(flat.text)),
    )
    for stage in stages:
        _add(found, _as_written(flat, stage))
    return tuple(sorted(found, key=lambda one: one.start))


def _as_written(flat: Flat, spans: Iterable[Span]) -> Iterator[Span]:
    for one in spans:
        yield Span(one.kinds, one.value, *flat.span(one.start, one.end))


def _add(found: list[Span], new: Iterable[Span]) -> None:
    """Add what overlaps nothing found before; of an address also what is left before that."""
    for one in sorted(new, key=lambda span: (span.start, -span.end)):
        others = [old.start for old in found if old.end > one.start and old.start < one.end]
        end = min(others, default=one.end)
        if end == one.end:
            found.append(one)
        elif "address" in one.kinds and end > one.start:
            found.append(Span(one.kinds, one.value, one.start, end))
