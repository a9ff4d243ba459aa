"""Server-sent events as bytes: cut a stream into the data of its events, without any I/O."""

from collections.abc import Iterator

_BOM = b"\xef\xbb\xbf"


class EventReader:
    """Reads a stream chunk by chunk, wherever it was cut.

    Only ``data`` matters here; ``event``, ``id``, ``retry`` and comments (which servers send to
    keep a connection open) are passed over. Source: WHATWG HTML, "Server-sent events", 9.2.6.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._data: list[bytes] = []
        self._after_return = False
        self._first = True

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the data of each event that ``chunk`` completes."""
        if not chunk:
            return
        if self._after_return and chunk.startswith(b"\n"):
            chunk = chunk[1:]  # the other half of a CR LF that was cut
            self._after_return = False
        if not chunk:
            return
        self._after_return = chunk.endswith(b"\r")
        lines = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        rest = lines.pop()
        for line in lines:
            self._pieces.append(line)
            whole = b"".join(self._pieces)
            self._pieces.clear()
            data = self._line(whole)
            if data is not None:
                yield data
        if rest:
            self._pieces.append(rest)

    def end(self) -> Iterator[bytes]:
        """Yield what a stream that ended without its last empty line had begun.

        The standard throws it away; servers that leave the line out after ``[DONE]`` exist.
        """
        data = self._line(b"".join(self._pieces)) if self._pieces else None
        self._pieces.clear()
        if data is None:
            data = self._line(b"")
        if data is not None:
            yield data

    def _line(self, line: bytes) -> bytes | None:
        """Take one line; return the event's data where the line ends it."""
        if self._first:
            line, self._first = line.removeprefix(_BOM), False
        if not line:
            if not self._data:
                return None
            data = b"\n".join(self._data)
            self._data.clear()
            return data
        field, _, value = line.partition(b":")
        if field == b"data":
            self._data.append(value.removeprefix(b" "))
        return None
