"""How cache keys are made: the tenant is always in them, customer text never is (S4-48, S4-49)."""

import hashlib
import json
from enum import StrEnum
from typing import Any


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
        ValueError: the tenant is empty, or holds a colon, a space or a control character.
        TypeError: a part is not JSON-shaped.
    """
    if not tenant or ":" in tenant or any(char <= " " or char == "\x7f" for char in tenant):
        raise ValueError(f"tenant {tenant!r} cannot be part of a cache key")
    # ensure_ascii, because a lone surrogate has no UTF-8 form and must not stop the caller
    text = json.dumps(
        [kind.value, tenant, *parts], ensure_ascii=True, sort_keys=True, separators=(",", ":")
    )
    return f"v1:{tenant}:{kind.value}:{hashlib.sha256(text.encode('ascii')).hexdigest()}"


def kind_of(cache_key: str) -> str:
    """Return the kind inside a key made by ``key``, or ``other``."""
    parts = cache_key.split(":")
    return parts[2] if len(parts) == 4 else "other"
