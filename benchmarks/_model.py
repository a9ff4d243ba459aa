"""A model that answers at once: prints its address and runs until it is ended."""

import asyncio
import sys

import uvloop

from chatcrew.testing import FakeModelServer


async def _serve(answer: str) -> None:
    async with FakeModelServer(default=answer) as server:
        print(server.base_url, flush=True)
        while True:
            await asyncio.sleep(1.0)
            server.requests.clear()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(sys.argv[1]))
