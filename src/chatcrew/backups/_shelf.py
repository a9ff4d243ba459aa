"""The folder of backups: their names, how many are kept, and who was erased since (tombstones)."""

import os
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson

from chatcrew.backups._faults import broken
from chatcrew.backups._manifest import stone_from_json, stone_to_json
from chatcrew.lgpd import Tombstone

STONES: Final = "tombstones.jsonl"
"""Lies beside the backups: whoever restores an older one must know who was erased since."""

_HOUSE: Final = "chatcrew-house"
_NAME: Final = re.compile(rf"{_HOUSE}-\d{{8}}T\d{{6}}Z\.zip")


def name_of(tenant: str | None, at: datetime) -> str:
    """Return the name of a backup of this moment (UTC)."""
    whose = _HOUSE if tenant is None else f"chatcrew-{tenant.replace('/', '--')}"
    return f"{whose}-{at:%Y%m%dT%H%M%SZ}.zip"


def house_backups(folder: Path) -> list[Path]:
    """Return the backups of the whole house in a folder, oldest first; file work."""
    if not folder.is_dir():
        return []
    return sorted(one for one in folder.iterdir() if _NAME.fullmatch(one.name))


def keep_newest(folder: Path, count: int) -> list[Path]:
    """Delete all but the newest backups of the whole house; return those deleted. File work."""
    found = house_backups(folder)
    gone = found[: max(len(found) - count, 0)]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def keep_stones(folder: Path, stones: Iterable[Tombstone]) -> int:
    """Write tombstones into a folder's list, beside those that stand there; file work.

    Returns:
        How many there are now.

    Raises:
        BackupFault: the list that is there cannot be read.
        OSError: it cannot be written.
    """
    known = {one.id: one for one in stones_in(folder)}
    before = len(known)
    known.update({one.id: one for one in stones})
    if len(known) > before:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{STONES}.part"
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            for one in sorted(known.values(), key=lambda stone: (stone.at, stone.id)):
                file.write(orjson.dumps(stone_to_json(one)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / STONES)
    return len(known)


def stones_in(folder: Path) -> Sequence[Tombstone]:
    """Return the tombstones of a folder's list; none where there is no list. File work.

    Raises:
        BackupFault: it cannot be read: then nobody knows who is not to come back.
    """
    try:
        lines = (folder / STONES).read_bytes().splitlines()
    except FileNotFoundError:
        return ()
    try:
        return [stone_from_json(orjson.loads(line)) for line in lines if line.strip()]
    except (ValueError, KeyError, TypeError):
        raise broken(STONES, "não se lê", "it cannot be read") from None
