"""What earlier loads made of files that have not changed since, so that a reload is quick."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

from chatcrew.tenancy._faults.fault import Fault
from chatcrew.tenancy._reading.document import Document, parse
from chatcrew.tenancy._reading.files import Source
from chatcrew.tenancy._reading.validate import validated

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


class Memory:
    """Results by what they were made of; what one load did not ask for is forgotten by the next.

    One load at a time may use it.
    """

    def __init__(self) -> None:
        self._before: dict[Hashable, Any] = {}
        self._now: dict[Hashable, Any] = {}

    def begin(self) -> None:
        """Start a load."""
        self._before, self._now = self._now, {}

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` gave for the same ``key``; it must depend on nothing else."""
        if key not in self._now:
            self._now[key] = self._before[key] if key in self._before else make()
        found: T = self._now[key]
        return found


@dataclass(slots=True)
class Reader:
    """Reads files of one load, with the faults of each.

    Attributes:
        memory: of earlier loads.
        faults: everything found wrong so far.
    """

    memory: Memory
    faults: list[Fault] = field(default_factory=list)

    def read(self, source: Source, shape: type[M]) -> tuple[M, Document] | None:
        """Return a file as its shape and with its lines, None where it is broken."""
        key = ("file", shape.__name__, source.file, source.digest)
        return self.found(key, lambda: _read(source, shape))

    def found(self, key: Hashable, make: Callable[[], tuple[T, Sequence[Fault]]]) -> T:
        """Return what ``make`` gives, and note its faults."""
        result, faults = self.memory.recall(key, make)
        self.faults.extend(faults)
        return result


def _read(source: Source, shape: type[M]) -> tuple[tuple[M, Document] | None, list[Fault]]:
    document, faults = parse(source.raw, source.file)
    if document is None:
        return None, faults
    found, more = validated(shape, document)
    return (None if found is None else (found, document)), [*faults, *more]
