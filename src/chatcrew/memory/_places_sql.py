"""By which values memory's rows are found, and whose they are."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from chatcrew.messages import Person, Work

Values = dict[str, Any]
"""Of a statement, by name."""


def who(person: Person | None) -> Values:
    """Return the values that name a person's rows; nobody's where there is none."""
    if person is None:
        return {"tenant": None, "account": None, "contact": None}
    return {"tenant": person.tenant, "account": person.account, "contact": person.contact}


def place(work: Work) -> Values:
    """Return the values that name a work's row while its lease is held."""
    where = work.conversation
    return {
        "bot": where.bot,
        "number": where.number,
        "episode": work.episode,
        "fence": work.fence,
    }


def person_of(row: Row[Any]) -> Person | None:
    """Return whose an episode's row is."""
    if row.tenant is None or row.contact is None:
        return None
    return Person(row.tenant, row.account, row.contact)


def key_of(work: Work) -> tuple[str, int, int]:
    """Return the primary key of a work's row."""
    return work.conversation.bot, work.conversation.number, work.episode


def places(read: Mapping[Work, int]) -> Values:
    """Return, in columns, where several works stand and up to where each was read."""
    return {
        "bots": [work.conversation.bot for work in read],
        "numbers": [work.conversation.number for work in read],
        "episodes": [work.episode for work in read],
        "fences": [work.fence for work in read],
        "marked": [work.marked for work in read],
        "up_to": list(read.values()),
    }
