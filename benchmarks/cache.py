"""What a cache hit costs in each layer, and how often a cold key is loaded when many ask at once.

Costs stand beside a look-up in a dict of this process. Ends with 1 where a target is missed: a hit
in memory under 50 us, 1,000 callers in 2 processes at most 2 loads.

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

from chatcrew.cache import FileStore, Kind, LayeredCache, MemoryStore, Store, key, open_cache
from chatcrew.cache._redis import RedisStore
from chatcrew.clock import SystemClock
from chatcrew.testing import RedisForTests

ROUNDS = 5
MEMORY_TARGET = 50.0
"""Microseconds of a hit in memory."""
PROCESSES, CALLERS = 2, 500
LOAD_SECONDS = 0.05
"""What the real source takes: long enough for every caller to come while it works."""
VALUE = {"text": "Atendemos de segunda a sexta, das 8h às 18h. " * 20, "tool_calls": []}
KEY = key(Kind.COMPLETIONS, "health/acme", "question")
COLD = key(Kind.COMPLETIONS, "health/acme", "nobody has asked this yet")


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


async def ask_together(folder: Path, url: str) -> None:
    """Be one process: wait for a line, ask with ``CALLERS`` at once, print what it took."""
    loads = 0

    async def load() -> Any:
        nonlocal loads
        loads += 1
        await asyncio.sleep(LOAD_SECONDS)
        return VALUE

    file = folder / "together.sqlite3"
    async with open_cache(SystemClock(), file=file, redis_url=url or None) as cache:
        await cache.get("warm")  # connections are not what is measured
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        began = time.perf_counter()
        calls = (cache.get_or_load(COLD, load, ttl=3600) for _ in range(CALLERS))
        answers = await asyncio.gather(*calls)
        seconds = time.perf_counter() - began
    right = sum(answer == VALUE for answer in answers)
    print(orjson.dumps({"loads": loads, "right": right, "seconds": seconds}).decode(), flush=True)


async def cold_key(folder: Path, url: str) -> bool:
    """Have several processes ask for one cold key at once; say whether the target is met."""
    pipe = asyncio.subprocess.PIPE
    asking = [
        await asyncio.create_subprocess_exec(
            sys.executable, __file__, str(folder), url, stdin=pipe, stdout=pipe
        )
        for _ in range(PROCESSES)
    ]
    try:
        told = []
        pipes = [(one.stdin, one.stdout) for one in asking if one.stdin and one.stdout]
        for _, out in pipes:
            await out.readline()
        for into, _ in pipes:
            into.write(b"go\n")
        for _, out in pipes:
            told.append(orjson.loads(await out.readline()))
        for process in asking:
            await process.wait()
    finally:
        for process in asking:
            if process.returncode is None:
                process.kill()
                await process.wait()
    loads, slowest = sum(one["loads"] for one in told), max(one["seconds"] for one in told)
    print(
        f"{PROCESSES * CALLERS} callers of a cold key in {PROCESSES} processes: {loads} loads "
        f"(target: at most {PROCESSES}), {slowest * 1e3:.0f} ms for a source of "
        f"{LOAD_SECONDS * 1e3:.0f} ms"
    )
    return 1 <= loads <= PROCESSES and all(one["right"] == CALLERS for one in told)


async def main() -> int:
    """Print one line per layer, and one for the cold key."""
    clock = SystemClock()
    plain = {KEY: orjson.dumps(VALUE)}

    async def look_up() -> Any:
        return orjson.loads(plain[KEY])

    base = await per_call(look_up, times=20_000)
    print(f"{'dict + JSON (baseline)':32} {base:9.2f} us      1.0")
    met, url = True, ""
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
            url = server.url
            below["redis"] = RedisStore(url, clock=clock)
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
                    met = cost < MEMORY_TARGET

                    async def hit_or_load(cache: LayeredCache = cache) -> Any:
                        return await cache.get_or_load(KEY, look_up, ttl=60)

                    cost = await per_call(hit_or_load, times=20_000)
                    print(f"{'get_or_load, hit in memory':32} {cost:9.2f} us {cost / base:8.1f}")
        met = await cold_key(folder, url) and met
    return 0 if met else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(ask_together(Path(sys.argv[1]), sys.argv[2]))
    else:
        sys.exit(asyncio.run(main()))
