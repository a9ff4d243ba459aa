"""Whether the books foretell what a day would have cost without what saves money (N6).

Run from the repository's root: ``python -m benchmarks.savings``. See benchmarks/README.md.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks._figures import Report
from benchmarks._savings_day import SAVERS, Day, Talk, talks
from benchmarks._shipped import EPOCH, Shipped, load_shipped
from chatcrew.analytics import PostgresFigures, Savings, Scope
from chatcrew.answers import Asked, KeptAnswers, PostgresAnswers, Replay
from chatcrew.app.figures import open_figures
from chatcrew.cache import LayeredCache, open_cache
from chatcrew.database import Database, attach_or_own, migrate
from chatcrew.database.schema import kept_answer, model_call, turn
from chatcrew.database.transactions import transaction
from chatcrew.hub.answers_port import KeptAnswers as Port
from chatcrew.hub.answers_port import NothingKept
from chatcrew.intents import Classifiers
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.ledger import PostgresLedger
from chatcrew.mailbox import PostgresMailbox
from chatcrew.outbox import PostgresOutbox
from chatcrew.telemetry import Metrics
from chatcrew.tenancy.known import knowledge_version
from chatcrew.testing import ManualClock
from chatcrew.why import StoredWhy

TARGET = 0.01
"""How far a prediction may be from what the day then cost."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Plays one day again and again."""

    shipped: Shipped
    database: Database
    talks: list[Talk]
    classifiers: Classifiers

    async def day(self, on: frozenset[str]) -> Savings:
        """Return what the day cost with ``on``, and what the books say of without."""
        async with transaction(self.database) as run:
            for table in (turn, model_call, kept_answer):
                await run.execute(table.delete())
        clock = ManualClock(EPOCH)
        knowledge = MemoryKnowledge()
        tenant = self.shipped.tenant
        await knowledge.sync(tenant.key, tenant.faq, version=knowledge_version(tenant))
        async with open_cache(clock) as cache:
            day = Day(
                self.shipped,
                self.database,
                clock,
                on,
                cache,
                self._kept(cache, clock) if "kept" in on else NothingKept(),
                knowledge,
                self.classifiers,
            )
            await day.play(self.talks)
        return await self._figures(clock).savings(
            Scope(None, EPOCH - timedelta(days=1), clock.now() + timedelta(days=1))
        )

    def _kept(self, cache: LayeredCache, clock: ManualClock) -> Port:
        store = PostgresAnswers(self.database)
        written = [
            Asked(words, entry.question)
            for entry in self.shipped.tenant.faq
            for words in (entry.question, *entry.also)
        ]
        near = Replay(lambda _: written, store, clock)
        return KeptAnswers(store, cache=cache, clock=clock, metrics=Metrics(), near=near)

    def _figures(self, clock: ManualClock) -> PostgresFigures:
        why = StoredWhy(
            PostgresLedger(self.database),
            outbox=PostgresOutbox(self.database, clock),
            states=PostgresMailbox(self.database, clock),
            quiet=lambda _: None,
        )
        return open_figures(self.database, why=why, clock=clock)


async def _run(options: argparse.Namespace, report: Report) -> None:
    shipped = await asyncio.to_thread(load_shipped)
    classifiers = Classifiers()
    await asyncio.to_thread(classifiers.teach, shipped.tenant, "pt-BR")
    said = talks(shipped, options.talks, seed=options.seed)
    with tempfile.TemporaryDirectory(prefix="cc-savings-") as folder:
        attached = await attach_or_own(Path(folder), may_own=True)
        try:
            async with await Database.open(attached.url, name="benchmark") as database:
                await migrate(database)
                await _compare(Bench(shipped, database, said, classifiers), report)
        finally:
            await attached.close()


async def _compare(bench: Bench, report: Report) -> None:
    everything = frozenset(SAVERS)
    nothing = await bench.day(frozenset())
    report.line("cost with nothing on", _usd(nothing.spent))
    for on in (*map(frozenset[str], map(_one, SAVERS)), everything):
        found = await bench.day(on)
        report.title("everything on" if on == everything else f"only {', '.join(on)}")
        report.line("cost", _usd(found.spent))
        for kind, one in found.by.items():
            how = "measured" if one.measured else "estimated"
            report.line(f"saved by {kind}, {how}", f"{_usd(one.nanos)} ({one.count:,})")
        _foretold(report, found.without, nothing.spent)
    report.title("everything on but one: what the others catch of what it saves")
    for name in SAVERS:
        found = await bench.day(everything - {name})
        report.line(f"without {name}", _usd(found.spent))
        _foretold(report, found.without, nothing.spent)


def _foretold(report: Report, foretold: int, actual: int) -> None:
    off = foretold / actual - 1
    report.target(
        "foretold for nothing on",
        f"{_usd(foretold)} for {_usd(actual)}, {off * 100:+.2f} %",
        met=abs(off) <= TARGET,
        wanted=f"within {TARGET * 100:.0f} %",
    )


def _one(name: str) -> tuple[str, ...]:
    return (name,)


def _usd(nanos: int) -> str:
    return f"US$ {nanos / 1e9:.4f}"


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--talks", type=int, default=600)
    parser.add_argument("--seed", type=int, default=7)
    if not Path("chatwoot_mapping.yaml").exists():
        parser.error("run it from the repository's root")
    report = Report()
    report.title("Savings")
    asyncio.run(_run(parser.parse_args(), report))
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
