"""What a cache hit costs in each layer, as a ratio to a look-up in a dict of this process.

Run: python benchmarks/cache.py   (Redis is measured where redis-server is installed)
"""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import orjson

from chatcrew.cache import FileStore, Kind, LayeredCache, MemoryStore, Store, key
from chatcrew.cache._redis import RedisStore
from chatcrew.clock import SystemClock
from chatcrew.testing import RedisForTests

ROUNDS = 5
VALUE = {"text": "Atendemos de segunda a sexta, das 8h às 18h. " * 20, "tool_calls": []}
KEY = key(Kind.COMPLETIONS, "health/acme", "question")


async def per_call(call: Callable[[], Awaitable[Any]], *, times: int) -> float:
    """Return the best of ``ROUNDS`` means, in microseconds."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(times):
            await call()
        best = min(best, (time.perf_counter() - began) / times)
    return best * 1e6


class Hollow(MemoryStore):
    """A first layer that never has anything, so that the layer below is what is measured."""

    async def set(self, key: str, value: bytes, *, ttl: float) -> None:
        """Forget at once."""


async def main() -> int:
    """Print one line per layer."""
    clock = SystemClock()
    plain = {KEY: orjson.dumps(VALUE)}

    async def look_up() -> Any:
        return orjson.loads(plain[KEY])

    base = await per_call(look_up, times=20_000)
    print(f"{'dict + JSON (baseline)':32} {base:9.2f} us      1.0")
    async with AsyncExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        below: dict[str, Store | None] = {
            "memory": None,
            "file": FileStore(folder / "cache.sqlite3", clock=clock),
        }
        if shutil.which("redis-server"):
            server = RedisForTests(folder)
            server.start()
            closing.callback(server.kill)
            below["redis"] = RedisStore(server.url, clock=clock)
        for name, store in below.items():
            layers = [MemoryStore(clock)] if store is None else [Hollow(clock), store]
            async with LayeredCache(layers, clock=clock) as cache:
                await cache.set(KEY, VALUE, ttl=3600)

                async def hit(cache: LayeredCache = cache) -> Any:
                    return await cache.get(KEY)

                if await hit() != VALUE:
                    print(f"{name}: no hit", file=sys.stderr)
                    return 1
                cost = await per_call(hit, times=20_000 if store is None else 1_000)
                print(f"{'hit in ' + name:32} {cost:9.2f} us {cost / base:8.1f}")
                if store is None:

                    async def hit_or_load(cache: LayeredCache = cache) -> Any:
                        return await cache.get_or_load(KEY, look_up, ttl=60)

                    cost = await per_call(hit_or_load, times=20_000)
                    print(f"{'get_or_load, hit in memory':32} {cost:9.2f} us {cost / base:8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
