"""The page of what happens right now: turns as they end, over a stream (S2-21, S4-40)."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from chatcrew.errors import StoreError
from chatcrew.web.console._asking import Asked, Missing, Page, Shown
from chatcrew.web.console._files import HEADERS
from chatcrew.web.console._ports import Ended, Now
from chatcrew.web.console._words_live import WORDS

SHOWN = 50
EVERY = 1.5
"""Seconds between two looks at what has ended."""

LATE = timedelta(seconds=10)
"""Turns of other workers may become visible so much after their own time."""

LONGEST = 1800.0
"""Seconds after which a browser asks anew."""

LOOKED_AFTER = 10
"""Looks after which it is asked whether who watches may still do so."""

MOST_STREAMS = 50


class LivePage:
    """Turns as they end.

    Args:
        now: the turns.
        every: seconds between two looks.
        most_streams: that are open at once.
    """

    def __init__(self, now: Now, *, every: float = EVERY, most_streams: int = MOST_STREAMS) -> None:
        self._now = now
        self._every = every
        self._most_streams = most_streams
        self._streams: set[asyncio.Task[object]] = set()

    def page(self) -> Page:
        """Return the page."""
        return Page(
            "live",
            group="operations",
            icon="live",
            show=self.show,
            words=WORDS,
            detail=self.events,
            filters=("tenant",),
            close=self.close,
        )

    async def show(self, asked: Asked) -> Shown:
        """Return the newest turns."""
        ended = await self._now.newest(asked.filters.tenants, limit=SHOWN)
        return Shown("live.html", {"ended": ended, "most": SHOWN})

    async def events(self, asked: Asked) -> web.StreamResponse:
        """Send turns as they end, until the browser or its session goes, or half an hour is over.

        Raises:
            Missing: it is another address.
        """
        if asked.rest != "events":
            raise Missing
        if len(self._streams) >= self._most_streams:
            return web.Response(status=429)
        task = asyncio.current_task()
        assert task is not None
        self._streams.add(task)
        try:
            async with sse_response(asked.request, headers=HEADERS) as stream:
                with contextlib.suppress(ConnectionResetError, StoreError):
                    await self._tell(stream, asked)
                return stream
        finally:
            self._streams.discard(task)

    def close(self) -> None:
        """Let all streams go."""
        for task in tuple(self._streams):
            task.cancel()

    async def _tell(self, stream: EventSourceResponse, asked: Asked) -> None:
        newest = await self._now.newest(asked.filters.tenants, limit=SHOWN)
        # A comment makes the browser know that it is connected
        await stream.send("", event="hello")
        told = {one.turn for one in newest}
        after = max((one.at for one in newest), default=asked.now)
        for look in range(1, round(LONGEST / self._every)):
            await asyncio.sleep(self._every)
            if look % LOOKED_AFTER == 0 and not await asked.still():
                return
            found = await self._now.since(asked.filters.tenants, after=after - LATE, limit=500)
            fresh = [one for one in found if one.turn not in told]
            if not fresh:
                continue
            after = max(after, *(one.at for one in fresh))
            told = {one.turn for one in found}
            await stream.send(self._rows(asked, fresh), event="items")

    def _rows(self, asked: Asked, ended: Sequence[Ended]) -> str:
        return "\n".join(asked.render("live_row.html", one=one) for one in ended)
