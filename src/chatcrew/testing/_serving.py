"""The end of a server of ours on loopback, without a socket left behind."""

import asyncio

from aiohttp import web

_SETTLE = 0.01
"""Seconds in which asyncio hands a connection it just accepted to aiohttp (three loop passes)."""


async def stop_serving(runner: web.AppRunner) -> None:
    """Accept nothing more, then close every connection.

    A connection accepted in the very moment of the end is not yet known to aiohttp, whose
    `cleanup()` would leave it open: its socket would then be reported as a leak by some later test.
    """
    for site in list(runner.sites):
        await site.stop()
    await settle()
    await runner.cleanup()


async def settle() -> None:
    """Wait until a connection accepted just before the listening socket closed is aiohttp's."""
    await asyncio.sleep(_SETTLE)
