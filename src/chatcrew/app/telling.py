"""Wires the account of turns over our records: for the worker, the tab and the terminal (N9)."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from chatcrew.app.foundation import Foundation
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.errors import StoreError
from chatcrew.ledger import PostgresLedger
from chatcrew.messages import Claim, ConversationState, closed_because
from chatcrew.outbox import PostgresOutbox
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration
from chatcrew.tenancy.lines import lines_now
from chatcrew.tenancy.snapshot import snapshot
from chatcrew.tools import PostgresToolCalls
from chatcrew.why import (
    Citing,
    PostgresVersions,
    States,
    StoredWhy,
    ToolTold,
    Why,
    note,
)

_LOOKED_THROUGH = 40
"""Newest turns among which the one that is asked about is looked for; commands are turns too."""


def why_over(base: Foundation) -> StoredWhy:
    """Return the account of turns for a process that has its foundation."""
    return open_why(
        base.database,
        states=base.mailbox,
        configuration=lambda: base.directory.current,
        settings=base.settings,
        clock=base.clock,
    )


def open_why(
    database: Database,
    *,
    states: States,
    configuration: Callable[[], Configuration],
    settings: Settings,
    clock: Clock,
) -> StoredWhy:
    """Return the account of turns.

    Args:
        database: our records.
        states: the mailbox.
        configuration: the files as they hold now.
        settings: where the files lie.
        clock: time.
    """
    calls = PostgresToolCalls(database, clock)

    def quiet(state: ConversationState) -> str | None:
        bot = configuration().bots.get(state.id.bot)
        return (
            "unknown_bot" if bot is None else closed_because(state, agent_bot_id=bot.agent_bot_id)
        )

    async def acted(turn: str) -> Sequence[ToolTold]:
        rows = await calls.of_turn(turn)
        return [ToolTold(one.tool, one.state.value, number=one.id) for one in rows]

    return StoredWhy(
        PostgresLedger(database),
        outbox=PostgresOutbox(database, clock),
        states=states,
        quiet=quiet,
        acted=acted,
        citing=Citing(
            PostgresVersions(database, clock),
            partial(lines_now, settings.mapping, settings.config_dir, settings.crews_dir),
        ),
    )


class WhyNotes:
    """Satisfies ``hub.why_port.Whys``.

    Args:
        why: the account of turns.
        configuration: the files as they hold now.
    """

    def __init__(self, why: Why, *, configuration: Callable[[], Configuration]) -> None:
        self._why = why
        self._configuration = configuration

    async def told(self, claim: Claim, *, back: int) -> str:
        """Return the note about a turn; of another tenant's turns it knows nothing.

        Raises:
            StoreError: the records are away.
        """
        conversation, key = claim.key.conversation, claim.state.tenant or ""
        turns = await self._why.turns(conversation, tenant=key, limit=_LOOKED_THROUGH)
        earlier = [one for one in turns if one.turn != claim.key.turn_id]
        standing = await self._why.standing(conversation, tenant=key)
        tenant = self._configuration().tenants.get(key)
        zone = ZoneInfo(tenant.timezone if tenant is not None else "UTC")
        return note(earlier, standing, back=back, zone=zone)


async def keep_version(
    database: Database, settings: Settings, *, version: str, clock: Clock
) -> None:
    """Keep the files of a version that comes into force, if they are still that version's.

    Without a database, accounts of its turns name today's lines; no turn waits for that.
    """
    files = (settings.mapping, settings.config_dir, settings.crews_dir)
    seen, raw = await asyncio.to_thread(snapshot, *files)
    if seen == version:
        with contextlib.suppress(StoreError):
            await PostgresVersions(database, clock).keep(version, raw)
