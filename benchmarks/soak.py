"""Half the load for long: what grows, and how fast.

Run from the repository's root: ``python -m benchmarks.soak``. See benchmarks/README.md.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import uvloop

from benchmarks._figures import Report, machine, milliseconds
from benchmarks._installation import Installation, install
from benchmarks._processes import MB
from benchmarks._program import ports, run_program, webhook_url
from benchmarks._users import KINDS, Mix, Users
from benchmarks.modelserver import ModelProcess
from chatcrew.audit import PostgresAudit
from chatcrew.clock import SystemClock
from chatcrew.database import Database, attach_or_own
from chatcrew.lgpd import forget_old
from chatcrew.tenancy.model import Retention
from chatcrew.testing.processes import Program

_SETTLED = 0.33
"""Share of the time that is warming up: caches, pools and plans fill."""
_MEMORY = 0.10
_COUNTS = 0.05
"""How much more than at the first look after it is still flat, over the whole time."""
_OURS = ("supervisor", "ingress", "worker", "template", "crew")
_LASTING = ("supervisor", "ingress", "worker")
"""Of these each is one process from beginning to end."""
_LONG_MINUTES = 10
_BYTES = "bytes of all tables a turn"
_CONNECTIONS = "select count(*) from pg_stat_activity where datname = current_database()"
_TURNS = "select count(*) from turn"
_SIZES = """
    select coalesce(sum(pg_total_relation_size(relid)), 0) from pg_stat_user_tables
"""
_TABLES = """
    select relname, pg_total_relation_size(relid), n_dead_tup, coalesce(autovacuum_count, 0)
    from pg_stat_user_tables order by 2 desc limit 12
