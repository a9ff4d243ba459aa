"""Who shows, erases and forgets people's data, over the stores and layers of this installation."""

from collections.abc import Callable, Collection

from chatcrew.app.privacy import Policies
from chatcrew.audit import PostgresAudit
from chatcrew.cache import LayeredCache
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.lgpd import CacheLayer, Expired, FileLayer, HousePrivacy, Kept, forget_old
from chatcrew.memory import PostgresMemory
from chatcrew.privacy import Value
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration
from chatcrew.tenancy.model import Retention


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
