"""Digests of what a business wrote: of its knowledge, and of what stands before every answer."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import orjson

from chatcrew.tenancy.model import Crew, Document, Faq, Tenant

_HELD = 1024
"""Tenants of one configuration and of a few before it."""


class _Same:
    """Entries that are equal to nothing but themselves: so no turn compares or hashes a text."""

    __slots__ = ("entries",)

    def __init__(self, entries: Sequence[Faq | Document] | Crew | Tenant) -> None:
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
    listed = documents.entries if isinstance(documents.entries, Sequence) else ()
    held = [(one.path, one.digest) for one in listed if isinstance(one, Document)]
    return hashlib.sha256(orjson.dumps([faq.entries, held])).hexdigest()[:12]


def house_version(crew: Crew, tenant: Tenant) -> str:
    """Return what changes with the texts that stand before every answer of a crew, whatever it is.

    Those are its roles and tasks, the persona, the examples, and the tools it may call. Facts,
    rules, people and knowledge are not among them: an answer rests on some of these only.
    """
    return _house(_Same(crew), _Same(tenant))


@lru_cache(maxsize=_HELD)
def _house(crew: _Same, tenant: _Same) -> str:
    ours, theirs = crew.entries, tenant.entries
    if not isinstance(ours, Crew) or not isinstance(theirs, Tenant):
        raise TypeError("a house is a crew of a tenant")
    crewed = (ours.name, ours.function, ours.process, ours.engine, ours.fast_model)
    spoken = (ours.roles, ours.tasks, ours.manager, ours.capabilities)
    # repr, for a secret's shows its reference and nothing else; where a tool stands changes nothing
    tools = [replace(one, place=("", 0)) for one in theirs.tools]
    said = (crewed, spoken, theirs.persona, theirs.examples, theirs.services, tools)
    return hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:16]
