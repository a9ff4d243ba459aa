"""What a command tells about documents: those that cannot be read, those whose day has passed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from chatcrew.errors import DocumentError
from chatcrew.knowledge import document_faults, read_document
from chatcrew.tenancy import Document, Fault, Report, Tenant


@dataclass(frozen=True, slots=True)
class Looked:
    """What reading some documents told.

    Attributes:
        faults: what keeps one from being read.
        warnings: what holds no longer.
    """

    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def with_documents(report: Report, today: date) -> Report:
    """Return a report that also says what is wrong inside documents.

    A load does not read them, so that it stays quick; who asks whether all is well may wait.
    """
    if report.configuration is None:
        return report
    found = looked_at(documents_of(report.configuration.tenants.values()), today)
    return replace(
        report,
        faults=(*report.faults, *found.faults),
        warnings=(*report.warnings, *found.warnings),
        configuration=None if found.faults else report.configuration,
    )


def documents_of(tenants: Iterable[Tenant]) -> list[Document]:
    """Return the documents of several tenants, those they share once."""
    return [*{one.place: one for tenant in tenants for one in tenant.documents}.values()]


def looked_at(documents: Iterable[Document], today: date) -> Looked:
    """Read documents and return what is wrong with them."""
    faults: list[Fault] = []
    warnings: list[Fault] = []
    for document in documents:
        try:
            chunks = read_document(document)
        except DocumentError as error:
            faults += document_faults(error, shown(document))
            continue
        over = [one.expires for one in chunks if not one.holds_on(today) and one.expires]
        if over:
            code = "document_over" if len(over) == len(chunks) else "document_partly_over"
            word = max(over).isoformat()
            warnings.append(Fault(code, file=shown(document), number=len(over), word=word))
    return Looked(tuple(faults), tuple(warnings))


def shown(document: Document) -> str:
    """Return a document's path as somebody who stands here types it."""
    try:
        return Path(document.place).relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return document.place
