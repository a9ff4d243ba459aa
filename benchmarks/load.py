"""A thousand users: acknowledgements, answers, CPU and memory per 1,000 turns, and the queue.

Run from the repository's root: ``python -m benchmarks.load``. See benchmarks/README.md.
"""

import argparse
import asyncio
import json
import math
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import uvloop

from benchmarks._figures import Report, machine, median, milliseconds, percentile
from benchmarks._installation import Installation, install
from benchmarks._processes import MB, cpu_seconds
from benchmarks._program import (
    KINDS,
    calmed,
    cpu_by_kind,
    per_turn,
    ports,
    run_program,
    webhook_url,
)
from benchmarks._turns import Turn, mix, read_turns, stages
from benchmarks._users import Mix, Told, Users
from benchmarks.modelserver import ModelProcess
from chatcrew.database import Database, attach_or_own
from chatcrew.testing.processes import Program

ACK_P99 = 0.100
MEMORY = 1.5 * 1024 * MB
_WARM_UP = 1_000_000
_SHARES = (0.5, 0.95, 0.99)
_QUEUE = "select count(*) from conversation where due_at is not null"
_LEAN_LIMITS = {"CHATCREW_CHATWOOT_PER_MINUTE": "1000000"}


@dataclass(slots=True)
class Watch:
    """What was seen from outside while a load ran."""

    queue: list[int] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)


class Bench:
    """The whole program, the users, the model."""

    def __init__(self, options: argparse.Namespace, report: Report) -> None:
        self._options = options
        self._report = report
        self._words = 0

    async def run(self) -> None:
        """Measure everything and report it."""
        options = self._options
        async with AsyncExitStack() as stack:
            users = await Users.run(stack, threads=options.threads, keep_alive=options.keep_alive)
            pace = json.dumps({"p50": options.model, "p99": options.model})
            model = await ModelProcess.run("--pace", "*", pace, stack=stack)
            settings = dict(one.split("=", 1) for one in options.set)
            there = {"OPENAI_BASE_URL": model.url} if options.model else {}
            extra = {**ports(), **_LEAN_LIMITS, **there, **settings}
            installation = install(
                stack,
                chatwoot=users.url,
                extra=extra,
                hurried=not options.quiet,
                engine=options.engine,
            )
            self._report.line("machine", machine(installation.folder))
            if settings:
                self._report.line("settings changed", ", ".join(options.set))
            program = await run_program(installation, stack)
            if options.engine == "crewai":
                await program.find("crew", within=90.0)
            url = webhook_url(installation)
            await users.write(self._mix(url, rate=5.0, seconds=6.0, shares=(0.5, 0.4, 0.1)))
            await calmed(program)
            if options.pids:
                shown = " ".join(f"{one.what}={one.pid}" for one in await program.look())
                self._report.line("processes", shown)
            if options.open:
                await self._fill(users, program, installation)
            if options.burst:
                burst = self._mix(url, rate=0.0, seconds=0.0, burst=options.burst)
                title = f"{options.burst:,} customers at once"
                await self._load(title, burst, users, program, installation)
            rate = options.rate or options.users / options.think
            title = (
                f"{rate:g} customers' messages/s for {options.seconds:g} s, ramp {options.ramp:g} s"
            )
            whole = self._mix(url, rate=rate, seconds=options.seconds, ramp=options.ramp)
            await self._load(title, whole, users, program, installation)
            await self._memory(program)

    def _mix(self, url: str, *, rate: float, seconds: float, **more: object) -> Mix:
        self._words += _WARM_UP
        given: dict[str, object] = {"shares": self._options.mix, "seed": self._options.seed}
        return Mix(url, rate, seconds, first=self._words, **(given | more))  # type: ignore[arg-type]

    async def _fill(self, users: Users, program: Program, installation: Installation) -> None:
        """Begin conversations that stay open."""
        options = self._options
        seconds = options.open / options.fill
        fill = self._mix(
            webhook_url(installation),
            rate=options.fill,
            seconds=seconds,
            shares=(1.0, 0.0, 0.0),
            fresh=True,
        )
        title = f"{options.open:,} conversations begin, {options.fill:g}/s"
        await self._load(title, fill, users, program, installation)
        used = await _memory(program)
        self._report.target(
            "all processes with them open",
            f"{sum(used.values()) / MB:.0f} MB",
            met=sum(used.values()) < MEMORY,
            wanted=f"< {MEMORY / MB:.0f} MB",
        )

    async def _load(
        self, title: str, load: Mix, users: Users, program: Program, installation: Installation
    ) -> None:
        async with AsyncExitStack() as stack:
            watch = Watch()
            looking = asyncio.create_task(_look(installation, watch))
            stack.callback(looking.cancel)
            before, theirs = await cpu_by_kind(program), cpu_seconds(users.pid)
            since = time.time()
            told = await users.write(load)
            spent = time.time() - since
            after, theirs = await cpu_by_kind(program), cpu_seconds(users.pid) - theirs
        turns = await read_turns(installation, since)
        self._report.title(title)
        self._show(told, turns, watch, open_loop=bool(load.rate))
        count = max(1, sum(map(len, told.answers.values())))
        used = sum(after.values()) - sum(before.values())
        self._report.line("CPU ms per turn", per_turn(before, after, count))
        self._report.line("CPU s per 1,000 turns", f"{used / count * 1e3:.1f}")
        self._report.line(
            "of the machine",
            f"{used / spent / (psutil.cpu_count() or 1) * 100:.0f} %, "
            f"users {theirs / count * 1e3:.1f} ms per turn",
        )

    def _show(self, told: Told, turns: list[Turn], watch: Watch, *, open_loop: bool) -> None:
        report = self._report
        answered = sum(map(len, told.answers.values()))
        asked = answered + sum(told.silent.values())
        report.target(
            "answered of asked", f"{answered:,} of {asked:,}", met=answered == asked, wanted="all"
        )
        report.line("left to people, who have the conversation", str(told.peoples))
        report.line("answers per s", f"{answered / told.span:.1f}")
        for kind, seconds in told.answers.items():
            waited = [*seconds, *[math.inf] * told.silent.get(kind, 0)]
            if waited:
                report.line(f"answer, {kind} ({len(waited):,})", milliseconds(waited))
        refused = {name: n for name, n in told.statuses.items() if name != "200"}
        sent = sum(told.statuses.values())
        report.target(
            "webhooks, of them not answered 200",
            f"{sent:,} ({sent / told.span:.0f}/s), {refused or 'none'}",
            met=not refused,
            wanted="none",
        )
        worst = percentile(told.acks, 0.99)
        report.aim(
            "acknowledged after",
            milliseconds(told.acks),
            met=worst < ACK_P99,
            wanted=f"p99 < {ACK_P99 * 1e3:.0f} ms" * open_loop,
        )
        wrong = told.wrong + told.stray
        report.target("wrong or stray answers", str(wrong), met=not wrong, wanted="0")
        calls = (f"{count / asked:.2f} {act}" for act, count in told.calls.items())
        report.line("calls per turn", ", ".join(calls))
        if told.unknown:
            report.missed.append(f"calls the lean Chatwoot does not know: {told.unknown}")
        if turns:
            report.line("where turns ended", mix(turns))
            report.line("ms per stage, median (p95)", stages(turns))
        if watch.queue:
            deep = f"median {median(watch.queue):.0f}, most {max(watch.queue)}"
            report.line("conversations that wait, each second", deep)

    async def _memory(self, program: Program) -> None:
        self._report.title("Memory after it (PSS)")
        used = await _memory(program)
        shown = ", ".join(f"{kind} {value / MB:.0f}" for kind, value in used.items() if value)
        self._report.line("MB", f"{sum(used.values()) / MB:.0f} ({shown})")