"""


@dataclass(slots=True)
class Series:
    """One figure over time."""

    at: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, at: float, value: float) -> None:
        """Note what was seen at a moment (seconds)."""
        self.at.append(at)
        self.values.append(value)

    def settled(self, share: float = _SETTLED) -> "Series":
        """Return what came after the warm-up."""
        begun = self.at[0] + (self.at[-1] - self.at[0]) * share
        first = next(number for number, at in enumerate(self.at) if at >= begun)
        return Series(self.at[first:], self.values[first:])

    def slope(self) -> float:
        """Return the growth per second by least squares, 0 of fewer than two looks."""
        if len(self.at) < 2:
            return 0.0
        middle, mean = sum(self.at) / len(self.at), sum(self.values) / len(self.values)
        spread = sum((at - middle) ** 2 for at in self.at)
        both = zip(self.at, self.values, strict=True)
        return sum((at - middle) * (value - mean) for at, value in both) / spread

    def growth(self) -> float:
        """Return by which share of its first value it grew, along the slope."""
        return self.slope() * (self.at[-1] - self.at[0]) / max(1.0, self.values[0])


class WeekLater(SystemClock):
    """The time at which what comes in now is old enough to go (``privacy.retention.raw``)."""

    def now(self) -> datetime:
        """Return a moment after the turns of now have been over for long enough."""
        return super().now() + timedelta(days=Retention().raw + 1)


class Bench:
    """The program, its users, and somebody who looks at it."""

    def __init__(self, options: argparse.Namespace, report: Report) -> None:
        self._options = options
        self._report = report
        self._seen: dict[str, Series] = {}
        self._processes: set[tuple[str, int, int]] = set()
        self._forgotten = 0

    async def run(self) -> None:
        """Measure and report."""
        options = self._options
        async with AsyncExitStack() as stack:
            users = await Users.run(stack)
            pace = json.dumps({"p50": 0.5, "p99": 1.0})
            model = await ModelProcess.run("--pace", "*", pace, stack=stack)
            extra = {**ports(), "CHATCREW_CHATWOOT_PER_MINUTE": "1000000"}
            extra["OPENAI_BASE_URL"] = model.url
            installation = install(stack, chatwoot=users.url, extra=extra, engine="compiled")
            self._report.line("machine", machine(installation.folder))
            program = await run_program(installation, stack)
            database = await _database(installation, stack)
            beside = [
                asyncio.create_task(self._look(program, database)),
                asyncio.create_task(self._forget(database)),
            ]
            for one in beside:
                stack.callback(one.cancel)
            mix = Mix(webhook_url(installation), options.rate, options.minutes * 60, ramp=10.0)
            told = await users.write(mix)
            for one in beside:
                # it runs until it is told to end: one that has ended by itself has failed
                if not one.cancel():
                    one.result()
            await asyncio.gather(*beside, return_exceptions=True)
            tables = await _rows(database, _TABLES)
        self._report.title(f"{options.rate:g} messages/s for {options.minutes:g} min")
        answered = sum(map(len, told.answers.values()))
        silent = sum(told.silent.values())
        self._report.target(
            "messages without an answer",
            f"{silent} of {answered + silent}",
            met=not silent,
            wanted="0",
        )
        self._report.line("left to people, who have the conversation", str(told.peoples))
        self._alive()
        for kind in KINDS:
            if told.answers[kind]:
                self._report.line(f"answer, {kind}", milliseconds(told.answers[kind]))
        self._grown()
        self._report.title("Tables: MB, dead rows, autovacuums so far")
        self._report.target(
            "rows that retention took meanwhile",
            str(self._forgotten),
            met=self._forgotten > 0,
            wanted="> 0",
        )
        self._report.aim(
            "autovacuums",
            str(sum(int(one[3]) for one in tables)),
            met=any(one[3] for one in tables),
            wanted=">= 1" * self._long,
        )
        for name, size, dead, vacuums in tables:
            shown = f"{size / MB:.1f}, {dead}, {vacuums}"
            self._report.line(str(name), f"{shown}; {size / max(1, answered):.0f} bytes a turn")

    async def _look(self, program: Program, database: Database) -> None:
        begun = time.monotonic()
        while True:
            now = time.monotonic() - begun
            for one in await program.look():
                if one.what not in _OURS:
                    continue
                if one.what in _LASTING:
                    self._processes.add((one.what, one.pid, one.created))
                try:
                    process = psutil.Process(one.pid)
                    self._add(f"MB of {one.what}", now, process.memory_full_info().uss / MB)
                    self._add(f"descriptors of {one.what}", now, process.num_fds())
                    self._add(f"threads of {one.what}", now, process.num_threads())
                except psutil.NoSuchProcess:
                    continue
            ((connections,),) = await _rows(database, _CONNECTIONS)
            self._add("connections", now, int(connections))
            ((turns,),) = await _rows(database, _TURNS)
            ((everything,),) = await _rows(database, _SIZES)
            if turns:
                self._add(_BYTES, now, float(everything) / turns)
            await asyncio.sleep(self._options.every)

    async def _forget(self, database: Database) -> None:
        """Let retention take the deliveries of turns that have ended, a few times in all."""
        clock = WeekLater()
        audit = PostgresAudit(database, clock)
        while True:
            await asyncio.sleep(self._options.minutes * 60 / 20)
            gone = await forget_old(
                database, {}, defaults=Retention().days, audit=audit, clock=clock
            )
            self._forgotten += sum(one.rows for one in gone)

    @property
    def _long(self) -> bool:
        """Whether autovacuum, which looks once a minute, had its chances."""
        return self._options.minutes >= _LONG_MINUTES

    def _alive(self) -> None:
        """Report whether a process came anew: what leaks is flat if it dies of it in time."""
        kinds = Counter(what for what, _, _ in self._processes)
        self._report.target(
            "processes that came anew",
            str(sum(kinds.values()) - len(kinds)),
            met=set(kinds.values()) == {1} and set(kinds) >= {"ingress", "worker"},
            wanted="0",
        )

    def _add(self, name: str, now: float, value: float) -> None:
        self._seen.setdefault(name, Series()).add(now, value)

    def _grown(self) -> None:
        self._report.title(f"After the first {_SETTLED:.0%}: first, last, slope per hour")
        for name, series in sorted(self._seen.items()):
            settled = series.settled()
            most = _MEMORY if name.startswith("MB") else _COUNTS
            growth = settled.growth()
            few = abs(settled.values[-1] - settled.values[0]) <= 2
            self._report.aim(
                name,
                f"{settled.values[0]:.0f}, {settled.values[-1]:.0f}, "
                f"{settled.slope() * 3600:+.1f}/h",
                met=growth <= most or few,
                wanted="" if name == _BYTES and not self._long else f"<= {most:.0%} more",
            )


async def _database(installation: Installation, stack: AsyncExitStack) -> Database:
    attached = await attach_or_own(installation.data_dir, may_own=False)
    stack.push_async_callback(attached.close)
    database = await Database.open(attached.url, name="benchmark", pool_size=1)
    stack.push_async_callback(database.close)
    return database


async def _rows(database: Database, sql: str) -> Sequence[Sequence[Any]]:
    async with database.connect() as connection:
        return [tuple(row) for row in await connection.exec_driver_sql(sql)]


def main() -> int:
    """Run it; return 1 if something grew, or somebody got no answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--rate", type=float, default=20.0, help="messages of customers per second")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two looks")
    if not Path("chatwoot_mapping.yaml").exists():
        parser.error("run it from the repository's root")
    report = Report()
    report.title("Soak")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Bench(parser.parse_args(), report).run())
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
