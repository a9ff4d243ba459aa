"""The end of a server: whom the kernel gave us before it is answered, then nobody is taken."""

import asyncio

from aiohttp import web

_PASSES = 4
"""Passes of the loop in which asyncio hands over what it accepted (three are needed)."""


async def stop_accepting(runner: web.AppRunner) -> None:
    """Take no more connections; each that was accepted before is aiohttp's when this returns.

    asyncio makes the transport of an accepted connection in a later pass of the loop. If the server
    was closed meanwhile that fails (``asyncio.base_events.Server._attach`` asserts), and the client
    is reset: Chatwoot never repeats such a delivery (contract §1.6). So the listening sockets are
    taken from the loop first. uvloop hands a connection over at once.
    """
    loop = asyncio.get_running_loop()
    if isinstance(loop, asyncio.SelectorEventLoop):
        for site in runner.sites:
            server: asyncio.Server | None = getattr(site, "_server", None)
            for listening in server.sockets if server is not None else ():
                loop.remove_reader(listening.fileno())
        for _ in range(_PASSES):
            await asyncio.sleep(0)
    for site in list(runner.sites):
        await site.stop()
