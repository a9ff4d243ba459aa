"""Records that each say one thing: tables of a spreadsheet, YAML entries, JSON lines."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from chatcrew.errors import DocumentError
from chatcrew.knowledge._reading.blocks import Block, Kind, Piece, row_text
from chatcrew.knowledge._reading.chunk import Chunk
from chatcrew.knowledge._reading.header import EXPIRES, TITLE, day, keyed
from chatcrew.knowledge._reading.packing import packed
from chatcrew.knowledge._reading.text import decoded, tidy
from chatcrew.tenancy.entries import read_entries

_QUESTION = frozenset({"question", "pergunta", "duvida"})
_ANSWER = frozenset({"answer", "resposta"})
_ALSO = frozenset({"also", "tambem", "outras_perguntas", "variacoes"})
_KEYWORDS = frozenset({"keywords", "palavras_chave", "tags"})
_TEXT = frozenset({"text", "texto", "content", "conteudo"})
_CUSTOMER = frozenset({"customer", "cliente", "input", "prompt"})
_REPLY = frozenset({"reply", "output", "completion", "response"})
_DELIMITERS = ",;\t|"
_LOOKED_AT = 50
_BETWEEN = re.compile("[|;]")
csv.field_size_limit(1 << 20)


def csv_chunks(data: bytes, name: str) -> list[Chunk]:
    """Return one passage for each row: ``column: value``, or what a question's answer is.

    The first row that is not empty names the columns.

    Raises:
        DocumentError: ``broken``; ``day``; ``column``: a question's column without its answer's.
    """
    rows = _rows(decoded(data))
    _, header = next(rows, (0, []))
    names = [keyed(column) for column in header]
    asked, answered = (any(one in names for one in kind) for kind in (_QUESTION, _ANSWER))
    if asked != answered:
        raise DocumentError("column", line=1, word=", ".join(header)[:120])
    chunks: list[Chunk] = []
    for line, cells in rows:
        said = dict(zip(names, cells, strict=False))
        ends = day(_first(said, EXPIRES), line=line)
        if asked:
            chunks.extend(_answered(said, f"L{line}", title=name, expires=ends))
            continue
        kept = [place for place, one in enumerate(names) if one not in EXPIRES]
        kept += range(len(names), len(cells))
        shown = [header[at].strip() if at < len(header) else "" for at in kept]
        said_here = [cells[at].strip() if at < len(cells) else "" for at in kept]
        row = Block(Kind.TABLE, (Piece(row_text(shown, said_here), f"L{line}"),))
        chunks.extend(packed([row], title=name, expires=ends))
    return chunks


def yaml_chunks(data: bytes, name: str) -> list[Chunk]:
    """Return one passage for each entry of a YAML document.

    Raises:
        DocumentError: ``entries``, with every fault.
    """
    # Like any document it may come from an old editor; a tenant's own YAML may not
    entries, faults = read_entries(decoded(data).encode(), name)
    if entries is None:
        raise DocumentError("entries", faults=faults)
    return [
        chunk
        for faq, ends in zip(entries.faq, entries.expires, strict=True)
        for chunk in _entry(
            (faq.question, faq.answer),
            f"L{faq.place[1]}",
            title=entries.title or name,
            expires=ends,
            also=faq.also,
            keywords=faq.keywords,
        )
    ]


def json_chunks(data: bytes, name: str) -> list[Chunk]:
    """Return the passages of JSON lines: questions with answers, texts with titles, examples.

    Raises:
        DocumentError: ``row`` or ``day``, with the line.
    """
    chunks: list[Chunk] = []
    for number, line in enumerate(decoded(data).split("\n"), 1):
        if line.strip():
            chunks.extend(_json_line(line, number, name))
    return chunks


def _json_line(line: str, number: int, name: str) -> Iterator[Chunk]:
    try:
        value = orjson.loads(line)
    except ValueError:
        raise DocumentError("row", line=number, word=line.strip()[:60]) from None
    if not isinstance(value, dict):
        raise DocumentError("row", line=number, word=line.strip()[:60])
    said = {keyed(tidy(key)): one for key, one in value.items()}
    ends = day(_first(said, EXPIRES), line=number)
    mark = f"L{number}"
    if not _first(said, _ANSWER):
        said = _exchanged(said)
    if _first(said, _QUESTION) and _first(said, _ANSWER):
        yield from _answered(said, mark, title=name, expires=ends)
    elif _first(said, _TEXT):
        title = _first(said, TITLE)
        piece = Block(Kind.TEXT, (Piece(_first(said, _TEXT), mark),))
        yield from packed([piece], title=title or name, expires=ends)
    else:
        raise DocumentError("row", line=number, word=line.strip()[:60])


def _exchanged(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return an example of a talk as a question and its answer.

    ``{"messages": [{"role": "user", "content": …}, {"role": "assistant", …}]}`` as models are
    trained with, ``{"customer": …, "reply": …}`` as under a tenant's ``examples``.
    """
    found = dict(said)
    turns = said.get("messages")
    if isinstance(turns, list):
        by_role: dict[str, str] = {}
        for turn in turns:
            if isinstance(turn, dict) and isinstance(turn.get("content"), str):
                by_role.setdefault(str(turn.get("role")), turn["content"])
        found["question"], found["answer"] = by_role.get("user", ""), by_role.get("assistant", "")
    elif _first(said, _CUSTOMER) and _first(said, _REPLY):
        found["question"], found["answer"] = _first(said, _CUSTOMER), _first(said, _REPLY)
    return found


