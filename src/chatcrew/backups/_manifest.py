"""What a backup says of itself: of which moment and version it is, what is in it, hashes of all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from chatcrew.backups._faults import BackupFault, broken
from chatcrew.lgpd import Tombstone

FORMAT: Final = 1
"""Of the archive; a number that is higher was written by a newer chatcrew."""


@dataclass(frozen=True, slots=True)
class Content:
    """One file of the archive.

    Attributes:
        sha256: of its bytes before they are compressed, hex.
        rows: lines of a table; 0 of another file.
    """

    sha256: str
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup.

    Attributes:
        chatcrew: version that wrote it.
        revision: of the tables.
        made_at: moment of the snapshot, UTC.
        tenant: whose rows; None: the whole house.
        tables: by name.
        files: configuration files, by path as ``config/domains/shop/acme.yaml``.
        sequences: last numbers given.
        keys: names of the keys that rows are sealed with, each with its proof.
        stones: who had been erased.
    """

    chatcrew: str
    revision: str
    made_at: datetime
    tenant: str | None
    tables: Mapping[str, Content]
    files: Mapping[str, Content]
    sequences: Mapping[str, int]
    keys: Mapping[str, str]
    stones: Sequence[Tombstone]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(one.rows for one in self.tables.values())


def to_bytes(manifest: Manifest) -> bytes:
    """Return a manifest as it stands in the archive."""
    body = {
        "format": FORMAT,
        "chatcrew": manifest.chatcrew,
        "revision": manifest.revision,
        "made_at": manifest.made_at.isoformat(),
        "tenant": manifest.tenant,
        "tables": {
            name: {"rows": one.rows, "sha256": one.sha256} for name, one in manifest.tables.items()
        },
        "files": {name: one.sha256 for name, one in manifest.files.items()},
        "sequences": dict(manifest.sequences),
        "keys": dict(manifest.keys),
        "tombstones": [stone_to_json(one) for one in manifest.stones],
    }
    return orjson.dumps(body, option=orjson.OPT_INDENT_2)


def from_bytes(raw: bytes, *, name: str) -> Manifest:
    """Return the manifest of the archive ``name``.

    Raises:
        BackupFault: it is none, or that of a newer chatcrew.
    """
    try:
        body: Mapping[str, Any] = orjson.loads(raw)
        if body["format"] > FORMAT:
            raise newer(name, f"{body['chatcrew']} ({body['format']})", f"{FORMAT}")
        return Manifest(
            chatcrew=str(body["chatcrew"]),
            revision=str(body["revision"]),
            made_at=datetime.fromisoformat(body["made_at"]),
            tenant=None if body["tenant"] is None else str(body["tenant"]),
            tables={
                table: Content(str(one["sha256"]), int(one["rows"]))
                for table, one in body["tables"].items()
            },
            files={path: Content(str(digest)) for path, digest in body["files"].items()},
            sequences={one: int(last) for one, last in body["sequences"].items()},
            keys={one: str(proof) for one, proof in body["keys"].items()},
            stones=[stone_from_json(one) for one in body["tombstones"]],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise broken(name, "o manifesto não se lê", "its manifest cannot be read") from None


def newer(name: str, theirs: str, ours: str) -> BackupFault:
    """Return the fault of an archive that this version does not know how to read."""
    return BackupFault(
        f"{name}: é de um chatcrew mais novo: {theirs}, este conhece até {ours}; "
        "atualize o chatcrew e restaure com ele",
        f"{name}: it is of a newer chatcrew: {theirs}, this one knows up to {ours}; "
        "update chatcrew and restore with that",
    )


def stone_to_json(stone: Tombstone) -> dict[str, str]:
    """Return a tombstone as JSON values."""
    return {
        "id": stone.id,
        "tenant": stone.tenant,
        "salt": stone.salt,
        "person": stone.person,
        "at": stone.at.isoformat(),
        "actor": stone.actor,
    }


def stone_from_json(body: Mapping[str, Any]) -> Tombstone:
    """Return a tombstone.

    Raises ``KeyError``, ``ValueError`` or ``TypeError`` where it is none.
    """
    bytes.fromhex(body["salt"])
    return Tombstone(
        id=str(body["id"]),
        tenant=str(body["tenant"]),
        salt=str(body["salt"]),
        person=str(body["person"]),
        at=datetime.fromisoformat(body["at"]),
        actor=str(body["actor"]),
    )
