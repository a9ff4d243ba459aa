"""What writing down when a conversation was opened, closed or taken adds to storing a webhook.

A trigger does it (``conversation_move``). Putting the first messages of 1,500 conversations, where
it writes a row for each, and then two more of each, where it only looks; with the trigger and
without, turn about. Ends with 1 where a later message costs more than a tenth more.

Run: python -m benchmarks.moves
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks._moves_sql import note_moves
from chatcrew.clock import SystemClock
from chatcrew.database import Database, attach_or_own, migrate
from chatcrew.mailbox import PostgresMailbox
from chatcrew.messages import Delivery
from chatcrew.testing.stores import Talk

ROUNDS = 6
TALKS = 1500
LATER = 2
AT_ONCE = 64
TARGET = 1.1
"""Most time that a later message may take with the trigger, by that without."""

LINE = "quanto custa a consulta com a Dra. Helena, e ela atende pelo meu convênio? obrigada"


async def put_all(mailbox: PostgresMailbox, deliveries: Sequence[Delivery]) -> float:
    """Put deliveries; return seconds."""
    began = time.perf_counter()
    for place in range(0, len(deliveries), AT_ONCE):
        await asyncio.gather(*(mailbox.put(one) for one in deliveries[place : place + AT_ONCE]))
    return time.perf_counter() - began


async def one_round(url: str, *, first: int, moves: bool) -> tuple[float, float]:
    """Return seconds of first and of later messages, with the trigger or without."""
    clock = SystemClock()
    async with await Database.open(url) as database:
        await note_moves(database, on=moves)
        mailbox = PostgresMailbox(database, clock, max_pending=1_000_000)
        talks = [Talk(clock, number=first + number) for number in range(TALKS)]
        begun = await put_all(mailbox, [talk.says(LINE) for talk in talks])
        more = [talk.says(LINE) for _ in range(LATER) for talk in talks]
        later = await put_all(mailbox, more)
        await mailbox.close()
    return begun, later


async def main() -> int:
    """Print the table; return whether the target was missed."""
    with TemporaryDirectory(prefix="chatcrew-moves-") as folder:
        async with AsyncExitStack() as stack:
            attached = await attach_or_own(Path(folder), may_own=True, within=60.0)
            stack.push_async_callback(attached.close)
            async with await Database.open(attached.url) as database:
                await migrate(database)
            ratios: list[tuple[float, float]] = []
            for number in range(ROUNDS):
                spent = {}
                # turn about, for whoever comes second finds larger tables
                for place, moves in enumerate((False, True)[:: 1 if number % 2 else -1]):
                    first = 1 + number * 10_000 + place * 5_000
                    spent[moves] = await one_round(attached.url, first=first, moves=moves)
                (plain, plain_later), (noted, noted_later) = spent[False], spent[True]
                ratios.append((noted / plain, noted_later / plain_later))
    begun, later = (statistics.median(one) for one in zip(*ratios, strict=True))
    print(f"first message of a conversation, with the trigger by without: median {begun:.3f}")
    print(f"later message, with the trigger by without: median {later:.3f}")
    print(f"{ROUNDS} rounds of {TALKS} conversations, {LATER} later messages each")
    return int(later > TARGET)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