def _answered(
    said: Mapping[str, Any], mark: str, *, title: str, expires: date | None
) -> Iterator[Chunk]:
    pair = (_first(said, _QUESTION), _first(said, _ANSWER))
    if not all(pair):
        return
    yield from _entry(
        pair,
        mark,
        title=_first(said, TITLE) or title,
        expires=expires,
        also=_several(said, _ALSO),
        keywords=_several(said, _KEYWORDS),
    )


def _entry(
    pair: tuple[str, str],
    mark: str,
    *,
    title: str,
    expires: date | None,
    also: Sequence[str] = (),
    keywords: Sequence[str] = (),
) -> Iterator[Chunk]:
    """Yield an answer as one passage, however long: who asks wants all of it."""
    question, answer = pair
    yield Chunk(
        text=answer,
        title=title,
        source_mark=mark,
        expires=expires,
        question=question,
        also=tuple(also),
        keywords=tuple(keywords),
    )


def _first(said: Mapping[str, Any], names: frozenset[str]) -> str:
    """Return the first of these that says something, as text."""
    for name, value in said.items():
        if name in names and isinstance(value, str | int | float) and str(value).strip():
            return tidy(str(value)).strip()
    return ""


def _several(said: Mapping[str, Any], names: frozenset[str]) -> tuple[str, ...]:
    """Return a list, or what stands between the bars or semicolons of a cell."""
    for name, value in said.items():
        if name in names:
            parts = value if isinstance(value, list) else _BETWEEN.split(str(value or ""))
            texts = (tidy(one).strip() for one in parts if isinstance(one, str))
            return tuple(filter(None, texts))
    return ()


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that say something, each with the line it begins at.

    Raises:
        DocumentError: ``broken``.
    """
    lines = text.split("\n")
    if lines[0].lower().startswith("sep=") and len(lines[0]) == 5:  # Excel's own first line
        delimiter, skipped = lines[0][4], 1
    else:
        delimiter, skipped = _delimiter(lines), 0
    reader = csv.reader(io.StringIO("\n".join(lines[skipped:]), newline=""), delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + skipped + 1, [cell.strip() for cell in cells]
            before = reader.line_num
    except csv.Error as error:
        raise DocumentError("broken", line=reader.line_num + skipped, word="CSV") from error


def _delimiter(lines: Sequence[str]) -> str:
    """Return what divides the most lines into as many cells as the first one has."""
    said = [line for line in lines if line.strip()][:_LOOKED_AT]
    best, most = ",", (0, 0)
    for delimiter in _DELIMITERS:
        try:
            sizes = [len(cells) for cells in csv.reader(said, delimiter=delimiter)]
        except csv.Error:
            continue
        if sizes and sizes[0] > 1:
            alike = sum(size == sizes[0] for size in sizes) * 100 // len(sizes)
            if (alike, sizes[0]) > most:
                best, most = delimiter, (alike, sizes[0])
    return best
