"""A fake model provider as a process of its own: prints its address and runs until it is ended.

``python -m benchmarks.modelserver --pace gpt-4o-mini '{"p50": 0.9, "p99": 6.0}'``: fields of
``chatcrew.testing.ModelPace``. Ended and started again with ``--port`` it is where it was.
"""

import argparse
import asyncio
import json
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import uvloop
from aiohttp import ClientSession

from benchmarks import _questions
from benchmarks._processes import end, start
from chatcrew.testing import FakeModelServer, ModelPace, ModelTally


@dataclass(slots=True)
class ModelProcess:
    """The server, run by a benchmark.

    Attributes:
        url: as ``OPENAI_BASE_URL``; stays the same when it is started again.
    """

    url: str
    _arguments: tuple[str, ...]
    _stack: AsyncExitStack
    _process: asyncio.subprocess.Process

    @classmethod
    async def run(cls, *arguments: str, stack: AsyncExitStack) -> "ModelProcess":
        """Start it with the options of the command line; it is ended with ``stack``."""
        url, process = await _start(arguments, stack)
        port = url.rsplit(":", 1)[1].split("/")[0]
        return cls(url, (*arguments, "--port", port), stack, process)

    async def kill(self) -> None:
        """Let it be gone at once, with every connection."""
        self._process.kill()
        await self._process.wait()

    async def again(self) -> None:
        """Start it at the same address."""
        await end(self._process)
        _, self._process = await _start(self._arguments, self._stack)

    async def tally(self) -> dict[str, ModelTally]:
        """Return what became of the requests since the last start, by model."""
        async with ClientSession() as session, session.get(f"{self._root}/tally") as got:
            return {model: ModelTally(**row) for model, row in (await got.json()).items()}

    async def pace(self, model: str, **pace: float) -> None:
        """Change a model's pace."""
        url = f"{self._root}/pace/{model}"
        async with ClientSession() as session, session.put(url, json=pace) as got:
            got.raise_for_status()

    @property
    def _root(self) -> str:
        return self.url.removesuffix("/v1")


async def _start(
    arguments: tuple[str, ...], stack: AsyncExitStack
) -> tuple[str, asyncio.subprocess.Process]:
    words = ("-m", "benchmarks.modelserver", *arguments)
    process = await start(words, stack, piped=True)
    assert process.stdout is not None, "it is piped"
    return (await process.stdout.readline()).decode().strip(), process


def _answers(options: argparse.Namespace) -> str | Callable[[dict[str, Any]], str]:
    """Return the one answer, or what makes one of a request."""
    if options.answer:
        return str(options.answer)
    chance = random.Random(options.seed)

    def say(body: dict[str, Any]) -> str:
        declines = body["model"] == options.fast and chance.random() < options.declines
        return _questions.DECLINE if declines else _questions.answer(body)

    return say


async def _serve(options: argparse.Namespace) -> None:
    server = FakeModelServer(default=_answers(options), seed=options.seed, port=options.port)
    for model, fields in options.pace:
        server.pace(model, ModelPace(**json.loads(fields)))
    async with server:
        print(server.base_url, flush=True)
        while True:
            await asyncio.sleep(1.0)
            server.requests.clear()


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of loopback; 0: a free one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pace", nargs=2, action="append", default=[], metavar=("MODEL", "JSON"))
    parser.add_argument("--answer", default="", help="always the same one")
    parser.add_argument("--fast", default="", help="name of the model that may decline")
    parser.add_argument("--declines", type=float, default=0.0, help="share of its answers")
    options = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(options))


if __name__ == "__main__":
    main()
