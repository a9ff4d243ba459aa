"""The baseline of the CrewAI seam: the same lean kickoff with a model that stands beside it.

Run by ``Kickoffs`` as a process of its own, in the environment of a crew process. It reads how many
turns to run, one number a line, and prints the CPU seconds that they took.
"""

import asyncio
import gc
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._processes import start
from benchmarks._work import AT_ONCE, Scenario, answer, scenario
from chatcrew.crews import _crewai, _switches, _wire
from chatcrew.messages import ModelAnswer, ToolResult


@dataclass(frozen=True, slots=True)
class Kickoffs:
    """The process, run by a benchmark."""

    _process: asyncio.subprocess.Process

    @classmethod
    async def run(cls, stack: AsyncExitStack, *, tool: bool) -> "Kickoffs":
        """Start it and wait until CrewAI is imported; it is ended with ``stack``."""
        folder = tempfile.TemporaryDirectory(prefix="chatcrew-benchmark-")
        home = await asyncio.to_thread(stack.enter_context, folder)
        process = await start(
            ("-m", "benchmarks._kickoff", str(int(tool))),
            stack,
            environment=_switches.environment(os.environ, Path(home)),
            piped=True,
            fed=True,
        )
        kickoffs = cls(process)
        await kickoffs.cpu(3)
        return kickoffs

    async def cpu(self, turns: int) -> float:
        """Return the CPU seconds of so many turns.

        Raises:
            RuntimeError: the process ended.
        """
        assert self._process.stdin is not None, "it is fed"
        assert self._process.stdout is not None, "it is piped"
        self._process.stdin.write(f"{turns}\n".encode())
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process of the kickoffs ended")
        return float(line)


class _Local:
    """A bridge that leads nowhere: models and tools answer at once."""

    def __init__(self, work: Scenario) -> None:
        self._work = work

    async def ask_model(self, role: str, messages: Sequence[Any], *, tools: Any) -> ModelAnswer:
        """Answer as the worker's stub does."""
        return answer(messages, tool=self._work.tool)

    async def ask_tool(self, role: str, name: str, arguments: str) -> ToolResult:
        """Answer as the worker's stub does."""
        return self._work.found


async def _turns(count: int, work: Scenario) -> float:
    free = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with free:
            script = _wire.script(work.crew, work.inputs, offered=work.offered)
            said = await _crewai.run(script, _Local(work))
            assert said == work.said, said

    begun = time.process_time()
    await asyncio.gather(*(one() for _ in range(count)))
    return time.process_time() - begun


def main() -> None:
    """Serve until the input ends."""
    work = scenario(tool=sys.argv[1] == "1")
    asyncio.run(_turns(1, work))
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        print(asyncio.run(_turns(int(line), work)), flush=True)


if __name__ == "__main__":
    main()
