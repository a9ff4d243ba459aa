"""Loads everything an admin edits, once per process start, from the cache where it is known."""

import asyncio

from chatcrew import tools
from chatcrew.cache import Kind, LayeredCache, key
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.tenancy import Directory, check, load
from chatcrew.tenancy.sealed import fingerprint, seal, unseal

_log = get_logger("config")

KEEP = 7 * 24 * 3600.0
"""Seconds a checked configuration is kept; its key changes with every byte of the files."""

_NOBODY = "-"
"""The configuration belongs to all tenants at once, so its key names none."""


async def load_directory(settings: Settings, *, cache: LayeredCache | None = None) -> Directory:
    """Return the configuration on disk.

    Args:
        settings: where the files are.
        cache: where a configuration that was checked before may be found (S4-29).

    Raises:
        ConfigErrors: with every fault at once.
    """
    files = (settings.mapping, settings.config_dir, settings.crews_dir)
    known = tools.names()
    if cache is None:
        return Directory(await asyncio.to_thread(load, *files, tools=known))
    seen = await asyncio.to_thread(fingerprint, *files, tools=known)
    name = key(Kind.CONFIGS, _NOBODY, seen.name)
    found = await asyncio.to_thread(unseal, await cache.get(name), seen)
    if found is None:
        found = await asyncio.to_thread(load, *files, tools=known)
        await cache.set(name, await asyncio.to_thread(seal, found, seen), ttl=KEEP)
    return Directory(found)


async def tell_faults(settings: Settings, metrics: Metrics) -> None:
    """Log what is wrong although the files could be loaded, such as a secret that leads nowhere.

    The server starts all the same: other bots may be well, and their customers are waiting.
    """
    report = await asyncio.to_thread(
        check,
        settings.mapping,
        settings.config_dir,
        settings.crews_dir,
        tools=tools.names(),
    )
    metrics.set("chatcrew_config_faults", len(report.faults))
    for fault in report.faults:
        _log.error("config.fault", fault=str(fault))
