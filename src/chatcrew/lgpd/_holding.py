"""What a table holds of people: how rows are theirs, how they are erased, when they are old."""

from dataclasses import dataclass
from enum import StrEnum


class Link(StrEnum):
    """How the rows of a table belong to a person."""

    CONVERSATION = "conversation"
    """By ``bot`` and ``number`` of the person's conversations."""
    PERSON = "person"
    """By ``tenant``, ``account`` and ``contact``."""
    TENANT = "tenant"
    """Kept of the tenant for whoever asks: erasing one person erases the tenant's rows."""
    WORDS = "words"
    """By nothing but what stands in them: rows in which the person is found are erased."""
    NOBODY = "nobody"
    """Holds nothing of customers; why is said in ``note``."""


@dataclass(frozen=True, slots=True)
class Ageing:
    """When rows of a table are too old.

    Attributes:
        kind: of data, as ``privacy.retention`` has it.
        at: SQL of the moment that counts, of a row ``t``.
        blank: what follows ``set``; "": the row is deleted.
        only: SQL of the rows that may be too old, such as those not emptied yet.
    """

    kind: str
    at: str
    blank: str = ""
    only: str = "true"


@dataclass(frozen=True, slots=True)
class Holding:
    """One table.

    Attributes:
        table: its name.
        link: how its rows belong to a person.
        personal: columns with what customers say or are; exported, and empty after an erasure.
        plain: every other column of text, JSON or bytes: names of ours, ids, hashes.
        told: plain columns that an export shows beside the personal ones.
        blank: what follows ``set`` where erased rows stay for figures; "": rows are deleted.
        own: SQL of a person's rows ``t``, where ``link`` alone does not find them.
        ageing: when its rows are too old.
        note: why nothing of it is erased, where that is so.
    """

    table: str
    link: Link
    personal: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    blank: str = ""
    own: str = ""
    ageing: tuple[Ageing, ...] = ()
    note: str = ""
