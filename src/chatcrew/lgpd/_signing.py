"""Tombstones that name nobody, and receipts that anybody can verify (Ed25519, RFC 8032)."""

import base64
import binascii
import functools
import hashlib
import hmac
import importlib
import json
from collections.abc import Mapping
from typing import Any, Final

from chatcrew.lgpd._port import Receipt
from chatcrew.messages import Person

RECEIPTS: Final = "receipts"
"""Name of the key that signs."""
TOMBSTONES: Final = "tombstones"
"""Name of the salt of tombstones."""


def stone(person: Person, salt: bytes) -> str:
    """Return what stands for a person on his tombstone, in hex."""
    who = json.dumps([person.tenant, person.account, person.contact], ensure_ascii=True)
    return hmac.new(salt, who.encode("ascii"), hashlib.sha256).hexdigest()


def public_key(secret: bytes) -> str:
    """Return the raw public key of ``secret``, base64."""
    key = _ed25519().Ed25519PrivateKey.from_private_bytes(secret).public_key()
    return base64.b64encode(key.public_bytes_raw()).decode("ascii")


def signed(document: Mapping[str, Any], secret: bytes) -> Receipt:
    """Return ``document`` as a signed receipt."""
    signature = _ed25519().Ed25519PrivateKey.from_private_bytes(secret).sign(_written(document))
    encoded = base64.b64encode(signature).decode("ascii")
    return Receipt(str(document["id"]), document, encoded, public_key(secret))


def to_json(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as the JSON object that is handed out."""
    return {
        "receipt": dict(receipt.document),
        "signature": receipt.signature,
        "public_key": receipt.public_key,
    }


def genuine(written: Mapping[str, Any], *, public: str | None = None) -> bool:
    """Return whether a receipt says what was signed.

    Args:
        written: as ``to_json`` gave it.
        public: the house's public key, base64; None: the one that the receipt names itself, which
            says only that nobody changed it since.
    """
    document, signature = written.get("receipt"), written.get("signature")
    key = public or written.get("public_key")
    if not isinstance(document, Mapping) or not isinstance(signature, str):
        return False
    if not isinstance(key, str) or written.get("public_key") != key:
        return False
    try:
        raw = base64.b64decode(key, validate=True)
        verifier = _ed25519().Ed25519PublicKey.from_public_bytes(raw)
        verifier.verify(base64.b64decode(signature, validate=True), _written(document))
    except (_invalid(), ValueError, binascii.Error):
        return False
    return True


@functools.cache
def _ed25519() -> Any:
    """Return the library, 6 MB that only who signs or verifies loads."""
    return importlib.import_module("cryptography.hazmat.primitives.asymmetric.ed25519")


@functools.cache
def _invalid() -> type[Exception]:
    """Return what it raises for a signature that is not the key's."""
    found: type[Exception] = importlib.import_module("cryptography.exceptions").InvalidSignature
    return found


def _written(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
