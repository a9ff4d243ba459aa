"""Knowledge entries of a YAML document, with the faults that a tenant's own YAML would have."""

from dataclasses import dataclass
from datetime import date

from chatcrew.tenancy._faults.fault import Fault
from chatcrew.tenancy._reading.document import parse
from chatcrew.tenancy._reading.validate import validated
from chatcrew.tenancy._shapes.documents import EntriesShape
from chatcrew.tenancy.model import Faq


@dataclass(frozen=True, slots=True)
class Entries:
    """What a YAML document says.

    Attributes:
        title: or "" where it gives none.
        faq: its entries, each with the line it begins at.
        expires: last day of each, None without end; as many as entries.
    """

    title: str
    faq: tuple[Faq, ...]
    expires: tuple[date | None, ...]


def read_entries(raw: bytes, file: str) -> tuple[Entries | None, list[Fault]]:
    """Return a document's entries, None with every fault where it has any.

    Args:
        raw: the file.
        file: its path as faults and places shall name it.
    """
    document, faults = parse(raw, file)
    if document is None:
        return None, faults
    shape, more = validated(EntriesShape, document)
    if shape is None or faults:
        return None, [*faults, *more]
    found = [
        Faq(
            question=one.question,
            answer=one.answer,
            keywords=tuple(one.keywords),
            place=(file, document.line(("faq", place))),
            also=tuple(one.also),
        )
        for place, one in enumerate(shape.faq)
    ]
    ends = (_day(one.expires) or _day(shape.expires) for one in shape.faq)
    return Entries(shape.title or "", tuple(found), tuple(ends)), []


def _day(said: str | None) -> date | None:
    return None if said is None else date.fromisoformat(said)
