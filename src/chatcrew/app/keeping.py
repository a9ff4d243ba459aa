"""What a worker does for backups by time: takes them, keeps the newest, finishes restores."""

import asyncio
from datetime import timedelta
from pathlib import Path

from chatcrew.app.backing import back_up, erase_again
from chatcrew.app.chores import Round
from chatcrew.app.erasing import open_privacy
from chatcrew.app.foundation import Foundation
from chatcrew.backups import alone, keep_newest, keep_stones
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.errors import ChatcrewError
from chatcrew.lgpd import Records
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics, get_logger

_log = get_logger("backup")

LOOK_EVERY = 60.0


def backup_rounds(base: Foundation) -> list[Round]:
    """Return what a worker does for backups."""
    directory, settings = base.directory, base.settings
    privacy = open_privacy(
        settings,
        database=base.database,
        cache=base.cache,
        clock=base.clock,
        current=lambda: directory.current,
    )

    async def finish() -> None:
        await erase_again(base.database, privacy, clock=base.clock)

    rounds = [Round("restorations", LOOK_EVERY, finish)]
    if settings.backup_dir is not None:
        keeper = Keeping(settings, base.database, settings.backup_dir, clock=base.clock)
        keeper.metrics = base.metrics
        rounds.append(Round("backups", LOOK_EVERY, keeper.look))
    return rounds


class Keeping:
    """Takes a backup of the house whenever the last is old enough, and keeps the newest.

    Args:
        settings: how often, and how many are kept.
        database: what is put aside.
        folder: where to.
        clock: time.
    """

    def __init__(
        self, settings: Settings, database: Database, folder: Path, *, clock: Clock
    ) -> None:
        self._settings = settings
        self._database = database
        self._folder = folder
        self._clock = clock
        self._records = Records(database)
        self.metrics = Metrics()

    async def look(self) -> None:
        """Write down who was erased; take a backup if one is due and nobody else is at it.

        Raises:
            StoreError: the database is away.
        """
        try:
            await asyncio.to_thread(keep_stones, self._folder, await self._records.tombstones())
            async with alone(self._database) as mine:
                if mine and await self._due():
                    await self._take()
        except (ChatcrewError, OSError) as error:
            self.metrics.count("chatcrew_backups", outcome="failed")
            _log.error("backup.failed", error=type(error).__name__)

    async def _due(self) -> bool:
        every = timedelta(hours=self._settings.backup_every_hours)
        since = self._clock.now() - every
        taken = await self._records.files(kind="backup")
        return not any(one.tenant is None and one.made_at > since for one in taken)

    async def _take(self) -> None:
        taken = await back_up(self._settings, self._database, self._folder, clock=self._clock)
        gone = await asyncio.to_thread(keep_newest, self._folder, self._settings.backup_keep)
        names = {one.name for one in gone}
        for file in await self._records.files(kind="backup"):
            if file.tenant is None and Path(file.path).name in names:
                await self._records.file_gone(file, at=self._clock.now())
        self.metrics.count("chatcrew_backups", outcome="taken")
        _log.info("backup.taken", rows=taken.manifest.rows, bytes=taken.size, deleted=len(gone))
