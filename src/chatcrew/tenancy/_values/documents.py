"""A document of a business as the configuration knows it: where it lies and what is in it."""

from dataclasses import dataclass

FOLDER = "knowledge"
"""Folder of documents: of a tenant, ``<domain>/<tenant>/knowledge``, or of its whole domain."""

SUFFIXES = (".md", ".txt", ".html", ".htm", ".pdf", ".csv", ".yaml", ".yml", ".jsonl")
"""What is read, by how a file's name ends in small letters."""

LARGEST = 20 << 20
"""Bytes of one document at most."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a tenant's ``knowledge`` folder, or of its domain's.

    Attributes:
        path: its name inside the configuration, the same on every machine, such as
            ``config/domains/health/varizemed/knowledge/preparo.md``; what a passage cites.
        digest: sha256 of its bytes, 64 hex digits.
        size: bytes.
        place: where it can be opened on this machine.
    """

    path: str
    digest: str
    size: int
    place: str
