"""Tells what a kept answer rests on, and what of it is no longer as it was."""

from dataclasses import dataclass
from enum import StrEnum

from chatcrew.answers._basis import Rest, basis
from chatcrew.answers._kept import exact_of
from chatcrew.answers._port import Row
from chatcrew.messages import Wanted


class Standing(StrEnum):
    """What became of one piece since the answer was made."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    NEW = "new"
    BOUND = "bound"
    """What a tool returned: nobody asks it again, so it holds for its seconds only."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whether an answer would be given now, and why not.

    Attributes:
        house: what stands before every answer is as it was: persona, rules, roles, tasks. Of a
            question asked in vain: all of the knowledge is.
        pieces: what the answer rests on, and what would concern it now.
    """

    house: bool
    pieces: tuple[tuple[Rest, Standing], ...]

    @property
    def holds(self) -> bool:
        """Return whether it would be given."""
        fine = {Standing.SAME, Standing.BOUND}
        return self.house and all(standing in fine for _, standing in self.pieces)


def account(row: Row, wanted: Wanted) -> Account:
    """Return what an answer rests on, beside what the same question would rest on now.

    Args:
        row: the kept answer.
        wanted: its question, put together with the files as they are.
    """
    if not row.text:
        return Account(house=row.knowledge == wanted.knowledge, pieces=())
    now = {one.mark: one for one in basis(row.question, row.text, wanted.pieces)}
    named = {(one.kind, one.name) for one in now.values()}
    found = []
    for one in row.rests:
        standing = Standing.CHANGED if (one.kind, one.name) in named else Standing.GONE
        if one.kind == "tool":
            standing = Standing.BOUND
        elif one.mark in now:
            standing = Standing.SAME
        found.append((one, standing))
    known = {(one.kind, one.name) for one in row.rests}
    new = [one for one in now.values() if (one.kind, one.name) not in known]
    found += [(one, Standing.NEW) for one in new]
    return Account(exact_of(wanted) == row.exact, tuple(found))
