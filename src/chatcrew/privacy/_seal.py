"""Sealing what customers say before it is stored: AES-256-GCM under keys with names (S1-76).

A sealed value names its key and what it is about, so that keys can be changed while both are in
use, and a value that somebody moved to another bot's or business's row no longer opens (NIST SP
800-38D: associated data). Without keys everything is stored as it is, and rows of both kinds are
read alike.
"""

import base64
import binascii
import functools
import importlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from chatcrew.errors import StoreError

MARK = "\u2063seal1:"
"""What sealed text begins with: an invisible sign that nobody types, and the form's number."""

MARK_BYTES = b"\x00seal1"
"""The same of bytes; no JSON begins with a zero."""

KEY_BYTES = 32
_NONCE = 12
_AEAD = "cryptography.hazmat.primitives.ciphers.aead"
_PLAIN = ""
"""Name of no key: the value stands there as it is, since it looked like a sealed one."""


class _Cipher(Protocol):
    """AES-GCM under one key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Seal."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Open."""
        ...


class Unsealable(StoreError):
    """A stored value cannot be opened: its key is not among ours, or it was changed.

    Attributes:
        key: name of its key.
        tampered: it was changed or moved; else its key may still be found.
    """

    def __init__(self, key: str, *, tampered: bool = False) -> None:
        why = "was changed" if tampered else "is sealed with a key that is not configured"
        super().__init__(f"a stored value {why} ({key!r}); see CHATCREW_ENCRYPTION_KEYS")
        self.key = key
        self.tampered = tampered


