"""What the engines themselves cost: CPU per turn over the bare model call, and start-up times.

Run from the repository's root: ``python -m benchmarks.engines``. See benchmarks/README.md.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import psutil

from benchmarks._figures import Report, machine, median, spread
from benchmarks._installation import install
from benchmarks._kickoff import Kickoffs
from benchmarks._processes import start
from benchmarks._program import ports
from benchmarks._work import AT_ONCE, Scenario, answer, scenario
from chatcrew.crews import CrewPool, Engine, Reach, engines
from chatcrew.messages import ModelAnswer, ModelRequest, ToolResult
from chatcrew.testing.processes import Program

COMPILED_MS, SEAM, WARM = 1.0, 0.20, 10.0
_IMPORTS = ("chatcrew.app.ingress", "chatcrew.app.worker", "crewai")


async def _complete(request: ModelRequest, *, tool: bool) -> ModelAnswer:
    return answer(request.messages, tool=tool)


def _reach(work: Scenario) -> Reach:
    async def complete(request: ModelRequest) -> ModelAnswer:
        return await _complete(request, tool=work.tool)

    async def call_tool(name: str, arguments: str) -> ToolResult:
        return work.found

    return Reach(complete, call_tool, work.specs, "gpt-4o-mini", "version")


async def _several(count: int, one: Callable[[], Awaitable[None]]) -> None:
    free = asyncio.Semaphore(AT_ONCE)

    async def bounded() -> None:
        async with free:
            await one()

    await asyncio.gather(*(bounded() for _ in range(count)))


async def _engine_turns(engine: Engine, work: Scenario, count: int) -> None:
    reach = _reach(work)

    async def one() -> None:
        said = await engine.respond(work.crew, work.ask, reach)
        assert said.text == work.said, said.text

    await _several(count, one)


async def _bare_calls(work: Scenario, count: int) -> None:
    """Do what is left without an engine: the finished requests, given to the same stub."""
    seen: list[ModelRequest] = []

    async def record(request: ModelRequest) -> ModelAnswer:
        seen.append(request)
        return await _complete(request, tool=work.tool)

    reach = _reach(work)
    recording = Reach(record, reach.call_tool, reach.tools, reach.default_model, reach.config)
    await engines(CrewPool())["compiled"].respond(work.crew, work.ask, recording)

    async def one() -> None:
        for request in seen:
            await _complete(request, tool=work.tool)

    await _several(count, one)


async def _compiled(report: Report, options: argparse.Namespace, *, tool: bool) -> None:
    work = scenario(tool=tool)
    compiled = engines(CrewPool())["compiled"]
    await _engine_turns(compiled, work, 50)
    extra = []
    for _ in range(options.rounds):
        bare = await _cpu(_bare_calls(work, options.turns))
        ours = await _cpu(_engine_turns(compiled, work, options.turns))
        extra.append((ours - bare) / options.turns * 1e3)
    name = f"compiled over the bare call, {_tools(tool=tool)}"
    report.target(
        name,
        f"+{spread(extra, digits=3)} ms CPU",
        met=median(extra) < COMPILED_MS,
        wanted=f"< {COMPILED_MS:g} ms",
    )


async def _cpu(work: Awaitable[None]) -> float:
    begun = time.process_time()
    await work
    return time.process_time() - begun


async def _seam(report: Report, options: argparse.Namespace, *, tool: bool) -> None:
    work = scenario(tool=tool)
    count = max(50, options.turns // 4)
    async with AsyncExitStack() as stack:
        pool = CrewPool(recycle_after=1_000_000)
        stack.push_async_callback(pool.close)
        pool.start()
        await pool.ready()
        engine = engines(pool)["crewai"]
        await _engine_turns(engine, work, 20)
        local = await Kickoffs.run(stack, tool=tool)
        await local.cpu(20)
        ours, theirs, worker = [], [], []
        for _ in range(options.rounds):
            theirs.append(await local.cpu(count) / count * 1e3)
            child, own = _child_cpu(pool), time.process_time()
            await _engine_turns(engine, work, count)
            worker.append((time.process_time() - own) / count * 1e3)
            ours.append((_child_cpu(pool) - child) / count * 1e3 + worker[-1])
    title = f"lean kickoff with a local stub, {_tools(tool=tool)}"
    report.line(title, f"{spread(theirs, digits=2)} ms CPU a turn, {AT_ONCE} at once")
    report.line(
        f"same through the seam, {_tools(tool=tool)}",
        f"{spread(ours, digits=2)} ms CPU, of it {median(worker):.2f} in the worker",
    )
    ratios = [our / their for our, their in zip(ours, theirs, strict=True)]
    report.target(
        f"what the seam adds, {_tools(tool=tool)}",
        f"{(median(ratios) - 1) * 100:+.1f} %",
        met=median(ratios) - 1 <= SEAM,
        wanted=f"<= {SEAM * 100:.0f} %",
    )


def _child_cpu(pool: CrewPool) -> float:
    """Return the CPU seconds of the crew processes; the template only waits."""
    _template, *children = pool.pids
    times = (psutil.Process(pid).cpu_times() for pid in children)
    return float(sum(one.user + one.system for one in times))


def _tools(*, tool: bool) -> str:
    return "one tool round" if tool else "no tool"


async def _imports(report: Report, rounds: int) -> None:
    report.title("Import, a fresh interpreter each (the bare one taken off)")
    async with AsyncExitStack() as stack:
        bare = [await _timed("pass", stack) for _ in range(rounds)]
        for module in _IMPORTS:
            code = f"import {module}"
            took = [await _timed(code, stack) - median(bare) for _ in range(rounds)]
            report.line(module, f"{spread(took, digits=2)} s")


async def _timed(code: str, stack: AsyncExitStack) -> float:
    begun = time.perf_counter()
    switches = {"CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true"}
    with tempfile.TemporaryDirectory(prefix="chatcrew-benchmark-") as home:
        process = await start(("-c", code), stack, environment={**switches, "HOME": home})
        await process.wait()
    return time.perf_counter() - begun


async def _start_up(report: Report, rounds: int) -> None:
    """Say how long `chatcrew run` takes from nothing, with the crews that are shipped."""
    ready, warm = [], []
    for _ in range(rounds):
        async with AsyncExitStack() as stack:
            model = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "CHATCREW_LOG_LEVEL": "info"}
            extra = {**ports(), **model}
            installation = install(stack, chatwoot="http://127.0.0.1:9", extra=extra)
            log = installation.folder / "program.log"
            program = Program("run", environment=installation.environment, log=log, cold=True)
            begun = time.perf_counter()
            await stack.enter_async_context(program)
            await program.ready(within=90.0)
            ready.append(time.perf_counter() - begun)
            while "worker.ready" not in await program.said():  # noqa: ASYNC110 - a log tells nobody
                await asyncio.sleep(0.02)
            await program.find("crew", within=90.0)
            warm.append(time.perf_counter() - begun)
    report.title("`chatcrew run` in an empty folder, database made on the way")
    report.line("webhooks are taken after", f"{spread(ready, digits=2)} s")
    report.target(
        "worker and crew process warm after",
        f"{spread(warm, digits=2)} s",
        met=median(warm) < WARM,
        wanted=f"< {WARM:.0f} s",
    )


async def _run(options: argparse.Namespace, report: Report) -> None:
    report.line("machine", machine(Path(tempfile.gettempdir())))
    report.title("CPU per turn, WhatsApp crew of the example business, models that answer at once")
    for tool in (False, True):
        await _compiled(report, options, tool=tool)
    for tool in (False, True):
        await _seam(report, options, tool=tool)
    await _imports(report, options.starts)
    await _start_up(report, options.starts)


def main() -> int:
    """Run it; return 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--turns", type=int, default=1000, help="a round; CrewAI: a quarter")
    parser.add_argument("--starts", type=int, default=3, help="of interpreters and of the program")
    if not Path("chatwoot_mapping.yaml").exists():
        parser.error("run it from the repository's root")
    report = Report()
    report.title("Engines")
    asyncio.run(_run(parser.parse_args(), report))
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
