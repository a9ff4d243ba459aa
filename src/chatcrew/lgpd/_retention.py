"""What is too old in every store: tables, files that were exported, the audit log."""

from collections.abc import Mapping
from datetime import timedelta

from chatcrew.audit import AuditLog, Deed
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.lgpd._ageing_sql import expire
from chatcrew.lgpd._files import deleted
from chatcrew.lgpd._port import Expired
from chatcrew.lgpd._records_sql import Records
from chatcrew.telemetry import get_logger

_log = get_logger("lgpd")

EXPORTS, AUDIT = "exports", "audit"


async def forget_old(
    database: Database,
    days: Mapping[str, Mapping[str, int]],
    *,
    defaults: Mapping[str, int],
    audit: AuditLog,
    clock: Clock,
    dry_run: bool = False,
    actor: str = "chatcrew",
) -> list[Expired]:
    """Delete what is older than its business keeps it; return what went, or would go.

    Args:
        database: migrated.
        days: by tenant, days by kind of data (``Retention.days``).
        defaults: days by kind, for tenants that are configured no more.
        audit: where it is noted, and whose oldest goes.
        clock: time.
        dry_run: only count.
        actor: who does it, as in ``audit.Deed``.

    Raises:
        StoreError: the database is away; what was deleted until then stays deleted.
    """
    now = clock.now()
    found = await expire(database, days, defaults=defaults, now=now, dry_run=dry_run)
    records = Records(database)
    gone: dict[str | None, int] = {}
    for file in await records.files(kind="export"):
        kept = days.get(file.tenant or "", defaults)[EXPORTS]
        if file.made_at >= now - timedelta(days=kept):
            continue
        if not dry_run:
            await deleted(file)
            await records.file_gone(file, at=now)
        gone[file.tenant] = gone.get(file.tenant, 0) + 1
    for tenant, count in gone.items():
        before = now - timedelta(days=days.get(tenant or "", defaults)[EXPORTS])
        found.append(Expired("files", EXPORTS, tenant, before, count))
    longest = max((kept[AUDIT] for kept in days.values()), default=defaults[AUDIT])
    before = now - timedelta(days=longest)
    if trimmed := await audit.trim(before, dry_run=dry_run):
        found.append(Expired("audit_entry", AUDIT, None, before, trimmed))
    rows = sum(one.rows for one in found)
    if rows and not dry_run:
        await audit.note(Deed(actor, "retention.applied", detail=f"{rows} rows"))
        _log.info("retention.applied", rows=rows, stores=len({one.store for one in found}))
    return found
