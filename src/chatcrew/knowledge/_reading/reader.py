"""Which reader a document has, by how its name ends."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from chatcrew.errors import DocumentError
from chatcrew.knowledge._reading.blocks import Block, Kind
from chatcrew.knowledge._reading.chunk import Chunk
from chatcrew.knowledge._reading.header import Header, day, header
from chatcrew.knowledge._reading.markdown import markdown_blocks
from chatcrew.knowledge._reading.packing import packed
from chatcrew.knowledge._reading.page import charset, page
from chatcrew.knowledge._reading.pdf import pdf_blocks, pdf_lines
from chatcrew.knowledge._reading.plain import plain_blocks
from chatcrew.knowledge._reading.rows import csv_chunks, json_chunks, yaml_chunks
from chatcrew.knowledge._reading.text import decoded
from chatcrew.tenancy.model import LARGEST_DOCUMENT


def read(path_name: str, data: bytes) -> list[Chunk]:
    """Return the passages of a document in its order; never none.

    The same bytes under the same name give the same passages. Takes CPU time: call it in a thread.

    Args:
        path_name: the document's name; its ending says which reader, and where nothing in it
            gives it a title, its name does.
        data: its bytes.

    Raises:
        DocumentError: nothing can be made of it; ``kind`` says why.
    """
    name = PurePosixPath(path_name)
    reader = READERS.get(name.suffix.lower())
    if reader is None:
        raise DocumentError("suffix", word=name.suffix or name.name)
    if len(data) > LARGEST_DOCUMENT:
        raise DocumentError("too_big", number=LARGEST_DOCUMENT >> 20)
    chunks = reader(data, name.stem.replace("_", " ").replace("-", " ").strip() or name.name)
    if not chunks:
        raise DocumentError("empty")
    return chunks


def _markdown(data: bytes, name: str) -> list[Chunk]:
    said, text = _headed(data)
    blocks = list(markdown_blocks(text, first=said.lines + 1))
    return packed(blocks, title=said.title or _title(blocks) or name, expires=said.expires)


def _plain(data: bytes, name: str) -> list[Chunk]:
    said, text = _headed(data)
    blocks = plain_blocks(text, first=said.lines + 1)
    return packed(blocks, title=said.title or name, expires=said.expires)


def _html(data: bytes, name: str) -> list[Chunk]:
    found = page(decoded(data, declared=charset(data)))
    said, line = found.expires or ("", None)
    title = found.title or _title(found.blocks) or name
    return packed(found.blocks, title=title, expires=day(said, line=line))


def _pdf(data: bytes, name: str) -> list[Chunk]:
    title, pages, lines = pdf_lines(data)
    blocks = list(pdf_blocks(lines))
    if not blocks:
        raise DocumentError("scanned", number=pages)
    return packed(blocks, title=title or _title(blocks) or name)


def _headed(data: bytes) -> tuple[Header, str]:
    lines = decoded(data).split("\n")
    said = header(lines)
    return said, "\n".join(lines[said.lines :])


def _title(blocks: list[Block]) -> str:
    """Return the heading that stands over the whole document, or ""."""
    first = blocks[0] if blocks else None
    alone = sum(one.kind is Kind.HEADING and one.level == 1 for one in blocks) == 1
    return first.text if first and first.kind is Kind.HEADING and first.level == 1 and alone else ""


READERS: Mapping[str, Callable[[bytes, str], list[Chunk]]] = {
    ".md": _markdown,
    ".txt": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".csv": csv_chunks,
    ".yaml": yaml_chunks,
    ".yml": yaml_chunks,
    ".jsonl": json_chunks,
}
"""By how names end: a file's bytes and its name without ending become passages."""
