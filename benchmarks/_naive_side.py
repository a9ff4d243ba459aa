"""Starts the naive baseline of ``latency`` and puts it under the same load."""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from dataclasses import replace

from benchmarks._customers import Customers, Visit, Visited
from benchmarks._installation import SENDER
from benchmarks._processes import answering, cpu_seconds, start
from chatcrew.app.sockets import listen
from chatcrew.crews._switches import SWITCHES


async def run_naive(customers: Customers, model: str, visit: Visit) -> tuple[Visited, float]:
    """Return what the customers saw, and the CPU seconds it took.

    Args:
        customers: who visit.
        model: address of the models.
        visit: the load; its address is filled in.
    """
    async with AsyncExitStack() as stack:
        bound = stack.enter_context(listen("127.0.0.1", 0))
        root = f"http://127.0.0.1:{bound.getsockname()[1]}"
        folder = tempfile.TemporaryDirectory(prefix="chatcrew-benchmark-")
        home = await asyncio.to_thread(stack.enter_context, folder)
        descriptor = bound.fileno()
        process = await start(
            ("-m", "benchmarks._naive", str(descriptor), model, customers.url),
            stack,
            # Otherwise it calls home, which nobody may here, and waits for that.
            environment={**SWITCHES, "HOME": home, "XDG_DATA_HOME": home},
            descriptors=(descriptor,),
        )
        await answering(f"{root}/health/live", process)
        url = f"{root}{SENDER.path}"
        await customers.visit(Visit(url, 1.0, 3.0, visit.seed + 1, first=visit.first))
        before = cpu_seconds(process.pid)
        visited = await customers.visit(replace(visit, url=url, first=visit.first + 1000))
        return visited, cpu_seconds(process.pid) - before
