"""Which version of a business's knowledge a tenant means: a digest of what is searched."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import orjson

from chatcrew.tenancy.model import Document, Faq, Tenant

_HELD = 1024
"""Tenants of one configuration and of a few before it."""


class _Same:
    """Entries that are equal to nothing but themselves: so no turn compares or hashes a text."""

    __slots__ = ("entries",)

    def __init__(self, entries: Sequence[Faq | Document]) -> None:
        self.entries = entries

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.entries is self.entries

    def __hash__(self) -> int:
        return id(self.entries)


def knowledge_version(tenant: Tenant) -> str:
    """Return what changes with a tenant's knowledge, and with nothing else of the files.

    Made once for each tenant that was read; every turn asks.
    """
    return _digest(_Same(tenant.faq), _Same(tenant.documents))


@lru_cache(maxsize=_HELD)
def _digest(faq: _Same, documents: _Same) -> str:
    held = [(one.path, one.digest) for one in documents.entries if isinstance(one, Document)]
    return hashlib.sha256(orjson.dumps([faq.entries, held])).hexdigest()[:12]
