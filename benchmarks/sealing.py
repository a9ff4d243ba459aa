"""What sealing adds to a stored message, beside what storing it costs anyway.

Costs of sealing and opening a line of 80 characters and a webhook of 3.4 KB, then of putting 1,500
deliveries with and without keys, in turns. Ends with 1 where it costs a put more than a quarter.

Run: python -m benchmarks.sealing
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chatcrew.clock import SystemClock
from chatcrew.database import Database, attach_or_own, migrate
from chatcrew.mailbox import PostgresMailbox
from chatcrew.privacy import Keyring
from chatcrew.testing.stores import Talk

ROUNDS = 6
PUTS = 1500
AT_ONCE = 64
TARGET = 1.25
"""Most time that putting may take with keys, by that without."""

KEYS = Keyring([("a", b"k" * 32)])
LINE = "quanto custa a consulta com a Dra. Helena, e ela atende pelo meu convênio? obrigada"
BODY = b'{"event":"message_created","content":"' + b"x" * 3400 + b'"}'


def per_call(call: Callable[[], Any], *, times: int = 20_000) -> float:
    """Return the best of ``ROUNDS`` means, in microseconds."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(times):
            call()
        best = min(best, (time.perf_counter() - began) / times)
    return best * 1e6


async def put_all(url: str, keys: Keyring, *, first: int) -> float:
    """Put deliveries of as many conversations; return seconds."""
    clock = SystemClock()
    async with await Database.open(url, keys=keys) as database:
        mailbox = PostgresMailbox(database, clock, max_pending=1_000_000)
        talks = [Talk(clock, number=first + number) for number in range(PUTS)]
        deliveries = [talk.says(LINE) for talk in talks]
        began = time.perf_counter()
        for place in range(0, PUTS, AT_ONCE):
            await asyncio.gather(*(mailbox.put(one) for one in deliveries[place : place + AT_ONCE]))
        spent = time.perf_counter() - began
        await mailbox.close()
    return spent


async def main() -> int:
    """Print the table; return whether the target was missed."""
    sealed, body = KEYS.seal(LINE, "line b"), KEYS.seal_bytes(BODY, "body b")
    rows = {
        "seal a line": per_call(lambda: KEYS.seal(LINE, "line b")),
        "open a line": per_call(lambda: KEYS.open(sealed, "line b")),
        "seal a webhook": per_call(lambda: KEYS.seal_bytes(BODY, "body b")),
        "open a webhook": per_call(lambda: KEYS.open_bytes(body, "body b")),
    }
    for name, spent in rows.items():
        print(f"{name:<16} {spent:6.2f} µs")
    with TemporaryDirectory(prefix="chatcrew-sealing-") as folder:
        async with AsyncExitStack() as stack:
            attached = await attach_or_own(Path(folder), may_own=True, within=60.0)
            stack.push_async_callback(attached.close)
            async with await Database.open(attached.url) as database:
                await migrate(database)
            ratios = []
            for number in range(ROUNDS):
                spent = {}
                # turn about, for whoever comes second finds larger tables
                for place, keys in enumerate((Keyring(), KEYS)[:: 1 if number % 2 else -1]):
                    first = 1 + number * 10_000 + place * 5_000
                    spent[bool(keys.names)] = await put_all(attached.url, keys, first=first)
                ratios.append(spent[True] / spent[False])
    ratio = statistics.median(ratios)
    print(f"put, sealed by plain: median {ratio:.3f} of {ROUNDS} rounds ({PUTS} deliveries each)")
    return int(ratio > TARGET)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
