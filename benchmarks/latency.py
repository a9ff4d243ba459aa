"""From a customer's last word to the answer, under load, with models that are slow and that fail.

Run from the repository's root: ``python -m benchmarks.latency``. See benchmarks/README.md.
"""

import argparse
import asyncio
import json
import signal
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil
import uvloop
import yaml

from benchmarks._customers import Customers, Visit, Visited
from benchmarks._figures import Report, machine, milliseconds, percentile
from benchmarks._installation import Installation, install
from benchmarks._lag import Lag
from benchmarks._naive_side import run_naive
from benchmarks._processes import cpu_seconds
from benchmarks._program import cpu_by_kind, per_turn, ports, run_program, webhook_url
from benchmarks._promise import report_promise, seconds_by_window
from benchmarks._turns import Turn, claimed_after, mix, read_turns, stages, steps, windows
from benchmarks.modelserver import ModelProcess
from chatcrew.testing.processes import Program

# Issue 3: main model and fast model; errors and hangs are the server's, so both have them.
MAIN = {"p50": 0.9, "p99": 6.0, "errors": 0.02, "hangs": 0.01, "tools": 0.25}
FAST = {"p50": 0.4, "p99": 2.5, "errors": 0.02, "hangs": 0.01}
LATE, BY_MODEL, LAG = 0.03, 0.90, 0.020
_WARM_UP = 1_000_000
"""First word of the warm-up; the load's begin at 0, the baseline's at twice this."""


@dataclass(frozen=True, slots=True)
class Run:
    """One load and everything seen of it."""

    visited: Visited
    turns: list[Turn]
    since: float
    lag: list[float]
    cpu: str
    others: str


