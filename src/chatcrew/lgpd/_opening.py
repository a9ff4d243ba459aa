"""Opens what is sealed in a row, and says what of it cannot be opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chatcrew.database.sealing import SEALED, about_row, line_with
from chatcrew.privacy import Keyring, Unsealable, walked

Row = Mapping[str, Any]

_BYTES: Final = "\\x"
"""What bytes begin with in PostgreSQL's JSON of a row: hex follows."""
_RAW: Final = ("event", "quarantine")
"""Tables whose body is bytes."""
_PLACE: Final = "bot", "number"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A sealed column of a row that does not open.

    Attributes:
        place: table and column, as in ``Hit``.
        key: which row, without personal data.
        tampered: it was changed or moved; else its key is missing.
    """

    place: str
    key: str
    tampered: bool


Reveal = Callable[[str, Row], tuple[Row, tuple[Unreadable, ...]]]
"""Gives a row of a table with what is sealed in it opened, and what did not open, empty there.

Neither somebody's erasure nor what he is shown depends on a row that anybody spoilt: it is named
in the receipt and in the export.
"""


def opened_with(keys: Keyring) -> Reveal:
    """Return what opens the rows of every table."""

    def reveal(table: str, row: Row) -> tuple[Row, tuple[Unreadable, ...]]:
        columns = SEALED.get(table, {})
        opened, closed = dict(row), []
        for name in columns:
            if row.get(name) is None:
                continue
            opening = _Opening(keys, about_row(table, name, row), raw=table in _RAW)
            opened[name] = opening.of(table, row[name])
            if opening.failed:
                tampered = any(one.tampered for one in opening.failed)
                closed.append(Unreadable(f"{table}.{name}", row_key(row), tampered))
        return opened, tuple(closed)

    return reveal


def row_key(row: Row) -> str:
    """Return which row it is, in numbers and labels of ours."""
    if all(row.get(name) is not None for name in _PLACE):
        return f"{row['bot']}/{row['number']}"
    return str(row["id"]) if isinstance(row.get("id"), int) else ""


class _Opening:
    """Opens one value; what does not open is empty in it."""

    def __init__(self, keys: Keyring, about: str, *, raw: bool) -> None:
        self._keys = keys
        self._about = about
        self._raw = raw
        self.failed: list[Unsealable] = []

    def of(self, table: str, value: Any) -> Any:
        """Return a stored value opened."""
        if table == "message":
            return line_with(value, self._text)
        return walked(value, self._bytes if self._raw else self._text)

    def _text(self, text: str) -> str:
        try:
            return self._keys.open(text, self._about)
        except Unsealable as error:
            self.failed.append(error)
            return ""

    def _bytes(self, text: str) -> str:
        raw = bytes.fromhex(text.removeprefix(_BYTES))
        try:
            return _BYTES + self._keys.open_bytes(raw, self._about).hex()
        except Unsealable as error:
            self.failed.append(error)
            return ""
