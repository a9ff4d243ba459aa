"""Find the documents a business keeps beside its YAML, reading no more than a digest takes."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from chatcrew.tenancy._faults.fault import Fault
from chatcrew.tenancy._values.documents import LARGEST, SUFFIXES, Document

MOST = 5_000
"""Documents of one folder; more are no knowledge of a business but a disk."""
DEEPEST = 8
"""Folders inside one another below ``knowledge``."""
_REMEMBERED = 1 << 16
_PIECE = 1 << 20


@dataclass(slots=True)
class Shelf:
    """What lies in one ``knowledge`` folder.

    Attributes:
        documents: by name.
        faults: what keeps the whole configuration from coming into force.
        advice: what is not read, and why; everything else goes on.
    """

    documents: list[Document] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    advice: list[Fault] = field(default_factory=list)


def shelf(folder: Path, name: str, shown: str, *, roots: tuple[Path, ...]) -> Shelf:
    """Return the documents below a folder; none where it does not exist.

    Args:
        folder: a ``knowledge`` folder.
        name: its place inside the configuration, the same on every machine.
        shown: its path as the admin knows it.
        roots: a link may lead to what lies below one of these, and nowhere else: who may write a
            document must not thereby read the machine's files to customers.
    """
    found = Shelf()
    real = tuple(os.path.realpath(root) for root in roots)
    if folder.is_symlink() and not _within(os.path.realpath(folder), real):
        found.faults.append(Fault("document_link", file=shown))
        return found
    for path, below in _files(str(folder), "", found, shown=shown):
        file = f"{shown}/{below}"
        if not _wanted(below, file, found):
            continue
        if not _within(os.path.realpath(path), real):
            found.faults.append(Fault("document_link", file=file))
            continue
        if len(found.documents) >= MOST:
            found.faults.append(Fault("documents_too_many", file=shown, limit=MOST))
            break
        document = _document(path, f"{name}/{below}", file, found)
        if document is not None:
            found.documents.append(document)
    return found


def _files(
    folder: str, below: str, found: Shelf, *, shown: str, deep: int = 0
) -> Iterator[tuple[str, str]]:
    """Yield every file with its name below the folder, in order; linked folders are not entered."""
    try:
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        file = f"{shown}/{below}".rstrip("/")
        found.faults.append(Fault("unreadable_file", file=file, reason=error.strerror))
        return
    for entry in inside:
        name = f"{below}{entry.name}"
        if entry.name.startswith(".") and not _hidden_document(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            if deep < DEEPEST:
                under = f"{name}/"
                yield from _files(entry.path, under, found, shown=shown, deep=deep + 1)
            else:
                found.advice.append(Fault("documents_too_deep", file=f"{shown}/{name}"))
        elif entry.is_symlink() and os.path.isdir(entry.path):  # noqa: PTH112 - strings are several times as quick as paths here
            found.advice.append(Fault("document_linked_folder", file=f"{shown}/{name}"))
        else:
            yield entry.path, name


def _hidden_document(name: str) -> bool:
    """Say whether somebody may have meant it: ``.gitkeep`` and an editor's file are no document."""
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122 - see above


def _wanted(below: str, file: str, found: Shelf) -> bool:
    """Say whether a file is one we read; what its name keeps out is told."""
    name = below.rpartition("/")[2]
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122 - see above
    if name.startswith("."):
        bare = name.lstrip(".")
        found.advice.append(Fault("document_hidden", hint="rename_document", file=file, word=bare))
        return False
    if not below.isprintable():  # control characters, or bytes that are no UTF-8
        word = below.encode("utf-8", "replace").decode()
        word = "".join(sign if sign.isprintable() else "?" for sign in word)
        found.advice.append(Fault("document_name", file=file[: -len(below)].rstrip("/"), word=word))
        return False
    if suffix not in SUFFIXES:
        if not name.startswith("~$"):  # what an office program leaves beside an open file
            word, known = suffix or name, ", ".join(SUFFIXES)
            found.advice.append(
                Fault("document_suffix", hint="save_as", file=file, word=word, choices=known)
            )
        return False
    return True


def _within(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith(root.rstrip(os.sep) + os.sep) for root in roots)


def _document(path: str, name: str, file: str, found: Shelf) -> Document | None:
    try:
        seen = os.stat(path)  # noqa: PTH116 - see above
        if seen.st_size > LARGEST:
            limit = LARGEST >> 20
            found.faults.append(Fault("document_too_big", file=file, limit=limit))
            return None
        digest = _digest(path, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        found.faults.append(Fault("unreadable_file", file=file, reason=reason))
        return None
    return Document(name, digest, seen.st_size, os.path.abspath(path))  # noqa: PTH100 - see above


@lru_cache(maxsize=_REMEMBERED)
def _digest(path: str, modified: int, changed: int, size: int, inode: int) -> str:
    """Return the sha256 of a file; one whose times, size and inode are as before is not read."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:  # noqa: PTH123 - see above
        left = LARGEST + 1  # it may have grown since, and must not be read without end
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            digest.update(piece)
            left -= len(piece)
    return digest.hexdigest()
