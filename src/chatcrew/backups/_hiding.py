"""The house's own keys in a backup: sealed there wherever there is a key to seal with.

In the database they lie open beside what they are for; a backup is carried about.
"""

from collections.abc import Sequence
from typing import Final

import orjson

from chatcrew.privacy import Keyring

_HIDDEN: Final = {"house_key": "secret", "person_key": "key"}
"""Column of bytes by table: what signs receipts and salts tombstones, who is who in the audit."""
_BYTES: Final = "\\x"
"""What bytes begin with in PostgreSQL's JSON of a row: hex follows."""


def _about(table: str) -> str:
    return f"backup {table}"


def hidden(table: str, lines: Sequence[str], keys: Keyring) -> Sequence[str]:
    """Return rows of a table as they go into a backup."""
    column = _HIDDEN.get(table)
    if column is None or not keys.names:
        return lines
    changed = []
    for row in map(orjson.loads, lines):
        raw = bytes.fromhex(row[column].removeprefix(_BYTES))
        row[column] = _BYTES + keys.seal_bytes(raw, _about(table)).hex()
        changed.append(orjson.dumps(row).decode())
    return changed


def shown(table: str, lines: Sequence[str], keys: Keyring) -> Sequence[str]:
    """Return rows as they go back into the database.

    Raises:
        Unsealable: they were sealed with a key that is not among ours.
    """
    column = _HIDDEN.get(table)
    if column is None:
        return lines
    changed = []
    for row in map(orjson.loads, lines):
        raw = bytes.fromhex(row[column].removeprefix(_BYTES))
        row[column] = _BYTES + keys.open_bytes(raw, _about(table)).hex()
        changed.append(orjson.dumps(row).decode())
    return changed
