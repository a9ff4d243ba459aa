"""What a file says, piece by piece: as it is, unpacked, and row by row where it is a cache."""

import gzip
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Final, cast

from chatcrew.lgpd._views import words_of

_PIECE: Final = 256 * 1024
"""Bytes: while a piece is searched, nothing else of this process runs for some milliseconds."""
_OVERLAP: Final = 32 * 1024
"""Bytes of a piece that the next one begins with: more than the longest message, escaped."""
_DEEP: Final = 3
_MOST_UNPACKED: Final = 1024 * 1024 * 1024
_SQLITE: Final = b"SQLite format 3\x00"
_GZIP: Final = b"\x1f\x8b\x08"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_CLOSED: Final = (b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c", b"Rar!")
"""What files begin with that are packed in a way we do not unpack."""
_UTF_16: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_BACKUP: Final = "manifest.json", "tables/"
"""A member that a backup of ours has, and a folder in it."""


_BROKEN: Final = (
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)
"""What unpacking raises: cut off, changed, locked with a password, or of an unknown kind."""


class Unread(Exception):
    """A file, or something packed in it, could not be read to its end."""


def pieces(path: Path) -> Iterator[str]:
    """Yield what a file says; a backup of ours says nothing, for restoring it forgets (N8).

    Raises:
        FileNotFoundError: it went away.
        Unread: it may not be read, or is packed in a way that cannot be unpacked; what was yielded
            until then stands in it.
    """
    try:
        with path.open("rb") as stream:
            yield from _said(stream, _DEEP)
            stream.seek(0)
            is_cache = stream.read(len(_SQLITE)) == _SQLITE
    except FileNotFoundError:
        raise
    except _BROKEN as error:
        raise Unread from error
    if is_cache:
        yield from _rows(path)


def _said(stream: IO[bytes], deep: int) -> Iterator[str]:
    head = stream.read(16)
    stream.seek(0)
    if head.startswith(_CLOSED) or (deep == 0 and head.startswith((_GZIP, *_ZIP))):
        raise Unread
    if head.startswith(_GZIP):
        with gzip.GzipFile(fileobj=stream, mode="rb") as unpacked:
            yield from _said(cast(IO[bytes], unpacked), deep - 1)
    elif head.startswith(_ZIP):
        yield from _members(stream, deep)
    else:
        yield from _windows(stream, head, most=None if deep == _DEEP else _MOST_UNPACKED)


def _members(stream: IO[bytes], deep: int) -> Iterator[str]:
    with zipfile.ZipFile(stream) as archive:
        names = archive.namelist()
        if _BACKUP[0] in names and any(name.startswith(_BACKUP[1]) for name in names):
            return
        yield "\n".join(names)
        for one in archive.infolist():
            with archive.open(one) as member:
                yield from _said(member, deep - 1)


def _windows(stream: IO[bytes], head: bytes, *, most: int | None) -> Iterator[str]:
    encoding, kept, count = _UTF_16.get(head[:2], "utf-8"), b"", 0
    while raw := stream.read(_PIECE):
        count += len(raw)
        if most is not None and count > most:
            raise Unread
        yield (kept + raw).decode(encoding, "replace")
        kept = (kept + raw)[-_OVERLAP:]


def _rows(path: Path) -> Iterator[str]:
    """Yield the values of a cache file, also those that its log alone has."""
    try:
        address = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as database:
            known = "select 1 from sqlite_master where type = 'table' and name = 'entries'"
            if database.execute(known).fetchone() is None:
                return
            for (value,) in database.execute("select value from entries"):
                yield words_of(value)
    except sqlite3.Error as error:
        raise Unread from error
