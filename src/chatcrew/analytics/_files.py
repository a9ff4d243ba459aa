"""Rows as files: CSV that no spreadsheet takes for a formula, JSON lines, and transcripts."""

from collections.abc import AsyncGenerator, AsyncIterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import orjson

from chatcrew.analytics._csv import csv_line
from chatcrew.analytics._lists import Trace

TRANSCRIPT = ("at", "message", "author", "name", "private", "text", "files")
"""Columns of a conversation as a file; it says who a customer is and what he said."""

_CHUNK = 1 << 16


async def csv_file(
    rows: AsyncIterable[Mapping[str, object]], columns: Sequence[str]
) -> AsyncGenerator[bytes, None]:
    """Give a CSV file (RFC 4180, UTF-8) with a header, in pieces; see ``csv_line``.

    Args:
        rows: with all ``columns``.
        columns: in their order, such as ``COLUMNS[kind]``.
    """
    waiting = [csv_line(columns)]
    size = 0
    async for row in rows:
        waiting.append(csv_line([row[name] for name in columns]))
        size += len(waiting[-1])
        if size > _CHUNK:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


async def json_lines(rows: AsyncIterable[Mapping[str, object]]) -> AsyncGenerator[bytes, None]:
    """Give a JSON object a line; moments are in UTC (RFC 3339)."""
    async for row in rows:
        line = {name: _moment(value) for name, value in row.items()}
        yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def transcript(trace: Trace) -> Iterator[Mapping[str, object]]:
    """Give the messages of a conversation as rows of ``TRANSCRIPT`` (S2-23)."""
    for line in trace.lines:
        yield {
            "at": line.created_at,
            "message": line.message_id,
            "author": line.author.kind.value,
            "name": line.author.name,
            "private": int(line.private),
            "text": line.text,
            "files": " ".join(one.kind for one in line.attachments),
        }


def _moment(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
