"""The limits of a worker's businesses: counted in its database, paced in Redis where that is."""

import asyncio
import importlib
from contextlib import AsyncExitStack

from chatcrew.app._last_sql import last_conversation
from chatcrew.app.foundation import Foundation
from chatcrew.budgets import Alerts, Keeper, Pace, PostgresCounters, ProcessPace
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.hub.due import LIMIT
from chatcrew.timers import PostgresTimers, Timer, Timers


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


class TimedNotes:
    """Satisfies ``budgets.Notes``: a timer that is due at once, where the business talked last.

    Args:
        timers: which know the key of a note.
        database: which knows the turns.
        clock: time.
    """

    def __init__(self, timers: Timers, database: Database, clock: Clock) -> None:
        self._timers = timers
        self._database = database
        self._clock = clock

    async def leave(self, tenant: str, *, key: str, words: str) -> bool:
        """See ``budgets.Notes``."""
        place = await last_conversation(self._database, tenant)
        if place is None:
            return False
        timer = Timer(key, place, LIMIT, self._clock.now(), {"text": words, "tenant": tenant})
        await self._timers.set(timer)
        return True


def alerts_over(base: Foundation) -> Alerts:
    """Return what tells people of limits that are nearly used up or reached."""
    directory, database, clock = base.directory, base.database, base.clock
    return Alerts(
        PostgresCounters(database),
        notes=TimedNotes(PostgresTimers(database, clock), database, clock),
        tenants=lambda: directory.current.tenants,
        exchange=lambda: directory.current.models.exchange,
        clock=clock,
        metrics=base.metrics,
    )
