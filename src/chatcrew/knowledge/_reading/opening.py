"""From a document of the configuration to its passages, or to faults an admin understands."""

import hashlib
from pathlib import Path

from chatcrew.errors import DocumentError
from chatcrew.knowledge._reading.chunk import Chunk
from chatcrew.knowledge._reading.reader import read
from chatcrew.tenancy import Document, Fault
from chatcrew.tenancy.model import DOCUMENT_SUFFIXES, LARGEST_DOCUMENT


def read_document(document: Document) -> list[Chunk]:
    """Return the passages of a document as the configuration knows it. Blocks: call in a thread.

    Raises:
        DocumentError: ``changed``: it is not what the configuration saw, a reload is on its way;
            ``unreadable``; all that ``read`` raises.
    """
    try:
        with Path(document.place).open("rb") as file:
            data = file.read(LARGEST_DOCUMENT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise DocumentError("unreadable", word=reason) from error
    if hashlib.sha256(data).hexdigest() != document.digest:
        raise DocumentError("changed")
    return read(document.path, data)


def document_faults(error: DocumentError, file: str) -> list[Fault]:
    """Return what an admin is told about a document that could not be read.

    Args:
        error: why.
        file: the document as the admin knows it.
    """
    own = [
        Fault(
            one.code,
            file=file,
            line=one.line,
            column=one.column,
            path=one.path,
            hint=one.hint_code,
            **one.values,
        )
        for one in error.faults
        if isinstance(one, Fault)
    ]
    if own:
        return own
    if error.kind == "unreadable":
        return [Fault("unreadable_file", file=file, reason=error.word)]
    return [
        Fault(
            f"document_{error.kind}",
            hint="save_as" if error.kind == "suffix" else None,
            file=file,
            line=error.line,
            word=error.word,
            number=error.number,
            limit=error.number,
            choices=", ".join(DOCUMENT_SUFFIXES),
        )
    ]
