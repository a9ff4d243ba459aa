"""A ceiling of 50 under 200 calls at once from four workers, and what a reservation costs.

Run from the repository's root: ``python -m benchmarks.budget``. See benchmarks/README.md.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from pydantic import SecretStr

from benchmarks._figures import Report, machine, milliseconds, spread
from chatcrew.app.storage import open_database
from chatcrew.budgets import Keeper, PostgresCounters
from chatcrew.clock import SystemClock
from chatcrew.database import Database, attach_or_own, migrate
from chatcrew.errors import BudgetExceeded
from chatcrew.messages import Bid, ModelCall, Usage
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics, configure
from chatcrew.tenancy.model import Bound, BusinessLimits, Money, Persona, Tenant

CEILING, CALLS, WORKERS = 50, 200, 4
TENANTS = 20
"""Businesses that call at once where none shares a counter with another."""


def business(key: str, dollars: float) -> Tenant:
    """Return a business that may spend so much a day."""
    limits = BusinessLimits(tenant=Bound(money=Money(day=dollars)), own_money=True)
    return Tenant(key, "pt-BR", "UTC", Persona("Bia", "Acme", ""), limits=limits)


def keeper(database: Database, tenants: dict[str, Tenant]) -> Keeper:
    """Return the server's own keeper over these businesses."""
    return Keeper(
        PostgresCounters(database),
        tenants=lambda: tenants,
        exchange=lambda: None,
        clock=SystemClock(),
        metrics=Metrics(),
    )


async def work(url: str, tenant: str, calls: int, at: float) -> int:
    """Make calls of a dollar all at once, as one worker; return how many were let through."""
    clock = SystemClock()
    settings = Settings(database_url=SecretStr(url))
    async with AsyncExitStack() as stack:
        database = await open_database(settings, stack, name="benchmark-worker", may_own=False)
        mine = keeper(database, {tenant: business(tenant, CEILING)})

        async def one() -> bool:
            try:
                held = await mine.reserve(Bid(tenant, "m", tokens=1, cost=1.0))
            except BudgetExceeded:
                return False
            await held.settle(ModelCall(tenant, "m", Usage(1), clock.now(), cost=1.0))
            return True

        await mine.state()  # connected before the start
        await asyncio.sleep(max(0.0, at - time.time()))
        return sum(await asyncio.gather(*(one() for _ in range(calls))))


async def ceiling(url: str, database: Database, report: Report, *, rounds: int) -> None:
    """Let four processes race for one ceiling, round after round."""
    let, used, seconds = [], [], []
    for number in range(rounds):
        tenant, at = f"bench/race-{number}", time.time() + 4.0
        racing = [
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "benchmarks.budget",
                *("--worker", url, tenant, str(CALLS // WORKERS), str(at)),
                stdout=asyncio.subprocess.PIPE,
            )
            for _ in range(WORKERS)
        ]
        came = [(await one.communicate())[0] for one in racing]
        let.append(sum(int(one) for one in came))
        seconds.append(time.time() - at)
        states = await keeper(database, {tenant: business(tenant, CEILING)}).state()
        used.append(next(one.used or 0.0 for one in states if one.span == "day"))
    report.title(f"{CALLS} calls at once from {WORKERS} processes, a ceiling of {CEILING}")
    exact = all(one == CEILING for one in let) and all(one == CEILING for one in used)
    report.target("let through", spread(let), met=exact, wanted=f"exactly {CEILING}")
    report.line("counted as spent", spread(used))
    report.line("seconds until all had their answer", spread(seconds, digits=2))


async def price(database: Database, report: Report, *, calls: int) -> None:
    """Measure what a reservation and its settlement add to a call."""
    tenants = {key: business(key, 1e6) for key in (f"bench/t{n}" for n in range(TENANTS))}
    mine = keeper(database, tenants)
    for title, keys, together in (
        ("one after the other", [next(iter(tenants))], 1),
        ("20 at once, one business", [next(iter(tenants))], 20),
        (f"20 at once, {TENANTS} businesses", list(tenants), 20),
    ):
        begun = time.perf_counter()
        spans = await asyncio.gather(
            *(_some(mine, keys[n % len(keys)], calls // together) for n in range(together))
        )
        whole = time.perf_counter() - begun
        reserving = [one for span in spans for one, _ in span]
        report.title(title)
        report.line("reserve (before the call)", milliseconds(reserving))
        report.line(
            "settle (beside the answer)", milliseconds([one for span in spans for _, one in span])
        )
        report.line("calls a second", f"{len(reserving) / whole:,.0f}")


async def _some(mine: Keeper, tenant: str, calls: int) -> list[tuple[float, float]]:
    """Make calls one after the other; return the seconds of reserving and of settling each."""
    clock, spans = SystemClock(), []
    for _ in range(calls):
        begun = time.perf_counter()
        held = await mine.reserve(Bid(tenant, "m", tokens=10, cost=0.001))
        reserved = time.perf_counter()
        await held.settle(ModelCall(tenant, "m", Usage(5), clock.now(), cost=0.0005))
        spans.append((reserved - begun, time.perf_counter() - reserved))
    return spans


async def run(*, rounds: int, calls: int) -> int:
    """Measure on a database of its own; return the exit code: 1 where the target was missed."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="cc-budget-") as folder:
        report.title(machine(Path(folder)))
        attached = await attach_or_own(Path(folder), may_own=True)
        try:
            async with await Database.open(attached.url, name="benchmark") as database:
                await migrate(database)
                await ceiling(database.address, database, report, rounds=rounds)
                await price(database, report, calls=calls)
        finally:
            await attached.close()
    return report.close()


def main(arguments: Sequence[str]) -> int:
    """Print the figures; 1 where the target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="races for one ceiling")
    parser.add_argument("--calls", type=int, default=2_000, help="reservations measured")
    parser.add_argument("--worker", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    configure("critical", form="console", process="benchmark")
    if given.worker:
        url, tenant, count, start = given.worker
        print(asyncio.run(work(url, tenant, int(count), float(start))))
        return 0
    return asyncio.run(run(rounds=given.rounds, calls=given.calls))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
