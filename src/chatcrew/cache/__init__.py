"""Layered cache memory → Redis → file: what may be lost, and may fail open (design §3).

Duplicates, leases, limits and handoffs never rest on it.
"""

from chatcrew.cache._file import FileStore
from chatcrew.cache._flights import Flights
from chatcrew.cache._keys import Kind, Scope, key
from chatcrew.cache._layers import LayeredCache
from chatcrew.cache._memory import MemoryStore
from chatcrew.cache._open import CACHE_FILE, CHANNEL, MEMORY_BYTES, MEMORY_SECONDS, open_cache
from chatcrew.cache._store import (
    Entry,
    Held,
    Holdings,
    Invalidations,
    LocalInvalidations,
    Observer,
    Store,
)

__all__ = [
    "CACHE_FILE",
    "CHANNEL",
    "MEMORY_BYTES",
    "MEMORY_SECONDS",
    "Entry",
    "FileStore",
    "Flights",
    "Held",
    "Holdings",
    "Invalidations",
    "Kind",
    "LayeredCache",
    "LocalInvalidations",
    "MemoryStore",
    "Observer",
    "Scope",
    "Store",
    "key",
    "open_cache",
]
