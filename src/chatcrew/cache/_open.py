"""Which layers there are: decided once, from what is configured."""

import math
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from chatcrew.cache._file import FileStore
from chatcrew.cache._layers import LayeredCache
from chatcrew.cache._memory import MemoryStore
from chatcrew.cache._store import Invalidations, Observer, Store
from chatcrew.clock import Clock

CACHE_FILE = "cache.sqlite"
"""Name of the file layer in the data folder of an installation."""

CHANNEL = "chatcrew_cache"
"""Where processes that share a database tell each other what is no longer true."""

MEMORY_BYTES = 64 * 1024 * 1024
"""Bound of the memory layer of each process."""

MEMORY_SECONDS = 300.0
"""How long the memory layer holds an entry that a slower layer has, too.

Most answers of a model are to a prompt that never comes again. Held for their whole time to live
they let a worker grow for hours; what is asked often comes back from the file in 0.2 ms.
"""


@asynccontextmanager
async def open_cache(
    clock: Clock,
    *,
    file: Path | None = None,
    file_bytes: int = 256 * 1024 * 1024,
    file_timeout: float = 1.0,
    redis_url: str | None = None,
    invalidations: Sequence[Invalidations] = (),
    observer: Observer | None = None,
    jitter: float = 0.1,
) -> AsyncIterator[LayeredCache]:
    """Open memory → Redis (with ``redis_url``) → file (with ``file``), and close them at the end.

    With Redis, invalidations go over it as well as over ``invalidations``. ``file_timeout`` is for
    one call to the file, in seconds.
    """
    async with AsyncExitStack() as closing:
        alone = redis_url is None and file is None
        longest = math.inf if alone else MEMORY_SECONDS
        layers: list[Store] = [MemoryStore(clock, max_bytes=MEMORY_BYTES, longest=longest)]
        ports = list(invalidations)
        if redis_url is not None:
            # importing redis takes 0.4 s, which a set-up without it need not pay
            from chatcrew.cache._redis import RedisStore  # noqa: PLC0415 - see above
            from chatcrew.cache._redis_notices import (  # noqa: PLC0415 - see above
                RedisInvalidations,
            )

            layers.append(RedisStore(redis_url, clock=clock))
            shared = RedisInvalidations(redis_url, clock=clock)
            closing.push_async_callback(shared.aclose)
            ports.append(shared)
        if file is not None:
            store = FileStore(file, clock=clock, max_bytes=file_bytes, timeout=file_timeout)
            layers.append(store)
        cache = LayeredCache(
            layers, clock=clock, invalidations=ports, observer=observer, jitter=jitter
        )
        yield await closing.enter_async_context(cache)