class Bench:
    """The whole program under load, and the baseline under the same."""

    def __init__(self, options: argparse.Namespace, report: Report) -> None:
        self._options = options
        self._report = report
        self._fast = _fast_name()

    async def run(self) -> None:
        """Measure everything and report it."""
        async with AsyncExitStack() as stack:
            customers = await Customers.run(stack)
            model = await self._model(stack)
            await self._ours(customers, model)
        if self._options.naive:
            async with AsyncExitStack() as stack:
                customers = await Customers.run(stack)
                await self._naive(customers, await self._model(stack))

    async def _model(self, stack: AsyncExitStack) -> ModelProcess:
        return await ModelProcess.run(
            *("--seed", str(self._options.seed)),
            *("--fast", self._fast, "--declines", str(self._options.declines)),
            *("--pace", "*", json.dumps(MAIN), "--pace", self._fast, json.dumps(FAST)),
            stack=stack,
        )

    async def _ours(self, customers: Customers, model: ModelProcess) -> None:
        async with AsyncExitStack() as stack:
            settings = dict(one.split("=", 1) for one in self._options.set)
            extra = {
                **ports(),
                "OPENAI_BASE_URL": model.url,
                "CHATCREW_FAST_MODEL": self._fast,
                **settings,
            }
            engine = self._options.engine
            installation = install(
                stack, chatwoot=customers.url, extra=extra, hurried=False, engine=engine
            )
            self._report.line("machine", machine(installation.folder))
            if settings:
                self._report.line("settings changed", ", ".join(self._options.set))
            program = await run_program(installation, stack)
            await self._warm_up(customers, program, installation)
            run = await self._load(customers, model, program, installation)
            self._show(run)
            tally = await model.tally()
            for name, row in sorted(tally.items()):
                said = f"answered {row.answered}, failed {row.failed}, left {row.left}"
                self._report.line(f"calls to {name}", f"{said} (of these hung {row.hung})")

    async def _warm_up(
        self, customers: Customers, program: Program, installation: Installation
    ) -> None:
        """Let everything be loaded that the first turns load."""
        for again in range(2):
            first = _WARM_UP + again * 1000
            url = webhook_url(installation)
            await customers.visit(Visit(url, 4.0, 3.0, self._options.seed + 1, first))
            if self._options.engine == "crewai" and not again:
                await program.find("crew", within=90.0)

    async def _load(
        self,
        customers: Customers,
        model: ModelProcess,
        program: Program,
        installation: Installation,
    ) -> Run:
        options = self._options
        async with AsyncExitStack() as stack:
            lag = await Lag.run(int(installation.environment["CHATCREW_PORT"]), stack)
            before = await cpu_by_kind(program)
            theirs = cpu_seconds(customers.pid)
            since = time.time()
            outage = asyncio.create_task(self._outage(model, program))
            visit = Visit(webhook_url(installation), options.rate, options.seconds, options.seed)
            visited = await customers.visit(visit)
            await outage
            spent = time.time() - since
            after = await cpu_by_kind(program)
            theirs = cpu_seconds(customers.pid) - theirs
            samples = await lag.samples()
        turns = await read_turns(installation, since)
        count = len(visited.seen)
        cpu = sum(after.values()) - sum(before.values())
        idle = psutil.cpu_count() or 1
        return Run(
            visited,
            turns,
            since,
            samples,
            f"{per_turn(before, after, count)}; {cpu / spent / idle * 100:.0f} % of the machine",
            f"{theirs / max(1, count) * 1e3:.1f} (FakeChatwoot and customers)",
        )

    async def _outage(self, model: ModelProcess, program: Program) -> None:
        """Break something for some seconds, a third of the way into the load."""
        kill, length = self._options.kill, self._options.outage
        if kill is None:
            return
        await asyncio.sleep(self._options.seconds / 3)
        if kill == "model":
            await model.kill()
            await asyncio.sleep(length)
            await model.again()
        elif kill == "fast":
            await model.pace(self._fast, errors=1.0)
            await asyncio.sleep(length)
            await model.pace(self._fast, **FAST)
        elif kill == "restart":
            # A new version comes in: each is told to end and drains, another takes its place
            for what in ("worker", "ingress"):
                await program.kill(what, number=signal.SIGTERM)
                await asyncio.sleep(length)
        else:
            await program.kill("crew")
            await asyncio.sleep(length)
            await program.kill("crew")

    def _show(self, run: Run) -> None:
        report, options = self._report, self._options
        report.title(
            f"chatcrew, engine {options.engine}: {options.rate:g} bursts/s for "
            f"{options.seconds:g} s, seed {options.seed}"
        )
        judged = options.kill is None
        drained = options.kill == "restart"
        report_promise(report, run.visited, judged=True, in_time=judged, unbroken=drained)
        turns = [turn for turn in run.turns if turn.outcome != "dropped"]
        report.line("turns, of them dropped", f"{len(run.turns)}, {len(run.turns) - len(turns)}")
        if not turns:
            return
        models = sum(turn.by_model for turn in turns) / len(turns)
        late = sum(turn.late for turn in turns) / len(turns)
        report.aim(
            "ended on crew or fast model",
            f"{models * 100:.1f} %",
            met=models >= BY_MODEL,
            wanted=f">= {BY_MODEL * 100:.0f} %" * judged,
        )
        report.aim(
            "template and handoff for lateness",
            f"{late * 100:.1f} %",
            met=late <= LATE,
            wanted=f"<= {LATE * 100:.0f} %" * judged,
        )
        cheap = sum(turn.engine in ("faq", "intent", "cache") for turn in turns)
        report.line("answered without a model (flatters)", f"{cheap}")
        report.line("where turns ended", mix(run.turns))
        report.line("rungs per 100 turns", steps(turns))
        waited = milliseconds(claimed_after(run.turns, run.visited.seen))
        report.line("last message to its turn, quiet included", waited)
        report.line("ms per stage, median (p95)", stages(turns))
        waits = percentile(run.lag, 0.99)
        report.aim(
            "ingress answers /health/live, p99",
            f"{waits * 1e3:.1f} ms ({milliseconds(run.lag)})",
            met=waits < LAG,
            # one that was told to end answers again once it is back
            wanted="" if drained else f"< {LAG * 1e3:.0f} ms",
        )
        calls = sum(run.visited.calls.values()) / len(run.visited.seen)
        report.line("calls to Chatwoot per burst", f"{calls:.2f}")
        report.line("CPU ms per burst", run.cpu)
        report.line("beside it, ms per burst", run.others)
        if options.kill is not None:
            self._show_windows(run)

    def _show_windows(self, run: Run) -> None:
        options = self._options
        width = max(1.0, round(options.seconds / 20))
        times = seconds_by_window(run.visited.seen, since=run.since, width=width)
        begun = options.seconds / 3
        self._report.title(
            f"{options.kill} away from {begun:.0f} s to {begun + options.outage:.0f} s"
        )
        for at, shown, count in windows(run.turns, since=run.since, width=width):
            late, unanswered = times.get(at, (0.0, 0))
            said = f"{count:4} turns, p95 {late:5.2f} s, unanswered {unanswered}: {shown}"
            self._report.line(f"{at:.0f} s", said)

    async def _naive(self, customers: Customers, model: ModelProcess) -> None:
        options = self._options
        rate = options.naive_rate or options.rate
        visit = Visit("", rate, options.seconds, options.seed)
        visited, cpu = await run_naive(customers, model.url, visit)
        self._report.title(
            f"naive CrewAI, kickoff inside the request: {rate:g} bursts/s for {options.seconds:g} s"
        )
        report_promise(self._report, visited, judged=False)
        self._report.line("CPU ms per burst", f"{cpu / len(visited.seen) * 1e3:.1f}")


def _fast_name() -> str:
    """Return the fast model that the shipped configuration names."""
    path = Path("config/models.yaml")
    said = yaml.safe_load(path.read_text("utf-8")) if path.exists() else {}
    return str(said.get("fast") or "fast")


def main() -> int:
    """Run it; return 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=20.0, help="bursts of customers per second")
    parser.add_argument("--engine", choices=("auto", "compiled", "crewai"), default="compiled")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--naive", action="store_true", help="load CrewAI in a request as well")
    parser.add_argument("--naive-rate", type=float, default=0.0, help="0: the same rate")
    kinds = ("model", "crew", "fast", "restart")
    parser.add_argument("--kill", choices=kinds, help="break it on the way")
    parser.add_argument("--outage", type=float, default=5.0, help="seconds it is away")
    parser.add_argument("--declines", type=float, default=0.0, help="share of the fast model's")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting to change"
    )
    if not Path("chatwoot_mapping.yaml").exists():
        parser.error("run it from the repository's root")
    report = Report()
    report.title("Latency")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Bench(parser.parse_args(), report).run())
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
