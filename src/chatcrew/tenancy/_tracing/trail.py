"""What was said about each value, file by file, and who had the last word."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from chatcrew.tenancy._faults.fault import YamlPath, dotted
from chatcrew.tenancy._reading.document import Document


@dataclass(frozen=True, slots=True)
class Given:
    """A value that one file gives.

    Attributes:
        value: as it stands there, a list as a whole.
        layer: ``mapping``, ``models``, ``function``, ``crew``, ``domain`` or ``tenant``;
            ``environment`` for a variable; ``default`` where nobody says anything.
        file: as the admin knows it, or the variable's name; "" for a default.
        line: 1-based, 0 for what is in no file.
    """

    value: object
    layer: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Origin:
    """One resolved value.

    Attributes:
        path: what it is, such as ``agents.attendant.goal``.
        given: who gave it.
        over: what it was laid over, the nearest first.
    """

    path: str
    given: Given
    over: tuple[Given, ...] = ()


@dataclass(slots=True)
class Trail:
    """Everything that was said about each path, the lowest layer first."""

    said: dict[YamlPath, list[Given]] = field(default_factory=dict)

    def add(self, path: YamlPath, given: Given) -> None:
        """Note what the next layer up says about ``path``."""
        self.said.setdefault(path, []).append(given)

    def origins(self) -> Iterator[Origin]:
        """Yield the last word about each path, and what it hides."""
        for path, said in self.said.items():
            yield Origin(dotted(path), said[-1], tuple(reversed(said[:-1])))


def given(value: object, layer: str, document: Document, path: YamlPath, *more: str) -> Given:
    """Return a value with its place in a file."""
    return Given(value, layer, document.file, document.line((*path, *more)))
