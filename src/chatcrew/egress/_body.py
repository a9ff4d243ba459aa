"""Read an answer's body: counted while it streams, also after decompression."""

import zlib
from collections.abc import Collection

import aiohttp

from chatcrew.errors import EgressFailed

ENCODINGS = "gzip, deflate"
_STEP = 64 * 1024


def check_head(response: aiohttp.ClientResponse, *, limit: int, types: Collection[str]) -> None:
    """Refuse an answer by its headers.

    Raises:
        EgressFailed: it says it is longer than ``limit`` bytes, or is of another media type.
    """
    if response.content_length is not None and response.content_length > limit:
        raise EgressFailed("the answer is too big", kind="too_big", maybe_sent=True)
    media = response.content_type.lower()
    if types and not any(_is_a(media, wanted) for wanted in types):
        raise EgressFailed("the answer is of another type", kind="type", maybe_sent=True)


def _is_a(media: str, wanted: str) -> bool:
    main, _, sub = wanted.lower().partition("/")
    return media == wanted.lower() or (sub == "*" and media.startswith(f"{main}/"))


async def read_body(response: aiohttp.ClientResponse, *, limit: int) -> bytes:
    """Return the whole body, never holding more than ``limit`` bytes and a chunk.

    Raises:
        EgressFailed: it is longer, also once unpacked, or packed in a way nobody asked for.
    """
    unpack = _Unpacker(response.headers.get("Content-Encoding", ""), limit=limit)
    async for chunk in response.content.iter_chunked(_STEP):
        unpack.feed(chunk)
    return unpack.done()


class _Unpacker:
    """Undoes one content encoding, with a bound on what comes out."""

    def __init__(self, encoding: str, *, limit: int) -> None:
        self._found = bytearray()
        self._limit = limit
        self._raw = encoding.strip().lower() in ("", "identity")
        self._first = True
        # 32 + the largest window: gzip or zlib, told by the header
        self._zlib = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        if not self._raw and encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
            raise EgressFailed("the answer is packed oddly", kind="encoding", maybe_sent=True)

    def feed(self, chunk: bytes) -> None:
        if self._raw:
            self._take(chunk)
            return
        if self._first:
            self._first = False
            # RFC 9110 8.4.1.2: "deflate" is zlib, but some servers send it bare
            if chunk[:1] != b"\x1f" and (chunk[0] & 0x0F) != 8:
                self._zlib = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        try:
            while chunk:
                room = self._limit - len(self._found) + 1
                self._take(self._zlib.decompress(chunk, room))
                chunk = self._zlib.unconsumed_tail
        except zlib.error:
            raise EgressFailed("the answer is broken", kind="encoding", maybe_sent=True) from None

    def _take(self, data: bytes) -> None:
        self._found += data
        if len(self._found) > self._limit:
            raise EgressFailed("the answer is too big", kind="too_big", maybe_sent=True)

    def done(self) -> bytes:
        if not self._raw and not self._first and not self._zlib.eof:
            raise EgressFailed("the answer is cut off", kind="encoding", maybe_sent=True)
        return bytes(self._found)
