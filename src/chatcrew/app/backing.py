"""Takes backups, by hand and by time, and brings them back without those who were erased."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chatcrew.audit import Deed, PostgresAudit
from chatcrew.backups import (
    Progress,
    Reader,
    Taken,
    ended,
    keep_stones,
    name_of,
    restore_house,
    restore_tenant,
    stones_in,
    take,
    unfinished,
)
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.lgpd import HousePrivacy, PrivateFile, Records
from chatcrew.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        rows: brought back.
        left: rows that were not, because they are another tenant's by now.
        erased: people who had been erased since, and were again.
    """

    rows: int
    left: int
    erased: int


async def back_up(
    settings: Settings,
    database: Database,
    folder: Path,
    *,
    clock: Clock,
    tenant: str | None = None,
    actor: str = "chatcrew",
    told: Callable[[Progress], None] = lambda _: None,
) -> Taken:
    """Write a backup into a folder, noted in the audit log, with the list of who was erased.

    Args:
        settings: where the configuration lies, which goes along.
        database: migrated.
        folder: where to.
        clock: time.
        tenant: whose alone; None: the whole house.
        actor: who asks.
        told: hears how far it is.

    Raises:
        BackupFault: it is there already.
        StoreError: the database went away.
        OSError: it cannot be written.
    """
    records = Records(database)
    path = await asyncio.to_thread((folder / name_of(tenant, clock.now())).absolute)
    await asyncio.to_thread(keep_stones, folder, await records.tombstones())
    files = await asyncio.to_thread(_configuration, settings, tenant)
    taken = await take(database, path, clock=clock, tenant=tenant, files=files, told=told)
    file = PrivateFile(str(path), "backup", taken.sha256, taken.manifest.made_at, tenant=tenant)
    await records.note_file(file)
    deed = Deed(actor, "backup.taken", tenant, target=path.name, detail=f"{taken.manifest.rows}")
    await PostgresAudit(database, clock).note(deed)
    return taken


async def bring_back(
    database: Database,
    archive: Reader,
    *,
    beside: Path,
    privacy: HousePrivacy,
    clock: Clock,
    tenant: str | None = None,
    actor: str = "chatcrew",
    told: Callable[[Progress], None] = lambda _: None,
) -> Restored:
    """Restore a backup, and erase again whoever was erased since it was taken.

    Args:
        database: empty for a whole house, a living and migrated one for one tenant.
        archive: what is restored.
        beside: folder with a list of who was erased.
        privacy: erases them.
        clock: time.
        tenant: whose rows alone; None: the whole house.
        actor: who asks.
        told: hears how far it is.

    Raises:
        BackupFault: it is broken or does not fit here; nothing was changed.
        StoreError: the database went away; a worker erases who is still to be erased.
    """
    await asyncio.to_thread(archive.verify)
    stones = await asyncio.to_thread(stones_in, beside)
    left = 0
    if tenant is None:
        rows = await restore_house(database, archive, clock=clock, stones=stones, told=told)
    else:
        done = await restore_tenant(
            database, archive, tenant, clock=clock, stones=stones, told=told
        )
        rows, left = done.rows, done.left
    erased = await erase_again(database, privacy, clock=clock, actor=actor)
    deed = Deed(actor, "backup.restored", tenant, target=archive.name, detail=f"{rows}")
    await PostgresAudit(database, clock).note(deed)
    return Restored(rows, left, erased)


async def erase_again(
    database: Database, privacy: HousePrivacy, *, clock: Clock, actor: str = "chatcrew"
) -> int:
    """Erase whom restored backups brought back; return how many people it was."""
    count = 0
    for one in await unfinished(database):
        stones = await privacy.records.tombstones(one.tenant)
        # Who was erased before and wrote again is somebody new, who may stay
        since = [stone for stone in stones if stone.at >= one.made_at]
        count += await privacy.reapply(since, actor=actor)
        await ended(database, one, now=clock.now())
    return count


def _configuration(settings: Settings, tenant: str | None) -> dict[str, Path]:
    """Return the files that an admin edits, named as in the archive; they hold no secrets."""
    if tenant is not None:
        own = settings.config_dir / "domains" / f"{tenant}.yaml"
        found = {f"config/domains/{tenant}.yaml": own} if own.is_file() else {}
        return found | _within(own.with_suffix(""), f"config/domains/{tenant}")
    found = {"chatwoot_mapping.yaml": settings.mapping} if settings.mapping.is_file() else {}
    return found | _within(settings.config_dir, "config") | _within(settings.crews_dir, "crews")


def _within(folder: Path, name: str) -> dict[str, Path]:
    return {
        f"{name}/{one.relative_to(folder).as_posix()}": one
        for one in sorted(folder.rglob("*"))
        if one.is_file() and not any(part.startswith(".") for part in one.parts[-3:])
    }
