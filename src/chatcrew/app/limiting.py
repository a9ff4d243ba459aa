"""The limits of a worker's businesses: counted in its database, paced in Redis where that is."""

import asyncio
import importlib
from contextlib import AsyncExitStack

from chatcrew.app.foundation import Foundation
from chatcrew.budgets import Keeper, Pace, PostgresCounters, ProcessPace


async def open_keeper(base: Foundation, stack: AsyncExitStack) -> tuple[Keeper, Pace]:
    """Return what allows model calls, and its pace; closed with ``stack``."""
    directory, url = base.directory, base.settings.redis_url
    pace: Pace = ProcessPace(base.clock, workers=base.settings.worker_processes)
    if url is not None:
        # its library takes a while to load, and only who has Redis needs it
        module = await asyncio.to_thread(importlib.import_module, "chatcrew.budgets._redis")
        address = url.get_secret_value()
        shared = await asyncio.to_thread(module.RedisPace, address, else_by=pace)
        stack.push_async_callback(shared.aclose)
        pace = shared
    keeper = Keeper(
        PostgresCounters(base.database),
        tenants=lambda: directory.current.tenants,
        exchange=lambda: directory.current.models.exchange,
        clock=base.clock,
        metrics=base.metrics,
        pace=pace,
    )
    stack.push_async_callback(keeper.aclose)
    return keeper, pace
