"""Frames between a worker and its crew processes: four bytes of length, then a JSON object."""

from collections.abc import Mapping
from typing import Any

import orjson

MAX_FRAME = 1 << 20
"""Longest JSON text of one frame, in bytes; a prompt with its history fits many times."""

_HEAD = 4

Frame = dict[str, Any]


class FrameError(Exception):
    """A frame that cannot be written, or must not be read: its sender is not to be trusted."""


def encode(frame: Mapping[str, Any], *, limit: int = MAX_FRAME) -> bytes:
    """Return ``frame`` as bytes for the pipe.

    Raises:
        FrameError: it is longer than ``limit`` or no JSON (a lone surrogate, a value JSON lacks).
    """
    try:
        body = orjson.dumps(frame)
    except TypeError as fault:
        raise FrameError(f"the frame is no JSON: {type(fault).__name__}") from None
    if len(body) > limit:
        raise FrameError(f"the frame has {len(body)} bytes, {limit} are allowed")
    return len(body).to_bytes(_HEAD, "big") + body


class Frames:
    """Cuts a stream of bytes into frames, however the stream was chopped on its way."""

    def __init__(self, *, limit: int = MAX_FRAME) -> None:
        self._limit = limit
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """Return the frames that ``data`` completes, in order.

        Raises:
            FrameError: a length over the limit, or a body that is no JSON object.
        """
        self._rest += data
        frames: list[Frame] = []
        while len(self._rest) >= _HEAD:
            length = int.from_bytes(self._rest[:_HEAD], "big")
            if length > self._limit:
                raise FrameError(f"a frame announces {length} bytes, {self._limit} are allowed")
            if len(self._rest) < _HEAD + length:
                break
            frames.append(_decode(bytes(self._rest[_HEAD : _HEAD + length])))
            del self._rest[: _HEAD + length]
        return frames

    @property
    def pending(self) -> int:
        """Bytes of a frame that is not complete yet."""
        return len(self._rest)


def _decode(body: bytes) -> Frame:
    """Return the JSON object of one frame.

    Raises:
        FrameError: it is no JSON object.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise FrameError(f"a frame of {len(body)} bytes is no JSON") from None
    if not isinstance(value, dict):
        raise FrameError(f"a frame holds a {type(value).__name__}, not an object")
    return value
