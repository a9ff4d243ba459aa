"""Plays the same stories in every mode and compares what everybody saw with the plain mode.

Run from the repository's root: ``python -m benchmarks.conformance``. See docs/proof.md.
"""

import argparse
import asyncio
import itertools
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import get_args

from benchmarks._conform_modes import Mode, RedisState, as_processes, empty_data, in_process
from benchmarks._conform_play import Outcome, play_mode
from benchmarks._conform_transcript import difference
from benchmarks._figures import machine
from chatcrew import telemetry
from chatcrew.testing.external_postgres import external_postgres

PLAIN = Mode()
_COLUMNS = (
    "redis", "database", "workers", "lines", "replies", "keys in Redis", "stories", "differs"
)  # fmt: skip


def main() -> int:
    """Run from the command line; return 1 where a mode is not as the plain one."""
    options = _options()
    if not options.in_process:
        telemetry.configure("warning")
    modes = [
        Mode(redis, database, workers)
        for redis, database, workers in itertools.product(
            options.redis, options.database, options.workers
        )
    ]
    return asyncio.run(_run(options, [PLAIN, *(one for one in modes if one != PLAIN)]))


async def _run(options: argparse.Namespace, modes: list[Mode]) -> int:
    print(machine(Path()))
    form = "in one process" if options.in_process else "as processes (chatcrew run)"
    print(f"{len(modes)} modes, {form}", flush=True)
    wrong = 0
    plain: list[str] = []
    turns: dict[str, list[float]] = {}
    doubles = 0
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chatcrew-modes-")))
        await asyncio.to_thread(folder.chmod, 0o711)
        empty = await empty_data(folder)
        external = await stack.enter_async_context(external_postgres(folder / "external"))
        print(f"\n| {' | '.join(_COLUMNS)} |")
        print(f"| {' | '.join('---' for _ in _COLUMNS)} |", flush=True)
        for mode in modes:
            outcome = await play_mode(
                mode,
                runs=in_process if options.in_process else as_processes,
                empty=empty,
                external=external,
                failovers=options.failovers if mode.redis == "dies" else 0,
            )
            plain = plain or outcome.lines
            found = difference(plain, outcome.lines)
            wrong += bool(found)
            print(_row(mode, outcome, found), flush=True)
            print("\n".join(found), file=sys.stderr, flush=True)
            for what, seconds in outcome.turns.items():
                turns.setdefault(what, []).extend(seconds)
            doubles += sum(count != 1 for count in outcome.answers)
    _tell(turns, doubles)
    if options.transcript is not None:
        options.transcript.write_text("\n".join(plain) + "\n", "utf-8")
    print(f"{wrong} of {len(modes)} modes differ")
    return 1 if wrong or doubles else 0


def _row(mode: Mode, outcome: Outcome, found: list[str]) -> str:
    changed = sum(line.startswith(("+", "-")) for line in found[2:])
    cells = (
        mode.redis,
        mode.database,
        mode.workers,
        len(outcome.lines),
        outcome.replies,
        outcome.shared,
        f"{outcome.seconds:.0f} s",
        f"{changed} lines" if found else "no",
    )
    return f"| {' | '.join(map(str, cells))} |"


def _tell(turns: dict[str, list[float]], doubles: int) -> None:
    """Print what a turn took while Redis lived, was killed, was stopped."""
    if not turns:
        return
    usual = _median(turns["alive"])
    print("\n| in the middle of a turn Redis is | turns | median | longest | more than usual |")
    print("| --- | --- | --- | --- | --- |")
    for what, seconds in turns.items():
        more = _median(seconds) - usual
        cells = (f"{_median(seconds):.2f} s", f"{max(seconds):.2f} s", f"{more:+.2f} s")
        print(f"| {what} | {len(seconds)} | {' | '.join(cells)} |")
    print(f"answered twice or never: {doubles}\n")


def _median(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    states = get_args(RedisState)
    kinds = ("embedded", "external")
    parser.add_argument("--redis", nargs="+", choices=states, default=states)
    parser.add_argument("--database", nargs="+", choices=kinds, default=kinds)
    parser.add_argument("--workers", nargs="+", type=int, default=(1, 2, 4))
    parser.add_argument(
        "--failovers", type=int, default=3, help="turns of each kind measured per mode"
    )
    parser.add_argument(
        "--in-process", action="store_true", help="all workers in this process instead of a tree"
    )
    parser.add_argument("--transcript", type=Path, help="write the plain mode's transcript there")
    return parser.parse_args()


if __name__ == "__main__":
    begun = time.monotonic()
    code = main()
    print(f"{(time.monotonic() - begun) / 60:.1f} min")
    sys.exit(code)
