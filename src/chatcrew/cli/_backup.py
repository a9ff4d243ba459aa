"""``chatcrew backup`` and ``chatcrew restore``: a house, or one tenant, kept and brought back."""

import asyncio
import getpass
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from chatcrew.app import backing
from chatcrew.app.configuration import load_directory
from chatcrew.app.erasing import open_privacy
from chatcrew.app.storage import connected, open_database
from chatcrew.backups import BackupFault, Reader, Taken
from chatcrew.backups import Progress as Told
from chatcrew.cache import CACHE_FILE, CHANNEL, open_cache
from chatcrew.cli._backup_words import WORDS, YES
from chatcrew.clock import SystemClock
from chatcrew.database import Database, Notices
from chatcrew.errors import ConfigErrors
from chatcrew.lgpd import HousePrivacy
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration

_FILE_SECONDS = 60.0


async def run_backup(
    settings: Settings, *, tenant: str | None, to: Path | None, lang: str, as_json: bool
) -> None:
    """Write a backup while everything goes on.

    Raises:
        typer.Exit: with 1 where it cannot be written, with 2 where nobody says where to.
    """
    words = WORDS[lang]
    folder = to or settings.backup_dir
    if folder is None:
        typer.echo(words["where"], err=True)
        raise typer.Exit(2)
    with _faults(lang):
        async with AsyncExitStack() as stack:
            database = await open_database(settings, stack, name="chatcrew-backup", may_own=True)
            with _bars() as told:
                taken = await backing.back_up(
                    settings,
                    database,
                    folder,
                    clock=SystemClock(),
                    tenant=tenant,
                    actor=_actor(),
                    told=told,
                )
            keys = database.keys.names
    if as_json:
        typer.echo(orjson.dumps(_told(taken)).decode())
        return
    manifest = taken.manifest
    size = f"{taken.size / 1e6:.1f} MB"
    typer.echo(words["taken"].format(path=taken.path, rows=manifest.rows, size=size))
    typer.echo(words["sealed" if keys else "plain"].format(keys=", ".join(keys)))


async def run_restore(
    settings: Settings,
    *,
    file: Path,
    tenant: str | None,
    files: Path | None,
    yes: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Bring a backup back.

    Raises:
        typer.Exit: with 1 where it does not fit here, or nobody agrees.
    """
    words = WORDS[lang]
    with _faults(lang):
        async with AsyncExitStack() as stack:
            archive = stack.enter_context(await asyncio.to_thread(Reader, file))
            tenant = tenant or archive.manifest.tenant
            _ask(archive, tenant, yes=yes, words=words)
            if files is not None:
                await asyncio.to_thread(archive.unpack, files)
            done = await _restored(settings, stack, archive, tenant, file.parent)
    if as_json:
        body = {"rows": done.rows, "left": done.left, "erased_again": done.erased}
        typer.echo(orjson.dumps(body).decode())
        return
    typer.echo(words["restored"].format(rows=done.rows))
    if done.left:
        typer.echo(words["left"].format(rows=done.left))
    typer.echo(words["erased"].format(people=done.erased))


async def _restored(
    settings: Settings,
    stack: AsyncExitStack,
    archive: Reader,
    tenant: str | None,
    beside: Path,
) -> backing.Restored:
    clock = SystemClock()
    # A whole house may come into a database without tables
    opens = connected if tenant is None else open_database
    database = await opens(settings, stack, name="chatcrew-restore", may_own=True)
    privacy = await _privacy(settings, stack, database, clock)
    with _bars() as told:
        return await backing.bring_back(
            database,
            archive,
            beside=beside,
            privacy=privacy,
            clock=clock,
            tenant=tenant,
            actor=_actor(),
            told=told,
        )


async def _privacy(
    settings: Settings, stack: AsyncExitStack, database: Database, clock: SystemClock
) -> HousePrivacy:
    notices = await stack.enter_async_context(Notices(database, channel=CHANNEL))
    file, redis_url = settings.data_dir / CACHE_FILE, settings.redis_url
    cache = await stack.enter_async_context(
        open_cache(
            clock,
            file=file if await asyncio.to_thread(file.exists) else None,
            file_bytes=settings.cache_file_mb * 1024 * 1024,
            file_timeout=_FILE_SECONDS,
            redis_url=redis_url.get_secret_value() if redis_url else None,
            invalidations=[notices],
        )
    )
    try:
        configuration = (await load_directory(settings)).current
    except ConfigErrors:  # on a new machine the files may come later: nothing is public then
        configuration = Configuration("", {}, {}, None, {}, {})
    return open_privacy(
        settings, database=database, cache=cache, clock=clock, current=lambda: configuration
    )


def _ask(archive: Reader, tenant: str | None, *, yes: bool, words: dict[str, str]) -> None:
    manifest = archive.manifest
    what = words["house"] if tenant is None else tenant
    said = words["ask"].format(what=what, at=f"{manifest.made_at:%Y-%m-%d %H:%M} UTC")
    if yes:
        return
    if str(typer.prompt(said, default="", show_default=False)).strip().lower() not in YES:
        typer.echo(words["kept"], err=True)
        raise typer.Exit(1)


def _told(taken: Taken) -> dict[str, object]:
    manifest = taken.manifest
    return {
        "path": str(taken.path),
        "sha256": taken.sha256,
        "bytes": taken.size,
        "tenant": manifest.tenant,
        "made_at": manifest.made_at.isoformat(),
        "revision": manifest.revision,
        "rows": manifest.rows,
        "tables": {name: one.rows for name, one in manifest.tables.items()},
        "files": len(manifest.files),
        "keys": list(manifest.keys),
        "tombstones": len(manifest.stones),
    }


@contextmanager
def _bars() -> Iterator["_Bars"]:
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        yield _Bars(shown)


class _Bars:
    """A bar for each table that has rows."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, told: Told) -> None:
        """Show how far a table is."""
        if not told.total:
            return
        if told.table not in self._tasks:
            self._tasks[told.table] = self._shown.add_task(told.table, total=told.total)
        self._shown.update(self._tasks[told.table], completed=told.rows)


@contextmanager
def _faults(lang: str) -> Iterator[None]:
    try:
        yield
    except BackupFault as fault:
        typer.echo(fault.render(lang), err=True)
        raise typer.Exit(1) from None


def _actor() -> str:
    return f"cli:{getpass.getuser()}"
