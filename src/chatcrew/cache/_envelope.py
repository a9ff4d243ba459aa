"""How a JSON value travels through the layers: its stale allowance, a line feed, JSON."""

from dataclasses import dataclass
from typing import Any

import orjson

# Only what JSON has: orjson would write a dataclass or a date too, but could not read it back.
_STRICT = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)


@dataclass(frozen=True, slots=True)
class Found:
    """A value found in a layer.

    Attributes:
        value: the decoded value.
        packed: the bytes it came in.
        deadline: monotonic time at which it is gone.
        stale: how many seconds of its life are the stale allowance.
    """

    value: Any
    packed: bytes
    deadline: float
    stale: float

    def fresh(self, now: float) -> float:
        """Return the seconds it is still good for; below zero: for how long it has been stale."""
        return self.deadline - self.stale - now


def pack(value: Any, *, stale: float = 0.0) -> bytes:
    """Return the bytes of ``value``.

    Raises:
        TypeError: the value is not JSON (``orjson.JSONEncodeError`` is one).
    """
    return b"%.3f\n" % stale + orjson.dumps(value, option=_STRICT)


def value_of(packed: bytes) -> Any:
    """Return a new copy of the value in ``packed``.

    Raises:
        ValueError: the bytes are not ours.
    """
    return orjson.loads(packed[packed.index(b"\n") + 1 :])


def unpack(packed: bytes, *, deadline: float) -> Found:
    """Read ``packed``.

    Raises:
        ValueError: the bytes are not ours.
    """
    return Found(value_of(packed), packed, deadline, float(packed[: packed.index(b"\n")]))
