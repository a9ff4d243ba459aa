"""One archive file: tables as JSON lines, configuration files, the manifest; deflated (ZIP)."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Final, Self

from chatcrew.backups._faults import BackupFault, broken
from chatcrew.backups._manifest import Content, Manifest, from_bytes, to_bytes

MANIFEST: Final = "manifest.json"
_TABLES: Final = "tables/"
_FILES: Final = "files/"
_LEVEL: Final = 6
_LONGEST: Final = 256 * 1024 * 1024
"""Bytes of one line at most; a row with a whole attachment text is far below."""


class Writer:
    """Writes an archive that only its owner may read, under its name once it is whole.

    Every method does file work: not on the event loop.

    Args:
        path: where; nothing may be there.
    """

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise BackupFault(f"{path}: já existe", f"{path}: is there already")
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._part.unlink(missing_ok=True)
        handle = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        self._member: IO[bytes] | None = None
        self._hash = hashlib.sha256()
        self._rows = 0

    def begin(self, table: str) -> None:
        """Begin the lines of a table."""
        self._member = self._zip.open(f"{_TABLES}{table}.jsonl", "w", force_zip64=True)
        self._hash, self._rows = hashlib.sha256(), 0

    def lines(self, some: Sequence[str]) -> None:
        """Write rows, a line each."""
        assert self._member is not None
        raw = "".join(f"{one}\n" for one in some).encode("utf-8")
        self._hash.update(raw)
        self._rows += len(some)
        self._member.write(raw)

    def end(self) -> Content:
        """End the table that was begun; return what is in it."""
        assert self._member is not None
        self._member.close()
        self._member = None
        return Content(self._hash.hexdigest(), self._rows)

    def file(self, name: str, source: Path) -> Content:
        """Write a configuration file."""
        raw = source.read_bytes()
        self._zip.writestr(f"{_FILES}{name}", raw)
        return Content(hashlib.sha256(raw).hexdigest())

    def finish(self, manifest: Manifest) -> str:
        """Write the manifest and give the archive its name; return the SHA-256 of its bytes."""
        self._zip.writestr(MANIFEST, to_bytes(manifest))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        with self._part.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        self._part.replace(self._path)
        return digest

    def drop(self) -> None:
        """Leave nothing behind of an archive that was not finished."""
        if self._member is not None:
            self._member.close()
        self._zip.close()
        self._file.close()
        self._part.unlink(missing_ok=True)


class Reader:
    """Reads an archive; every method does file work: not on the event loop.

    Args:
        path: where it is.

    Raises:
        BackupFault: it is no archive of ours, or that of a newer chatcrew.
        OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile:
            raise broken(self.name, "não é um arquivo inteiro", "it is no whole archive") from None
        try:
            self.manifest = from_bytes(self._read(MANIFEST), name=self.name)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def verify(self) -> None:
        """See that everything is in it that the manifest says, unchanged.

        Raises:
            BackupFault: a table or file is missing, or is another.
        """
        for table, said in self.manifest.tables.items():
            digest, rows = hashlib.sha256(), 0
            for line in self._lines(table):
                digest.update(line)
                rows += 1
            if Content(digest.hexdigest(), rows) != said:
                raise broken(self.name, f"tabela {table}", f"table {table}")
        for name in self.manifest.files:
            self.file(name)

    def batches(self, table: str, *, size: int) -> Iterator[list[str]]:
        """Yield the rows of a table, ``size`` JSON objects at once."""
        some: list[str] = []
        for line in self._lines(table):
            some.append(line.decode("utf-8"))
            if len(some) == size:
                yield some
                some = []
        if some:
            yield some

    def file(self, name: str) -> bytes:
        """Return a configuration file.

        Raises:
            BackupFault: it is another than the one that was written.
        """
        raw = self._read(f"{_FILES}{name}")
        if hashlib.sha256(raw).hexdigest() != self.manifest.files[name].sha256:
            raise broken(self.name, name, name)
        return raw

    def unpack(self, folder: Path) -> None:
        """Write the configuration files into a folder that is new.

        Raises:
            BackupFault: it is there already, or a file would lie outside of it.
        """
        if folder.exists():
            raise BackupFault(f"{folder}: já existe", f"{folder}: is there already")
        for name in self.manifest.files:
            parts = PurePosixPath(name).parts
            if name.startswith("/") or ".." in parts or "\\" in name:
                raise broken(self.name, f"nome {name!r}", f"name {name!r}")
        for name in self.manifest.files:
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(self.file(name))

    def _lines(self, table: str) -> Iterator[bytes]:
        try:
            with self._zip.open(f"{_TABLES}{table}.jsonl") as member:
                while line := member.readline(_LONGEST):
                    yield line
        except (KeyError, zipfile.BadZipFile, EOFError, zlib.error):
            raise broken(self.name, f"tabela {table}", f"table {table}") from None

    def _read(self, member: str) -> bytes:
        try:
            return self._zip.read(member)
        except (KeyError, zipfile.BadZipFile, EOFError, zlib.error):
            raise broken(self.name, f"falta {member}", f"{member} is missing") from None
