"""Conversation tests before a new version comes into force; one process plays, all go by it."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

from chatcrew.app.playing import Player
from chatcrew.app.verdicts import Row, Verdicts, failures_of
from chatcrew.clock import Clock
from chatcrew.settings import Settings
from chatcrew.telemetry import get_logger
from chatcrew.tenancy import Configuration, Fault, Tenant
from chatcrew.tenancy.content import content

_log = get_logger("config")

AWAITED = 600.0
"""Seconds after which who does not play himself no longer waits for a verdict."""
_POLL = 0.25
_SHOWN = 160


class Rehearsal:
    """Refuses versions whose changed businesses fail their conversation tests.

    Processes reload at the same time, each for itself. One of those that play does so for all, on
    all machines; what came of it is kept in the database by what was played, so that everybody
    decides the same.

    Args:
        settings: where the files lie.
        verdicts: shared with the other processes.
        clock: waits between two looks at them.
        player: plays; None: others do, this process only goes by what they found.
        patience: seconds to wait for others.
    """

    def __init__(
        self,
        settings: Settings,
        verdicts: Verdicts,
        *,
        clock: Clock,
        player: Player | None = None,
        patience: float = AWAITED,
    ) -> None:
        self._settings = settings
        self._verdicts = verdicts
        self._clock = clock
        self._player = player
        self._patience = patience

    async def approve(self, coming: Configuration, touched: Sequence[Tenant]) -> Sequence[Fault]:
        """Return a fault for each expectation that did not come true; fits ``reload.Hooks``.

        What could not be played (no database could be started) is told, and refuses nothing.

        Args:
            coming: the version.
            touched: the businesses that may answer otherwise in it.

        Raises:
            StoreError: the verdicts cannot be reached.
        """
        wanted = await asyncio.to_thread(self.contents, coming, touched)
        if not wanted:
            return ()
        known = dict(await self._verdicts.read(wanted.values()))
        end = self._clock.monotonic() + self._patience
        while missing := {key: one for key, one in wanted.items() if one not in known}:
            if self._player is None and self._clock.monotonic() >= end:
                break
            played = self._player is not None and await self._play(self._player, missing)
            known |= await self._verdicts.read(missing.values())
            if not played:
                await self._clock.sleep(_POLL)
            elif any(one not in known for one in missing.values()):
                break  # the files are others by now: the reload that follows plays those
        for tenant, one in wanted.items():
            if one not in known or known[one].failures is None:
                _log.error("config.not_rehearsed", tenant=tenant)
        return faults(failures_of(known.values()))

    async def refuses(self, coming: Configuration, touched: Sequence[Tenant]) -> bool:
        """Return whether ``coming`` may not come into force yet, by what is known at this moment.

        Raises:
            StoreError: the verdicts cannot be reached.
        """
        wanted = await asyncio.to_thread(self.contents, coming, touched)
        known = await self._verdicts.read(wanted.values()) if wanted else {}
        return not all(one in known and not known[one].failures for one in wanted.values())

    def contents(self, coming: Configuration, tenants: Collection[Tenant]) -> dict[str, str]:
        """Return what is to be played, by tenant: those of these that have tests. Reads files."""
        folder = self._settings.config_dir
        found = {one.key: content(coming, one.key, folder) for one in tenants}
        return {key: one for key, one in found.items() if one is not None}

    async def _play(self, player: Player, missing: Mapping[str, str]) -> bool:
        """Play what nobody has played; return whether it was our turn."""
        async with self._verdicts.alone() as mine:
            if not mine:
                return False
            known = await self._verdicts.read(missing.values())
            left = {key: one for key, one in missing.items() if one not in known}
            if left:
                await player.play(left, kept=self._verdicts.write)
            return True


def faults(rows: Sequence[Row]) -> list[Fault]:
    """Return failures as faults of the files they stand in."""
    return [
        Fault(
            "conversation_failed",
            file=row["file"],
            line=row["line"],
            hint="play_it",
            word=row["name"],
            kind=row["kind"],
            expected=row["expected"],
            got=_short(row["got"] or row["read"]),
            tenant=row["tenant"],
        )
        for row in rows
    ]


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
