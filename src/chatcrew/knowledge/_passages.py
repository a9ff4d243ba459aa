"""A passage as it is kept: what it says, where it stands, and what it is found by."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chatcrew.errors import DocumentError
from chatcrew.knowledge._analysis import ROOT, counted
from chatcrew.knowledge._reading import Chunk, read
from chatcrew.knowledge._report import Said
from chatcrew.knowledge._score import Entry
from chatcrew.messages import clean_text
from chatcrew.tenancy.model import Document, Faq

ANALYSIS = "1"
"""Grows when passages, stems or roots are made in another way: everything is indexed again."""

CHANGED = "changed"
"""Fault of a document that was another one when it was to be read."""


@dataclass(frozen=True, slots=True)
class Held:
    """A passage with what it is found by.

    Attributes:
        chunk: what it says.
        counts: how much of each stem and root it holds.
        length: its weighted words.
        meaning: digest of what is embedded.
    """

    chunk: Chunk
    counts: Mapping[str, float]
    length: float
    meaning: str

    @classmethod
    def of(cls, chunk: Chunk) -> "Held":
        """Return the passage of a chunk."""
        title = " ".join((chunk.question or chunk.title, *chunk.also, *chunk.keywords))
        counts = counted(title, chunk.headings, chunk.text)
        length = sum(count for key, count in counts.items() if not key.startswith(ROOT))
        return cls(chunk, counts, length, meaning(embedded(chunk)))


@dataclass(frozen=True, slots=True)
class Read:
    """A document that was read.

    Attributes:
        passages: in its order.
        frequencies: in how many of them each key stands.
        length: weighted words of all together.
        fault: why there are none, or None.
    """

    passages: tuple[Held, ...] = ()
    frequencies: Mapping[str, int] | None = None
    length: float = 0.0
    fault: str | None = None

    @classmethod
    def of(cls, chunks: Iterable[Chunk]) -> "Read":
        """Return chunks as passages."""
        passages = tuple(Held.of(_clean(chunk)) for chunk in chunks)
        frequencies = Counter(key for one in passages for key in one.counts)
        return cls(passages, frequencies, sum(one.length for one in passages))


def embedded(chunk: Chunk) -> str:
    """Return the text that stands for a passage where meaning is compared."""
    head = chunk.question or chunk.title
    return "\n".join(part for part in (head, " › ".join(chunk.headings), chunk.text) if part)


def meaning(text: str) -> str:
    """Return the digest under which a text's vector is kept."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def name_of(document: Document) -> str:
    """Return what a document is kept under: its bytes and its name, which may be its title."""
    name = Path(document.path).name
    about = f"{ANALYSIS}\n{name}\n{document.digest}"
    return hashlib.sha256(about.encode("utf-8", "replace")).hexdigest()[:32]


def read_document(document: Document) -> Read:
    """Return the passages of a document; blocks, so call it in a thread.

    A document that nothing can be made of has none: ``chatcrew check`` says why, and the rest of
    the business's knowledge is not kept from its customers.
    """
    try:
        data = Path(document.place).read_bytes()
    except OSError:
        return Read(fault=CHANGED)
    if hashlib.sha256(data).hexdigest() != document.digest:
        return Read(fault=CHANGED)
    try:
        return Read.of(read(document.path, data))
    except DocumentError as error:
        return Read(fault=error.kind)


def of_entries(entries: Iterable[Faq]) -> list[Chunk]:
    """Return configured questions in the shape of passages."""
    return [
        Chunk(
            text=faq.answer,
            title=faq.question,
            source_mark=f"{faq.place[0]}:{faq.place[1]}",
            question=faq.question,
            also=faq.also,
            keywords=faq.keywords,
        )
        for faq in entries
    ]


def entry_of(chunk: Chunk, path: str) -> Entry:
    """Return the entry that a document's question and answer are."""
    file, _, line = chunk.source(path).rpartition(":")
    place = (file, int(line)) if line.isdigit() else (chunk.source(path), 0)
    return Entry.of(
        Faq(chunk.question or chunk.title, chunk.text, chunk.keywords, place, also=chunk.also)
    )


def source_of(mark: str, path: str) -> str:
    """Return what is cited: ``path:12``, ``path#page=3``; an entry's mark is whole by itself."""
    return Chunk("", "", mark).source(path) if path else mark


def said_in(chunk: Chunk, source: str) -> Said:
    """Return a chunk as the report reads it."""
    above = [one for one in chunk.headings if one != chunk.title]
    title = " › ".join((chunk.question or chunk.title, *above))
    return Said(source, title, chunk.text, chunk.expires)


def holds(expires: date | None, today: date) -> bool:
    """Return whether what expires then may still be given."""
    return expires is None or today <= expires


def _clean(chunk: Chunk) -> Chunk:
    return Chunk(
        text=clean_text(chunk.text),
        title=clean_text(chunk.title),
        source_mark=chunk.source_mark,
        headings=tuple(map(clean_text, chunk.headings)),
        expires=chunk.expires,
        question=None if chunk.question is None else clean_text(chunk.question),
        also=tuple(map(clean_text, chunk.also)),
        keywords=tuple(map(clean_text, chunk.keywords)),
    )
