"""Loads everything an admin edits, once per process start, from the cache where it is known."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from chatcrew import tools
from chatcrew.app.kept import kept
from chatcrew.app.rehearsal import Rehearsal
from chatcrew.cache import Kind, LayeredCache, key
from chatcrew.errors import ConfigErrors
from chatcrew.knowledge import Knowledge
from chatcrew.settings import Settings
from chatcrew.telemetry import get_logger
from chatcrew.tenancy import Directory, ModelCatalogue, Tenant, load
from chatcrew.tenancy.content import touched
from chatcrew.tenancy.known import knowledge_version
from chatcrew.tenancy.sealed import fingerprint, seal, unseal

_log = get_logger("config")

KEEP = 7 * 24 * 3600.0
"""Seconds a checked configuration is kept; its key changes with every byte of the files."""

_MANY = 50
"""Documents that take so long that the log says how far they are."""

UNUSED = timedelta(days=2)
"""Every process says each hour what it uses; a turn is over, and an edit undone, long before."""

_NOBODY = "-"
"""The configuration belongs to all tenants at once, so its key names none."""


async def load_directory(
    settings: Settings, *, cache: LayeredCache | None = None, fall_back: bool = False
) -> Directory:
    """Return the configuration on disk.

    Args:
        settings: where the files are.
        cache: where a configuration that was checked before may be found (S4-29).
        fall_back: where the files have faults, take the last that held on this machine.

    Raises:
        ConfigErrors: with every fault at once.
    """
    try:
        return await _load_directory(settings, cache)
    except ConfigErrors:
        found = await asyncio.to_thread(kept, settings) if fall_back else None
        if found is None:
            raise
        # The faults themselves are told by the first look of the reloader.
        _log.error("config.fell_back", version=found.version)
        return Directory(found)


async def proven(found: Directory, settings: Settings, rehearsal: Rehearsal) -> Directory:
    """Return what to begin with: the last version that held, until that on disk passed its tests.

    So a restart is no way around them, and all processes begin with the same. A machine that has
    no such version begins with what it finds: silence would be worse (ADR-0013).

    Raises:
        StoreError: what is known of the tests cannot be read.
    """
    coming = found.current
    last = await asyncio.to_thread(kept, settings, unless=coming.version)
    if last is None:
        return found
    reached = await asyncio.to_thread(touched, coming, last)
    if not await rehearsal.refuses(coming, reached):
        return found
    _log.warning("config.began_with_last", version=last.version)
    return Directory(last)


async def _load_directory(settings: Settings, cache: LayeredCache | None) -> Directory:
    files = (settings.mapping, settings.config_dir, settings.crews_dir)
    known = await asyncio.to_thread(tools.names)
    if cache is None:
        return Directory(await asyncio.to_thread(load, *files, tools=known))
    seen = await asyncio.to_thread(fingerprint, *files, tools=known)
    name = key(Kind.CONFIGS, _NOBODY, seen.name)
    found = await asyncio.to_thread(unseal, await cache.get(name), seen)
    if found is None:
        found = await asyncio.to_thread(load, *files, tools=known)
        await cache.set(name, await asyncio.to_thread(seal, found, seen), ttl=KEEP)
    return Directory(found)


def model_available(settings: Settings, models: ModelCatalogue) -> bool:
    """Return whether any model can be asked: one of the environment's, or of ``models.yaml``."""
    return settings.model_configured or bool(models.providers)


class _Telling:
    """Says in the log how far the documents of a tenant are, where that takes its time."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._said = 0

    def __call__(self, done: int, every: int) -> None:
        """Say each further tenth of many documents."""
        tenths = done * 10 // max(1, every)
        if every >= _MANY and tenths > self._said:
            self._said = tenths
            _log.info("knowledge.indexing", tenant=self._tenant, done=done, documents=every)


async def sync_knowledge(knowledge: Knowledge, tenants: Iterable[Tenant]) -> None:
    """Make what tenants' files say ready to be searched, beside what other versions say.

    Raises:
        StoreError: the database is away.
    """
    for tenant in tenants:
        await knowledge.sync(
            tenant.key,
            tenant.faq,
            version=knowledge_version(tenant),
            documents=tenant.documents,
            progress=_Telling(tenant.key),
        )


async def renew_knowledge(knowledge: Knowledge, tenants: Iterable[Tenant]) -> None:
    """Say which knowledge is in use here, and delete what nobody has used for ``UNUSED``.

    Raises:
        StoreError: the database is away.
    """
    await sync_knowledge(knowledge, tenants)
    await knowledge.forget(unused=UNUSED)
