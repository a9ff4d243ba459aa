"""Read what a secret reference stands for, at the moment it is needed."""

import os
from pathlib import Path

from chatcrew.tenancy._faults.fault import Fault
from chatcrew.tenancy.model import Secret

SHORTEST_TAB = 16
"""Bytes of a tab's token below which it could be guessed: such an address leads nowhere."""

MAX_BYTES = 64 * 1024
_Stamp = tuple[int, int, int]
_cache: dict[str, tuple[_Stamp, bytes]] = {}


def read(secret: Secret) -> bytes:
    """Return the secret's bytes, without a newline at the end.

    A file is looked at on each call and read again when it changed, so that a secret rotates
    without a restart. Touches the disk: call it in a thread.

    Raises:
        ConfigError: the variable or file is missing, unreadable or empty; names the reference only.
    """
    kind, _, name = secret.reference.partition(":")
    if kind == "env":
        value = os.environ.get(name)
        if value is None:
            raise Fault("secret_env_missing", hint="set_it", reference=secret.reference)
        return _worth(os.fsencode(value), secret)
    if kind != "file":
        raise Fault("literal_secret", hint="reference_it")
    return _read_file(name, secret)


def _read_file(name: str, secret: Secret) -> bytes:
    path = Path(name)
    try:
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        known = _cache.get(name)
        if known is not None and known[0] == stamp:
            value = known[1]
        else:
            with path.open("rb") as file:
                value = _worth(file.read(MAX_BYTES), secret)
    except (OSError, ValueError) as error:
        _cache.pop(name, None)
        reason = getattr(error, "strerror", None) or "not a path"
        # without its context: an OSError repeats the path in its own way, a ValueError the text
        raise Fault("secret_unreadable", reference=secret.reference, reason=reason) from None
    _cache[name] = (stamp, value)
    return value


def _worth(value: bytes, secret: Secret) -> bytes:
    """Return the bytes without the newline editors and ``echo`` leave.

    Raises:
        ConfigError: nothing is left.
    """
    value = value.rstrip(b"\r\n")
    if not value:
        raise Fault("secret_empty", reference=secret.reference)
    return value
