"""What remembering costs a turn before its answer, and what it does after it.

Run from the repository's root: ``python -m benchmarks.memory``. See benchmarks/README.md.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks._figures import Report, machine, milliseconds, percentile
from chatcrew.database import Database, attach_or_own, migrate
from chatcrew.hub import remembering
from chatcrew.ids import ConversationId
from chatcrew.intents import gist
from chatcrew.memory import MOST_FACTS, PostgresMemory
from chatcrew.messages import Author, AuthorKind, FactKind, Line, NewFact, Noted, Person

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
RECALL = 0.020
"""Seconds of a turn's three that recalling may take at its 95th percentile."""


async def measure(database: Database, *, people: int, turns: int, report: Report) -> None:
    """Fill the memory of many customers, then recall and note as turns do."""
    store = PostgresMemory(database)
    for number in range(people):
        await store.note(_noted(number, MOST_FACTS), now=NOW, keep_days=365)
    recalls, notes = [], []
    for turn in range(turns):
        noted = _noted(turn % people, 0)
        begun = time.perf_counter()
        found = await store.recall(noted.person, noted.conversation, episode=1, now=NOW)
        chosen = remembering.relevant(found.facts, "Serve para pele sensível?", now=NOW)
        recalls.append(time.perf_counter() - begun)
        used = tuple(fact.id for fact in chosen)
        begun = time.perf_counter()
        await store.note(_noted(turn % people, 0, used=used), now=NOW, keep_days=365)
        notes.append(time.perf_counter() - begun)
    p95 = percentile(recalls, 0.95)
    report.target(
        f"before the answer: recall of {MOST_FACTS} facts",
        milliseconds(recalls),
        met=p95 <= RECALL,
        wanted=f"p95 <= {RECALL * 1e3:.0f} ms",
    )
    report.line("after the answer: noting the turn", milliseconds(notes))
    lines = [_line(number) for number in range(200)]
    begun = time.perf_counter()
    facts = gist.extract(lines)
    fitted = gist.fitted(facts, budget=1_200)
    spent = time.perf_counter() - begun
    report.line(
        "200 messages told shorter, no model", f"{len(fitted)} lines in {spent * 1e3:.1f} ms"
    )


def _noted(number: int, facts: int, *, used: tuple[int, ...] = ()) -> Noted:
    talk = ConversationId("acme", "acme-bot", number + 1)
    person = Person("shop/acme", "acme", number + 1)
    new = tuple(
        NewFact(FactKind.FACT, f"Comprou o item {one} para pele sensível.", f"f{one}", talk, 1)
        for one in range(facts)
    )
    return Noted(talk, 1, person, up_to=1, remember=True, facts=new, used=used)


def _line(number: int) -> Line:
    kind = AuthorKind.BOT if number % 2 else AuthorKind.CUSTOMER
    text = f"Sobre o pedido {40_000 + number}: chegou dia {number % 28 + 1}/11 com 3 caixas."
    return Line(number + 1, Author(kind), text, NOW)


async def run(*, people: int, turns: int) -> int:
    """Measure on a database of its own; return the exit code: 1 where the target was missed."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="cc-memory-") as folder:
        report.title(machine(Path(folder)))
        attached = await attach_or_own(Path(folder), may_own=True)
        try:
            async with await Database.open(attached.url, name="benchmark") as database:
                await migrate(database)
                await measure(database, people=people, turns=turns, report=report)
        finally:
            await attached.close()
    return report.close()


def main(arguments: Sequence[str]) -> int:
    """Print the figures; 1 where the target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200, help="customers with 50 facts each")
    parser.add_argument("--turns", type=int, default=2_000, help="turns measured")
    given = parser.parse_args(arguments)
    return asyncio.run(run(people=given.people, turns=given.turns))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