async def _memory(program: Program) -> dict[str, int]:
    """Return bytes by kind of process, shared pages divided among those who share them."""
    used = dict.fromkeys((*KINDS, "backend"), 0)
    for one in await program.look():
        if one.what in used:
            used[one.what] += int(psutil.Process(one.pid).memory_full_info().pss)
    return used


async def _look(installation: Installation, watch: Watch) -> None:
    """Count each second what waits."""
    async with AsyncExitStack() as stack:
        attached = await attach_or_own(installation.data_dir, may_own=False)
        stack.push_async_callback(attached.close)
        database = await Database.open(attached.url, name="benchmark", pool_size=1)
        stack.push_async_callback(database.close)
        while True:
            async with database.connect() as connection:
                found = await connection.exec_driver_sql(_QUEUE)
                watch.queue.append(int(found.scalar_one()))
            await asyncio.sleep(1.0)


def _mix_of(text: str) -> tuple[float, ...]:
    shares = tuple(float(one) for one in text.split("/"))
    if len(shares) != 3 or not sum(shares):
        raise argparse.ArgumentTypeError("three shares, as 70/20/10")
    return shares


def main() -> int:
    """Run it; return 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--think", type=float, default=30.0, help="seconds between a user's words")
    parser.add_argument("--rate", type=float, default=0.0, help="messages/s; 0: users / think")
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--ramp", type=float, default=60.0, help="seconds in which the load grows")
    parser.add_argument(
        "--mix", type=_mix_of, default=(70.0, 20.0, 10.0), help="FAQ/model/people, as 70/20/10"
    )
    parser.add_argument(
        "--model", type=float, default=1.0, help="seconds the model takes; 0: there is none"
    )
    parser.add_argument("--engine", choices=("auto", "compiled", "crewai"), default="compiled")
    parser.add_argument("--quiet", action="store_true", help="wait for more words, as shipped")
    parser.add_argument("--burst", type=int, default=0, help="that many customers at once, first")
    parser.add_argument("--open", type=int, default=0, help="conversations begun before it")
    parser.add_argument("--fill", type=float, default=40.0, help="of them per second")
    parser.add_argument("--threads", type=int, default=32, help="webhooks on their way at once")
    parser.add_argument("--keep-alive", action="store_true", help="of connections for webhooks")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--pids", action="store_true", help="print them, for a profiler")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting to change"
    )
    if not Path("chatwoot_mapping.yaml").exists():
        parser.error("run it from the repository's root")
    report = Report()
    report.title("Load")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Bench(parser.parse_args(), report).run())
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
