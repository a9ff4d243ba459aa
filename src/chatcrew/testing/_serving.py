"""The end of a server of ours on loopback, without a socket left behind."""

from aiohttp import web

from chatcrew.web import stop_accepting


async def stop_serving(runner: web.AppRunner) -> None:
    """Accept nothing more, then close every connection."""
    await stop_accepting(runner)
    await runner.cleanup()
