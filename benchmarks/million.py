"""How long the console's pages take with a million turns, and how long adding them up takes.

Run from the repository's root: ``python -m benchmarks.million`` (``--turns N``, ``--days N``,
``--pages`` starts the real console and asks it for every page, ``--explain`` prints what PostgreSQL
did for each query). See benchmarks/README.md.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import _million_sql as seed
from benchmarks._console import span, visit
from benchmarks._figures import Report, machine, percentile
from chatcrew.analytics import PostgresFacts, PostgresFigures, Scope
from chatcrew.app.figures import open_figures
from chatcrew.database import Database, attach_or_own, migrate
from chatcrew.ledger import PostgresLedger
from chatcrew.mailbox import PostgresMailbox
from chatcrew.outbox import PostgresOutbox
from chatcrew.testing import ManualClock
from chatcrew.why import StoredWhy

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
_MIDNIGHT = datetime.combine(
    (NOW - timedelta(hours=3)).date(), datetime.min.time().replace(hour=3), UTC
)
"""When today began in São Paulo."""
TARGET = 0.300
"""Seconds that all queries of a page may take."""

Ask = Callable[[PostgresFigures, Scope], Awaitable[object]]

PAGES: dict[str, tuple[Ask, ...]] = {
    "overview": (lambda f, s: f.overview(s),),
    "conversations": (lambda f, s: f.sessions(s),),
    "cost": (lambda f, s: f.costs(s), lambda f, s: f.savings(s)),
    "latency": (lambda f, s: f.latency(s),),
    "intents and moods": (lambda f, s: f.intents(s), lambda f, s: f.moods(s)),
    "gaps": (lambda f, s: f.gaps(s),),
    "functions": (lambda f, s: f.cohorts(s, by="function"),),
    "versions": (lambda f, s: f.cohorts(s, by="config"),),
    "tenants": (lambda f, s: f.tenants(s),),
    "mailbox and debts": (lambda f, s: f.waiting(s), lambda f, s: f.debts(s)),
}


async def measure(figures: PostgresFigures, *, days: int, rounds: int, report: Report) -> None:
    """Ask for every page, of the last thirty days and of all, of everybody and of one tenant."""
    for title, length in (("the last 30 days", 30), (f"all {days} days", days)):
        report.title(title)
        since = _MIDNIGHT - timedelta(days=length - 1)
        whole = Scope(None, since, NOW)
        one = Scope(frozenset({"shop/t3"}), since, NOW)
        for name, asks in PAGES.items():
            took = [await _timed(figures, whole, asks) for _ in range(rounds)]
            own = [await _timed(figures, one, asks) for _ in range(rounds)]
            middle = percentile(took, 0.5)
            report.target(
                name,
                f"{_ms(middle)} (worst {_ms(max(took))}), one tenant {_ms(percentile(own, 0.5))}",
                met=middle <= TARGET,
                wanted=f"<= {_ms(TARGET)}",
            )


async def visited(
    database: Database, folder: Path, *, postmaster: int, days: int, rounds: int, report: Report
) -> None:
    """Ask the real console for every page, from the request to the last byte."""
    async with AsyncExitStack() as stack:
        visitor = await visit(database, folder, stack, postmaster=postmaster)
        pages, today = await visitor.pages(), _MIDNIGHT.date()
        spans = (
            ("", "the last 30 days"),
            (span(today - timedelta(days - 1), today), f"{days} days"),
        )
        for query, title in spans:
            report.title(f"pages of the console, everybody, {title}, p50 and p95 of {rounds * 4}")
            for page in pages:
                await visitor.timed(page, query)
                before = visitor.cpu()
                took = [await visitor.timed(page, query) for _ in range(rounds * 4)]
                worst = percentile(took, 0.95)
                cpu = (visitor.cpu() - before) / len(took)
                told = f"{_ms(percentile(took, 0.5))}, {_ms(worst)}, CPU {_ms(cpu)}"
                report.target(page, told, met=worst <= TARGET, wanted=f"<= {_ms(TARGET)}")


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f} ms"


async def _timed(figures: PostgresFigures, scope: Scope, asks: tuple[Ask, ...]) -> float:
    begun = time.perf_counter()
    for ask in asks:
        await ask(figures, scope)
    return time.perf_counter() - begun


async def explain(database: Database) -> None:
    """Print the plan of every query of every page, over the last 30 days."""
    since = _MIDNIGHT - timedelta(days=29)
    for name, asks in PAGES.items():
        print(f"\n## {name}\n")

        async def ask(heard: Database, asks: tuple[Ask, ...] = asks) -> None:
            await _timed(_figures(heard), Scope(None, since, NOW), asks)

        print("\n\n".join(await seed.plans(database, ask)))


async def run(*, turns: int, days: int, rounds: int, plans: bool, pages: bool) -> int:
    """Measure on a database of its own; return the exit code: 1 where a target was missed."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="cc-million-") as folder:
        report.title(machine(Path(folder)))
        attached = await attach_or_own(Path(folder), may_own=True)
        try:
            async with await Database.open(attached.url, name="benchmark") as database:
                await migrate(database)
                figures = await _filled(database, turns=turns, days=days, report=report)
                await measure(figures, days=days, rounds=rounds, report=report)
                if pages:
                    server = attached.server
                    assert server is not None, "a new folder has no other owner"
                    assert server.pid is not None, "it was started just now"
                    await visited(
                        database,
                        Path(folder),
                        postmaster=server.pid,
                        days=days,
                        rounds=rounds,
                        report=report,
                    )
                if plans:
                    await explain(database)
        finally:
            await attached.close()
    return report.close()


async def _filled(database: Database, *, turns: int, days: int, report: Report) -> PostgresFigures:
    clock = ManualClock(NOW)
    begun = time.perf_counter()
    await seed.fill(database, turns=turns, days=days, until=NOW)
    report.line(f"{turns:,} turns written", f"{time.perf_counter() - begun:.0f} s")
    zones = {f"shop/t{number}": "America/Sao_Paulo" for number in range(seed.TENANTS)}
    facts = PostgresFacts(database, clock)
    for name in ("added up for the first time", "a round with nothing new"):
        begun = time.perf_counter()
        await facts.run(zones)
        report.line(name, f"{time.perf_counter() - begun:.2f} s")
    await seed.run(database, seed.ANALYZE, {})
    return _figures(database)


def _figures(database: Database) -> PostgresFigures:
    clock = ManualClock(NOW)
    why = StoredWhy(
        PostgresLedger(database),
        outbox=PostgresOutbox(database, clock),
        states=PostgresMailbox(database, clock),
        quiet=lambda _: None,
    )
    return open_figures(database, why=why, clock=clock)


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--turns", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--explain", action="store_true")
    parser.add_argument("--pages", action="store_true")
    given = parser.parse_args()
    return asyncio.run(
        run(
            turns=given.turns,
            days=given.days,
            rounds=given.rounds,
            plans=given.explain,
            pages=given.pages,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
