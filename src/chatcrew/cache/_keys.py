"""How cache keys are made: the tenant is always in them, customer text never is (S4-48, S4-49)."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_ANY = "*"
_PARTS = 4


class Kind(StrEnum):
    """What may be cached; a closed list, so that metrics and erasure can walk it."""

    CONFIGS = "configs"
    COMPLETIONS = "completions"
    EMBEDDINGS = "embeddings"
    SEARCH = "search"
    CHATWOOT = "chatwoot"
    ANSWERS = "answers"


def key(kind: Kind, tenant: str, *parts: Any) -> str:
    """Return ``v1:{tenant}:{kind}:{sha256}`` for JSON-shaped ``parts``.

    The digest covers tenant and kind too, so no choice of parts can reach another tenant's entry.

    Raises:
        ValueError: the tenant is empty, ``*``, or holds a colon, a space or a control character.
        TypeError: a part is not JSON-shaped.
    """
    _check(tenant)
    # ensure_ascii, because a lone surrogate has no UTF-8 form and must not stop the caller
    text = json.dumps(
        [kind.value, tenant, *parts], ensure_ascii=True, sort_keys=True, separators=(",", ":")
    )
    return f"v1:{tenant}:{kind.value}:{hashlib.sha256(text.encode('ascii')).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the cache: a tenant's, a kind's, a tenant's of one kind, or everything.

    Attributes:
        tenant: whose entries, None: everybody's.
        kind: which entries, None: all.
    """

    tenant: str | None = None
    kind: Kind | None = None

    def __post_init__(self) -> None:
        """Refuse a tenant that no key can hold (``ValueError``)."""
        if self.tenant is not None:
            _check(self.tenant)

    def __str__(self) -> str:
        """Return it in the shape of a key, as it travels to other processes."""
        kind = _ANY if self.kind is None else self.kind.value
        return f"v1:{self.tenant or _ANY}:{kind}:{_ANY}"

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self.tenant is None and self.kind is None

    def holds(self, cache_key: str) -> bool:
        """Say whether an entry belongs to it."""
        if self.everything:
            return True
        parts = cache_key.split(":")
        return (
            len(parts) == _PARTS
            and self.tenant in {None, parts[1]}
            and self.kind in {None, parts[2]}
        )


def scope_of(message: str) -> Scope | None:
    """Return the scope that ``str(scope)`` made ``message`` of; None where it is a plain key."""
    parts = message.split(":")
    if len(parts) != _PARTS or parts[3] != _ANY:
        return None
    _, tenant, kind, _ = parts
    try:
        return Scope(None if tenant == _ANY else tenant, None if kind == _ANY else Kind(kind))
    except ValueError:
        # a kind that only a newer version knows: better too much than too little
        return Scope(None if tenant == _ANY else tenant)


def _check(tenant: str) -> None:
    blank = any(char <= " " or char == "\x7f" for char in tenant)
    if not tenant or ":" in tenant or blank or tenant == _ANY:
        raise ValueError(f"tenant {tenant!r} cannot be part of a cache key")


def kind_of(cache_key: str) -> str:
    """Return the kind inside a key made by ``key``, or ``other``."""
    parts = cache_key.split(":")
    return parts[2] if len(parts) == _PARTS else "other"