class Keyring:
    """Keys by name; the first one seals, each opens what it sealed.

    Args:
        keys: names with 32 random bytes each; none: nothing is sealed.
    """

    def __init__(self, keys: Sequence[tuple[str, bytes]] = ()) -> None:
        self._ciphers = {name: _cipher(key) for name, key in keys}
        self._first = keys[0][0] if keys else None

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self._ciphers)})"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the keys, the one that seals first."""
        return tuple(self._ciphers)

    def opening(self) -> "Keyring":
        """Return these keys as ones that open and no longer seal."""
        keys = Keyring()
        keys._ciphers = self._ciphers
        return keys

    def seal(self, text: str, about: str) -> str:
        """Return ``text`` sealed; as it is where there is no key, or nothing to hide.

        Args:
            text: what is to be stored.
            about: whose it is, such as ``line clinic-bot``; it can be read, and not be changed.
        """
        if not text or (self._first is None and not text.startswith(MARK)):
            return text
        raw = self._sealed(text.encode("utf-8", "surrogatepass"), about)
        return MARK + base64.urlsafe_b64encode(raw).decode("ascii")

    def open(self, text: str, about: str) -> str:
        """Return what was sealed; text that was not is returned as it is.

        Args:
            text: what is stored.
            about: whose it has to be, as ``seal`` was told.

        Raises:
            Unsealable: its key is none of ours, it was changed, or it is another's.
        """
        if not text.startswith(MARK):
            return text
        try:
            raw = base64.b64decode(text.removeprefix(MARK), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            raise Unsealable("?", tampered=True) from None
        return self._opened(raw, about).decode("utf-8", "surrogatepass")

    def readable(self, text: str, about: str) -> str:
        """Return what was sealed, "" where it does not open: for who is to be shown the rest."""
        try:
            return self.open(text, about)
        except Unsealable:
            return ""

    def seal_bytes(self, raw: bytes, about: str) -> bytes:
        """Return bytes sealed, or as they are where there is no key."""
        if self._first is None and not raw.startswith(MARK_BYTES):
            return raw
        return MARK_BYTES + self._sealed(raw, about)

    def open_bytes(self, raw: bytes, about: str) -> bytes:
        """Return the bytes that were sealed; others are returned as they are.

        Raises:
            Unsealable: as ``open``.
        """
        if not raw.startswith(MARK_BYTES):
            return raw
        return self._opened(raw.removeprefix(MARK_BYTES), about)

    def open_within(self, value: Any, about: str) -> Any:
        """Return a JSON value with every sealed text in it opened.

        Raises:
            Unsealable: as ``open``.
        """
        return walked(value, lambda text: self.open(text, about))

    def renewed(self, stored: str, about: str) -> str:
        """Return stored text as it would be stored now; the very same where it is already.

        What was moved here from another's row stays unreadable: it is never sealed as this one's.

        Raises:
            Unsealable: as ``open``.
        """
        if key_of(stored) == self._first:
            return stored
        return self.seal(self.open(stored, about), about)

    def renewed_bytes(self, stored: bytes, about: str) -> bytes:
        """Return stored bytes as they would be stored now; raises ``Unsealable``."""
        if key_of(stored) == self._first:
            return stored
        return self.seal_bytes(self.open_bytes(stored, about), about)

    def _sealed(self, raw: bytes, about: str) -> bytes:
        name = self._first or _PLAIN
        head = _short(name) + _short(about)
        if self._first is None:
            return head + raw
        nonce = secrets.token_bytes(_NONCE)
        return head + nonce + self._ciphers[name].encrypt(nonce, raw, head)

    def _opened(self, raw: bytes, wanted: str) -> bytes:
        name, about, rest = _parts(raw)
        if about != wanted:
            raise Unsealable(name, tampered=True)
        if name == _PLAIN:
            return rest
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise Unsealable(name)
        head = _short(name) + _short(about)
        try:
            return cipher.decrypt(rest[:_NONCE], rest[_NONCE:], head)
        except (_invalid(), ValueError):
            raise Unsealable(name, tampered=True) from None


def _cipher(key: bytes) -> "_Cipher":
    """Return AES-GCM under a key; its library is loaded only by who has keys."""
    made: _Cipher = importlib.import_module(_AEAD).AESGCM(key)
    return made


@functools.cache
def _invalid() -> type[Exception]:
    """Return what that library raises for a value that was changed."""
    found: type[Exception] = importlib.import_module("cryptography.exceptions").InvalidTag
    return found


def key_of(stored: str | bytes) -> str | None:
    """Return the name of the key a stored value is sealed with, None where it is not.

    Raises:
        Unsealable: it is broken.
    """
    if isinstance(stored, bytes):
        if not stored.startswith(MARK_BYTES):
            return None
        raw = stored.removeprefix(MARK_BYTES)
    elif stored.startswith(MARK):
        try:
            raw = base64.urlsafe_b64decode(stored.removeprefix(MARK))
        except (ValueError, binascii.Error):
            raise Unsealable("?", tampered=True) from None
    else:
        return None
    return _parts(raw)[0] or None


def about_of(stored: str) -> str:
    """Return what sealed text is about, "" where it is not sealed.

    Raises:
        Unsealable: it is broken.
    """
    if not stored.startswith(MARK):
        return ""
    try:
        return _parts(base64.urlsafe_b64decode(stored.removeprefix(MARK)))[1]
    except (ValueError, binascii.Error):
        raise Unsealable("?", tampered=True) from None


def walked(value: Any, change: Callable[[str], str]) -> Any:
    """Return a JSON value with each text in it, but no key, passed through ``change``."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: walked(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [walked(one, change) for one in value]
    return value


def _short(text: str) -> bytes:
    """Return text behind its length."""
    raw = text.encode("utf-8", "surrogatepass")
    return len(raw).to_bytes(2, "big") + raw


def _parts(raw: bytes) -> tuple[str, str, bytes]:
    """Return the key's name, what it is about, and the rest.

    Raises:
        Unsealable: there is less than that.
    """
    found: list[str] = []
    for _ in range(2):
        length = int.from_bytes(raw[:2], "big")
        if len(raw) < 2 + length:
            raise Unsealable("?", tampered=True)
        try:
            found.append(raw[2 : 2 + length].decode("utf-8", "surrogatepass"))
        except UnicodeDecodeError:
            raise Unsealable("?", tampered=True) from None
        raw = raw[2 + length :]
    return found[0], found[1], raw
