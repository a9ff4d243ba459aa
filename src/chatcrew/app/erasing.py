"""Who shows, erases and forgets people's data, over the stores and layers of this installation."""

from collections.abc import Callable, Collection
from datetime import timedelta

from chatcrew.app.chores import Round
from chatcrew.app.foundation import Foundation
from chatcrew.app.privacy import Policies
from chatcrew.audit import PostgresAudit
from chatcrew.cache import LayeredCache
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.hub import consenting, texts
from chatcrew.lgpd import CacheLayer, Expired, FileLayer, HousePrivacy, Kept, Records, forget_old
from chatcrew.memory import PostgresMemory
from chatcrew.privacy import Value
from chatcrew.settings import Settings
from chatcrew.telemetry import get_logger
from chatcrew.tenancy import Configuration
from chatcrew.tenancy.model import Retention

_log = get_logger("audit")

RETENTION_EVERY = timedelta(hours=6).total_seconds()
AGAIN_EVERY = 60.0
WITNESS_EVERY = timedelta(days=1).total_seconds()
WORDINGS_EVERY = 3600.0


def open_privacy(
    settings: Settings,
    *,
    database: Database,
    cache: LayeredCache,
    clock: Clock,
    current: Callable[[], Configuration],
) -> HousePrivacy:
    """Return what shows and erases people, in every layer of this installation.

    Args:
        settings: where files lie.
        database: migrated.
        cache: of this process, which tells the others what to forget.
        clock: time.
        current: the configuration in force: what a business tells everybody identifies nobody.
    """
    policies = Policies(current)

    def public(tenant: str) -> Collection[Value]:
        return policies(tenant).public

    kept = Kept(
        database,
        memory=PostgresMemory(database),
        layers=(CacheLayer(cache), FileLayer((settings.data_dir, settings.config_dir))),
        public=public,
    )
    return HousePrivacy(kept, audit=PostgresAudit(database, clock), clock=clock)


async def retain(
    database: Database,
    configuration: Configuration,
    *,
    clock: Clock,
    dry_run: bool = False,
    actor: str = "chatcrew",
) -> list[Expired]:
    """Delete what is older than its business keeps it; see ``lgpd.forget_old``."""
    return await forget_old(
        database,
        {key: tenant.retention.days for key, tenant in configuration.tenants.items()},
        defaults=Retention().days,
        audit=PostgresAudit(database, clock),
        clock=clock,
        dry_run=dry_run,
        actor=actor,
    )


def privacy_rounds(base: Foundation) -> list[Round]:
    """Return what a worker does for privacy by time."""
    database, clock, directory = base.database, base.clock, base.directory
    audit = PostgresAudit(database, clock)
    privacy = open_privacy(
        base.settings,
        database=database,
        cache=base.cache,
        clock=clock,
        current=lambda: directory.current,
    )

    async def witness() -> None:
        verdict = await audit.verify()
        if verdict.whole:
            # Logs lie elsewhere: who rewrote the whole chain could not rewrite them
            _log.info("audit.head", seq=verdict.seq, hash=verdict.hash)
        else:
            _log.error("audit.broken", seq=verdict.broken, why=verdict.why)

    async def wordings() -> None:
        records = Records(database)
        for tenant in directory.current.tenants.values():
            if tenant.memory.consent != "required":
                continue
            for language in tenant.languages:
                words = texts.text(tenant, "memory_consent", language=language)
                await records.asked_with(tenant.key, consenting.version(words), words)

    return [
        Round(
            "retention", RETENTION_EVERY, lambda: retain(database, directory.current, clock=clock)
        ),
        Round("erasures", AGAIN_EVERY, privacy.look_again),
        Round("audit", WITNESS_EVERY, witness),
        Round("wordings", WORDINGS_EVERY, wordings),
    ]
