"""Accepted and committed webhooks per second against an aiohttp handler that only hashes.

Run from the repository's root: ``python -m benchmarks.ingress``. See benchmarks/README.md.
"""

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import uvloop

from benchmarks._figures import Report, machine, median, milliseconds, percentile, spread
from benchmarks._installation import Installation, Store, install, open_store
from benchmarks._load import Answers, Load, post
from benchmarks._messages import Sender
from benchmarks._processes import MB, answering, cpu_seconds, rss, start
from chatcrew.app.sockets import listen

RATIO = 0.2
COMMITTED = 2500
P99 = 0.100
MEMORY = 150 * MB


@dataclass(frozen=True, slots=True)
class Round:
    """One round: both sides under the same load, one after the other."""

    bare: float
    ours: float
    bare_us: float
    ingress_us: float
    database_us: float


@dataclass(frozen=True, slots=True)
class Server:
    """One of the two: its port and its processes."""

    port: int
    pids: list[int]

    def cpu(self) -> float:
        """Return the CPU seconds used so far."""
        return sum(cpu_seconds(pid) for pid in self.pids)


class Bench:
    """Both servers, and the load on them."""

    def __init__(self, options: argparse.Namespace, report: Report) -> None:
        self._options = options
        self._report = report
        self._next = 1
        self._sent = 0

    async def run(self) -> None:
        """Measure everything and report it."""
        async with AsyncExitStack() as stack:
            limit = {"CHATCREW_MAILBOX_LIMIT": "10000000"}  # nobody answers: all of it waits
            installation = install(stack, chatwoot="http://127.0.0.1:9", extra=limit)
            self._report.line("machine", machine(installation.folder))
            store = await open_store(installation, stack)
            ingress = await self._chatcrew(installation, stack)
            bare = await self._bare(stack)
            self._report.line("ingress RSS, started", _memory(ingress.pids))
            await self._throughput(store, installation.sender, ours=ingress, bare=bare)
            await self._latency(installation.sender, ingress)
            self._memory_after(ingress.pids)
            await self._everything_is_there(store)

    async def _chatcrew(self, installation: Installation, stack: AsyncExitStack) -> Server:
        public = stack.enter_context(listen("127.0.0.1", 0))
        admin = stack.enter_context(listen("127.0.0.1", 0))
        descriptors = (public.fileno(), admin.fileno())
        flags = ("--public-fd", str(public.fileno()), "--admin-fd", str(admin.fileno()))
        # as below a supervisor: the counters of several processes add up
        folder = installation.folder / "metrics"
        folder.mkdir()
        metrics = {"PROMETHEUS_MULTIPROC_DIR": str(folder)}
        processes = [
            await start(
                ("-m", "chatcrew", "serve", *flags),
                stack,
                environment=installation.environment | metrics,
                descriptors=descriptors,
            )
            for _ in range(self._options.processes)
        ]
        url = f"http://127.0.0.1:{admin.getsockname()[1]}/health/ready"
        await answering(url, processes[0])
        await asyncio.sleep(1.0 if len(processes) > 1 else 0.0)
        return Server(public.getsockname()[1], [process.pid for process in processes])

    async def _bare(self, stack: AsyncExitStack) -> Server:
        public = stack.enter_context(listen("127.0.0.1", 0))
        descriptor = public.fileno()
        arguments = ("-m", "benchmarks._bare", str(descriptor))
        processes = [
            await start(arguments, stack, descriptors=(descriptor,))
            for _ in range(self._options.processes)
        ]
        return Server(public.getsockname()[1], [process.pid for process in processes])

    async def _throughput(
        self, store: Store, sender: Sender, *, ours: Server, bare: Server
    ) -> None:
        count = self._options.count
        self._report.title(
            f"As fast as answers come: {count:,} messages a round and side, "
            f"{self._options.connections} connections, {self._options.processes} process(es) each"
        )
        for server in (bare, ours):
            await self._post(server, sender, count, counts=server is ours)
        rounds = []
        for _ in range(self._options.rounds):
            begun = bare.cpu(), ours.cpu(), cpu_seconds(store.pid, tree=True)
            hashed = await self._post(bare, sender, count, counts=False)
            stored = await self._post(ours, sender, count, counts=True)
            ended = bare.cpu(), ours.cpu(), cpu_seconds(store.pid, tree=True)
            used = [(end - start) / count * 1e6 for start, end in zip(begun, ended, strict=True)]
            rounds.append(Round(hashed.per_second, stored.per_second, *used))
        self._say(rounds)

    def _say(self, rounds: list[Round]) -> None:
        ratio = median([one.ours / one.bare for one in rounds])
        self._report.line("bare handler, hashed per s", spread([one.bare for one in rounds]))
        committed = [one.ours for one in rounds]
        self._report.target(
            "chatcrew, committed per s",
            spread(committed),
            met=median(committed) >= COMMITTED,
            wanted=f">= {COMMITTED:,}",
        )
        self._report.line("CPU per webhook, bare handler, µs", spread([r.bare_us for r in rounds]))
        self._report.line("CPU per webhook, ingress, µs", spread([r.ingress_us for r in rounds]))
        self._report.line(
            "CPU per webhook, PostgreSQL, µs", spread([r.database_us for r in rounds])
        )
        self._report.target(
            "ratio to the bare handler", f"{ratio:.3f}", met=ratio >= RATIO, wanted=f">= {RATIO}"
        )

    async def _latency(self, sender: Sender, server: Server) -> None:
        rate, seconds = self._options.rate, self._options.seconds
        self._report.title(f"{rate:g} messages per second offered for {seconds:g} s (open loop)")
        answers = await self._post(server, sender, int(rate * seconds), counts=True, rate=rate)
        worst = percentile(answers.latencies, 0.99)
        self._report.line("accepted per s", f"{answers.per_second:.0f}")
        self._report.target(
            "acknowledged after",
            milliseconds(answers.latencies),
            met=worst < P99,
            wanted=f"p99 < {P99 * 1e3:.0f} ms",
        )

    async def _post(
        self, server: Server, sender: Sender, count: int, *, counts: bool, rate: float = 0.0
    ) -> Answers:
        load = Load(
            server.port,
            sender,
            first=self._next,
            count=count,
            conversations=self._options.conversations,
            connections=self._options.connections,
            rate=rate,
        )
        self._next += count
        answers = await post(load)
        if answers.accepted != count:
            self._report.missed.append(f"every message accepted: {answers.statuses}")
        if counts:
            self._sent += answers.accepted
        return answers

    def _memory_after(self, ingress: list[int]) -> None:
        self._report.title("After all of it")
        most = max(rss(pid) for pid in ingress)
        self._report.target(
            "ingress RSS", _memory(ingress), met=most < MEMORY, wanted=f"< {MEMORY // MB} MB each"
        )

    async def _everything_is_there(self, store: Store) -> None:
        events, messages = await store.count("event"), await store.count("message")
        self._report.target(
            "accepted / events / history lines",
            f"{self._sent:,} / {events:,} / {messages:,}",
            met=self._sent == events == messages,
            wanted="equal",
        )


def _memory(pids: list[int]) -> str:
    return ", ".join(f"{rss(pid) / MB:.0f} MB" for pid in pids)


def main() -> int:
    """Run it; return 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--count", type=int, default=5_000, help="messages a round and side")
    parser.add_argument("--processes", type=int, default=1, help="of each side")
    parser.add_argument("--connections", type=int, default=128)
    parser.add_argument("--conversations", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=500.0, help="offered per s for the latency")
    parser.add_argument("--seconds", type=float, default=20.0, help="of the latency part")
    if not Path("chatwoot_mapping.yaml").exists():
        parser.error("run it from the repository's root")
    report = Report()
    report.title("Ingress")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Bench(parser.parse_args(), report).run())
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
