"""From a customer's webhook to the posted answer, against a script that only calls the model.

Run from the repository's root: ``python -m benchmarks.turn``. See benchmarks/README.md.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import uvloop

from benchmarks._desk import Desk
from benchmarks._figures import Report, machine, median, milliseconds, percentile
from benchmarks._installation import SENDER, Installation, install
from benchmarks._messages import Messages
from benchmarks._processes import MB, start
from benchmarks._program import KINDS, cpu_by_kind, per_turn, ports, run_program, webhook_url
from benchmarks.modelserver import ModelProcess
from chatcrew.app.sockets import listen
from chatcrew.database import Database, attach_or_own
from chatcrew.testing.processes import Program

ANSWER = "Obrigada por contar! Há quanto tempo você sente isso?"
QUESTION = "Sou maratonista e fico com formigamento no pé esquerdo, será do tênis novo? ({number})"
FAQ_QUESTION = "Onde fica a clínica?"
FAQ_ANSWER = "Rua das Acácias"
MEMORY = 150 * MB


@dataclass(slots=True)
class Seen:
    """What one side did over all rounds: seconds per answer, and per whole wave."""

    alone: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)
    waves: list[float] = field(default_factory=list)
    wrong: int = 0


class Side:
    """One of the two that answer."""

    def __init__(self, desk: Desk, url: str, *, question: str, expected: str) -> None:
        self.seen = Seen()
        self._desk = desk
        self._url = url
        self._question = question
        self._expected = expected
        self._asked = 0

    async def ask(self) -> float:
        """Ask once; return the seconds until the answer."""
        self._asked += 1
        text = self._question.format(number=self._asked)
        seconds, said = await self._desk.ask(self._url, text)
        self.seen.wrong += self._expected not in said
        return seconds

    async def warm_up(self, count: int) -> None:
        """Ask without counting the time."""
        for _ in range(count):
            await self.ask()

    async def alone(self, count: int) -> None:
        """Ask one after the other."""
        self.seen.alone += [await self.ask() for _ in range(count)]

    async def together(self, count: int) -> None:
        """Ask all at once."""
        begun = time.perf_counter()
        self.seen.together += await asyncio.gather(*(self.ask() for _ in range(count)))
        self.seen.waves.append(time.perf_counter() - begun)


class Bench:
    """The program and the script, both with the same model and the same Chatwoot."""

    def __init__(self, options: argparse.Namespace, report: Report) -> None:
        self._options = options
        self._report = report

    async def run(self) -> None:
        """Measure everything and report it."""
        async with AsyncExitStack() as stack:
            desk = await stack.enter_async_context(Desk(Messages(SENDER)))
            model = (await ModelProcess.run("--answer", ANSWER, stack=stack)).url
            script = await _script(stack, model=model, chatwoot=desk.url)
            plain = Side(desk, script, question=QUESTION, expected=ANSWER)
            await plain.warm_up(5)
            for engine in ("crewai", "compiled"):
                await self._with_model(desk, plain, model, engine=engine)
                plain.seen = Seen()
            await self._without_model(desk)

    async def _with_model(self, desk: Desk, plain: Side, model: str, *, engine: str) -> None:
        async with AsyncExitStack() as stack:
            extra = {**_settings(), "OPENAI_BASE_URL": model}
            installation = install(stack, chatwoot=desk.url, extra=extra, engine=engine)
            self._report.line("machine", machine(installation.folder))
            program = await run_program(installation, stack)
            await program.find("crew", within=90.0)
            ours = Side(desk, webhook_url(installation), question=QUESTION, expected=ANSWER)
            await ours.warm_up(5)
            await self._measure(f"engine {engine}, instant model", program, ours, plain, desk)
            await self._memory(program)
            await self._turns(installation)

    async def _without_model(self, desk: Desk) -> None:
        async with AsyncExitStack() as stack:
            installation = install(stack, chatwoot=desk.url, extra=_settings())
            program = await run_program(installation, stack)
            ours = Side(desk, webhook_url(installation), question=FAQ_QUESTION, expected=FAQ_ANSWER)
            await ours.warm_up(5)
            await self._measure("no model, answer from the FAQ", program, ours, None, desk)
            await self._turns(installation)

    async def _measure(
        self, title: str, program: Program, ours: Side, plain: Side | None, desk: Desk
    ) -> None:
        together, alone = self._options.together, self._options.alone
        asked = self._options.rounds * (alone + together)
        calls, before, after = 0, dict.fromkeys(KINDS, 0.0), dict.fromkeys(KINDS, 0.0)
        for _ in range(self._options.rounds):
            if plain is not None:
                await plain.alone(alone)
                await plain.together(together)
            begun, came = await cpu_by_kind(program), desk.calls
            await ours.alone(alone)
            await ours.together(together)
            ended = await cpu_by_kind(program)
            calls += desk.calls - came
            before = {kind: before[kind] + begun[kind] for kind in KINDS}
            after = {kind: after[kind] + ended[kind] for kind in KINDS}
        self._report.title(f"POST to answer: {title}, quiet 0 ({asked} turns)")
        sides = {"chatcrew": ours} | ({} if plain is None else {"plain script": plain})
        for name, side in sides.items():
            self._report.line(f"{name}, one after the other", milliseconds(side.seen.alone))
            self._report.line(f"{name}, {together} at once", milliseconds(side.seen.together))
        if plain is not None:
            self._ratio("one after the other", ours.seen.alone, plain.seen.alone)
            self._ratio(f"{together} at once", ours.seen.together, plain.seen.together)
        rate = together / median(ours.seen.waves)
        self._report.line(f"turns per s, {together} at once", f"{rate:.1f}")
        self._report.line("calls to Chatwoot per turn", f"{calls / asked:.2f}")
        self._report.line("CPU ms per turn", per_turn(before, after, asked))
        wrong = sum(side.seen.wrong for side in sides.values())
        self._report.target(
            "answers that were not the expected one", str(wrong), met=wrong == 0, wanted="0"
        )

    def _ratio(self, name: str, ours: Sequence[float], plain: Sequence[float]) -> None:
        shown = ", ".join(
            f"p{share * 100:.0f} {percentile(ours, share) / percentile(plain, share):.1f}×, "
            f"+{(percentile(ours, share) - percentile(plain, share)) * 1e3:.0f} ms"
            for share in (0.5, 0.95)
        )
        self._report.line(f"against the script, {name}", shown)

    async def _memory(self, program: Program) -> None:
        self._report.title("Memory after that: its share of what several hold (PSS), and RSS")
        for one in sorted(
            await program.look(),
            key=lambda seen: KINDS.index(seen.what) if seen.what in KINDS else 99,
        ):
            if one.what not in KINDS:
                continue
            used = psutil.Process(one.pid).memory_full_info()
            value = f"{used.pss / MB:.0f} MB (RSS {used.rss / MB:.0f} MB)"
            if one.what == "ingress":
                # Its RSS has all that the template imported for workers, which it never touches
                met, wanted = used.pss < MEMORY, f"< {MEMORY // MB} MB"
                self._report.target(one.what, value, met=met, wanted=wanted)
            else:
                self._report.line(one.what, value)

    async def _turns(self, installation: Installation) -> None:
        """Say by which engine the turns were answered, and where their time went."""
        async with AsyncExitStack() as stack:
            attached = await attach_or_own(installation.data_dir, may_own=False)
            stack.push_async_callback(attached.close)
            database = await Database.open(attached.url, name="benchmark", pool_size=1)
            stack.push_async_callback(database.close)
            connection = await stack.enter_async_context(database.connect())
            rows = map(tuple, await connection.exec_driver_sql(_ENGINES))
            engines = ", ".join(
                f"{engine or '-'} {outcome} {count}" for engine, outcome, count in rows
            )
            stages = map(tuple, await connection.exec_driver_sql(_STAGES))
            spent = ", ".join(f"{stage} {value:.1f}" for stage, value in stages)
        self._report.line("turns by engine and outcome", engines)
        self._report.line("median ms per stage", spent)


_ENGINES = "select engine, outcome, count(*) from turn group by 1, 2 order by 3 desc"
_STAGES = """
    select key, percentile_cont(0.5) within group (order by cast(value as double precision))
    from turn, jsonb_each_text(stage_ms) where state = 'finished'
    group by key order by 2 desc limit 8
"""


def _settings() -> dict[str, str]:
    # Chatwoot's own limit is not what is measured
    return {**ports(), "CHATCREW_CHATWOOT_PER_MINUTE": "1000000"}


async def _script(stack: AsyncExitStack, *, model: str, chatwoot: str) -> str:
    bound = stack.enter_context(listen("127.0.0.1", 0))
    descriptor = bound.fileno()
    arguments = ("-m", "benchmarks._plain", str(descriptor), model, chatwoot)
    await start(arguments, stack, descriptors=(descriptor,))
    return f"http://127.0.0.1:{bound.getsockname()[1]}{SENDER.path}"


def main() -> int:
    """Run it; return 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--alone", type=int, default=20, help="turns a round, one after the other")
    parser.add_argument("--together", type=int, default=20, help="turns a round, all at once")
    if not Path("chatwoot_mapping.yaml").exists():
        parser.error("run it from the repository's root")
    report = Report()
    report.title("Turn")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Bench(parser.parse_args(), report).run())
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
