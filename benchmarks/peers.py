"""The same users before chatcrew and before bots that do less: one table.

Run from the repository's root: ``python -m benchmarks.peers``. See benchmarks/README.md.
"""

import argparse
import asyncio
import importlib.util
import json
import math
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil
import uvloop

from benchmarks._figures import Report, machine, percentile
from benchmarks._installation import SENDER, install
from benchmarks._processes import MB, answering, cpu_seconds, start
from benchmarks._program import calmed, cpu_by_kind, ports, run_program, webhook_url
from benchmarks._users import Mix, Told, Users
from benchmarks.modelserver import ModelProcess
from chatcrew.app.sockets import listen
from chatcrew.crews._switches import SWITCHES

_MIX = (0.7, 0.2, 0.1)
_HEAD = ("peer", "asked/s", "answered", "p50", "p95", "p99", "ack p99", "CPU ms", "MB", "refused")


@dataclass(frozen=True, slots=True)
class Peer:
    """One that answers.

    Attributes:
        url: where webhooks go.
        cpu: seconds used so far.
        memory: bytes now, shared pages divided.
    """

    url: str
    cpu: Callable[[], Awaitable[float]]
    memory: Callable[[], Awaitable[float]]


class Bench:
    """All of them, one after the other, under the same load."""

    def __init__(self, options: argparse.Namespace, report: Report) -> None:
        self._options = options
        self._report = report
        self._words = 0

    async def run(self) -> None:
        """Measure each and print its lines."""
        self._report.line("machine", machine(Path(tempfile.gettempdir())))
        known = {"chatcrew": self._chatcrew, "aiohttp": self._aiohttp}
        if all(importlib.util.find_spec(name) for name in ("flask", "gunicorn")):
            known["flask"] = self._flask
            said = ", ".join(f"{name} {version(name)}" for name in ("flask", "gunicorn", "openai"))
            self._report.line("versions", said)
        else:
            self._report.line("flask", "left out: flask and gunicorn are not installed")
        known["crewai"] = self._crewai
        print(_row(_HEAD), flush=True)
        for name, opened in known.items():
            if self._options.only and name not in self._options.only:
                continue
            async with AsyncExitStack() as stack:
                users = await Users.run(stack)
                pace = json.dumps({"p50": self._options.model, "p99": self._options.model})
                model = await ModelProcess.run("--pace", "*", pace, stack=stack)
                peer = await stack.enter_async_context(opened(users.url, model.url))
                await users.write(self._load(peer.url, 4.0, 4.0))
                for rate in self._options.rates:
                    before = await peer.cpu()
                    told = await users.write(self._load(peer.url, rate, self._options.seconds))
                    used = await peer.cpu() - before
                    self._show(name, rate, told, used=used, memory=await peer.memory())

    def _load(self, url: str, rate: float, seconds: float) -> Mix:
        self._words += 100_000
        return Mix(url, rate, seconds, shares=_MIX, first=self._words, patience=20.0)

    def _show(self, name: str, rate: float, told: Told, *, used: float, memory: float) -> None:
        answers = [one for some in told.answers.values() for one in some]
        silent = sum(told.silent.values())
        waited = [*answers, *[math.inf] * silent] or [math.inf]
        count = max(1, len(answers))
        refused = sum(n for status, n in told.statuses.items() if status != "200")
        shown = [f"{percentile(waited, share):.2f} s" for share in (0.5, 0.95, 0.99)]
        answered = f"{len(answers)}/{len(answers) + silent}"
        ack = f"{percentile(told.acks, 0.99) * 1e3:.0f} ms"
        spent, held = f"{used / count * 1e3:.1f}", f"{memory / MB:.0f}"
        print(_row((name, f"{rate:g}", answered, *shown, ack, spent, held, str(refused))))
        if name == "chatcrew" and silent:
            self._report.missed.append(f"every message answered at {rate:g}/s")

    @asynccontextmanager
    async def _chatcrew(self, chatwoot: str, model: str) -> AsyncIterator[Peer]:
        async with AsyncExitStack() as stack:
            extra = {**ports(), "CHATCREW_CHATWOOT_PER_MINUTE": "1000000", "OPENAI_BASE_URL": model}
            installation = install(stack, chatwoot=chatwoot, extra=extra, engine="compiled")
            program = await run_program(installation, stack)
            await calmed(program)

            async def cpu() -> float:
                return sum((await cpu_by_kind(program)).values())

            async def memory() -> float:
                return float(sum([_pss(one.pid) for one in await program.look()]))

            yield Peer(webhook_url(installation), cpu, memory)

    @asynccontextmanager
    async def _aiohttp(self, chatwoot: str, model: str) -> AsyncIterator[Peer]:
        async with self._process(
            lambda number: ("-m", "benchmarks._peer_aiohttp", number, model, chatwoot)
        ) as peer:
            yield peer

    @asynccontextmanager
    async def _crewai(self, chatwoot: str, model: str) -> AsyncIterator[Peer]:
        async with self._process(
            lambda number: ("-m", "benchmarks._naive", number, model, chatwoot)
        ) as peer:
            yield peer

    @asynccontextmanager
    async def _flask(self, chatwoot: str, model: str) -> AsyncIterator[Peer]:
        gunicorn = (
            "-m",
            "gunicorn",
            "-w",
            "2",
            "-k",
            "gthread",
            "--threads",
            "8",
            "--log-level",
            "warning",
            "-b",
        )
        environment = {"MODEL_URL": model, "CHATWOOT_URL": chatwoot}
        async with self._process(
            lambda number: (*gunicorn, f"fd://{number}", "benchmarks._peer_flask:app"), environment
        ) as peer:
            yield peer

    @asynccontextmanager
    async def _process(
        self,
        words: Callable[[str], tuple[str, ...]],
        environment: dict[str, str] | None = None,
    ) -> AsyncIterator[Peer]:
        async with AsyncExitStack() as stack:
            home = stack.enter_context(tempfile.TemporaryDirectory(prefix="chatcrew-benchmark-"))
            bound = stack.enter_context(listen("127.0.0.1", 0))
            root = f"http://127.0.0.1:{bound.getsockname()[1]}"
            # CrewAI calls home otherwise, which nobody may here, and waits for that
            outside = {**SWITCHES, "HOME": home, "XDG_DATA_HOME": home, **(environment or {})}
            process = await start(
                words(str(bound.fileno())),
                stack,
                environment=outside,
                descriptors=(bound.fileno(),),
            )
            await answering(f"{root}/health/live", process)

            async def cpu() -> float:
                return cpu_seconds(process.pid, tree=True)

            async def memory() -> float:
                root = psutil.Process(process.pid)
                return float(sum(_pss(one.pid) for one in (root, *root.children(recursive=True))))

            yield Peer(f"{root}{SENDER.path}", cpu, memory)


def _pss(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_full_info().pss)
    except psutil.NoSuchProcess:
        return 0


def _row(cells: tuple[str, ...]) -> str:
    return "  " + "".join(f"{cell:<12}" for cell in cells)


def main() -> int:
    """Run it; return 1 if chatcrew left somebody without an answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", type=float, nargs="+", default=[5.0, 20.0, 40.0])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--model", type=float, default=1.0, help="seconds the model takes")
    parser.add_argument("--only", nargs="+", choices=("chatcrew", "aiohttp", "flask", "crewai"))
    if not Path("chatwoot_mapping.yaml").exists():
        parser.error("run it from the repository's root")
    report = Report()
    report.title("Peers: 70 % keywords or FAQ, 20 % for the model, 10 % for a person")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Bench(parser.parse_args(), report).run())
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
