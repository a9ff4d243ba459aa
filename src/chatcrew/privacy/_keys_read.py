"""Reads ``CHATCREW_ENCRYPTION_KEYS``: names with keys, the first of which seals."""

import base64
import binascii
import re
import secrets

from chatcrew.privacy._seal import KEY_BYTES, Keyring

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class BadKeys(ValueError):
    """The keys cannot be used; the text names the place, never a key.

    Attributes:
        kind: ``form``, ``name``, ``base64``, ``length`` or ``twice``.
        place: which entry, from 1.
    """

    def __init__(self, kind: str, place: int) -> None:
        super().__init__(f"entry {place}: {kind}")
        self.kind = kind
        self.place = place


def keyring(text: str) -> Keyring:
    """Return the keys in ``name:base64`` entries, between commas or line by line.

    Raises:
        BadKeys: see there.
    """
    keys: list[tuple[str, bytes]] = []
    entries = [one.strip() for one in re.split(r"[,\n]", text) if one.strip()]
    for place, entry in enumerate(entries, start=1):
        name, colon, value = entry.partition(":")
        if not colon:
            raise BadKeys("form", place)
        if not _NAME.fullmatch(name):
            raise BadKeys("name", place)
        try:
            key = base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True)
        except (ValueError, binascii.Error):
            raise BadKeys("base64", place) from None
        if len(key) != KEY_BYTES:
            raise BadKeys("length", place)
        if name in dict(keys):
            raise BadKeys("twice", place)
        keys.append((name, key))
    return Keyring(keys)


def new_key(name: str) -> str:
    """Return an entry with a new random key."""
    return f"{name}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode('ascii')}"
