"""What the index holds of documents, and that two who read the same one leave it whole (S3-97)."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.knowledge import Chunk, Indexed, PostgresKnowledge, indexed
from chatcrew.knowledge._documents_sql import PostgresDocuments
from chatcrew.knowledge._passages import Read, name_of
from chatcrew.tenancy.model import Document


def written(folder: Path, name: str, data: bytes) -> Document:
    """Write a document and return it as the configuration lists it."""
    path = folder / name
    path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    return Document(f"config/domains/shop/a/knowledge/{name}", digest, len(data), str(path))


@pytest.fixture
def guide(tmp_path: Path) -> Document:
    """Return a document of two passages."""
    return written(tmp_path, "guia.md", b"# Guia\n\n## Um\n\ntexto\n\n## Dois\n\ntexto\n")


async def test_the_index_tells_passages_pages_and_faults(
    database: Database, guide: Document, tmp_path: Path
) -> None:
    """Of each document by its path; of one that was never read nothing."""
    broken = written(tmp_path, "foto.pdf", b"no pdf")
    absent = written(tmp_path, "outro.md", b"x")
    knowledge = PostgresKnowledge(database)
    await knowledge.sync("shop/a", (), version="1", documents=[guide, broken])

    found = await indexed(database, "shop/a", [guide, broken, absent])

    assert found == {guide.path: Indexed(2, 0), broken.path: Indexed(0, 0, "broken")}
    assert await indexed(database, "shop/b", [guide]) == {}


async def test_two_that_read_the_same_document_leave_it_whole(
    database: Database, guide: Document
) -> None:
    """Whose claim has run out may still be at it: neither fails, no passage stands twice."""
    documents = PostgresDocuments(database, SystemClock())
    chunks = [Chunk(f"texto {number}", "guia", f"p{number}") for number in range(1, 301)]
    await documents.claim("shop/a", name_of(guide))

    await asyncio.gather(
        *(documents.keep("shop/a", name_of(guide), Read.of(chunks)) for _ in range(4))
    )

    assert await indexed(database, "shop/a", [guide]) == {guide.path: Indexed(300, 300)}
