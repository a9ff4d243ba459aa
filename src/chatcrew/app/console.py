"""Wires the console over our records: its pages, and what they read and do."""

import asyncio
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from chatcrew.accounts import Accounts, PostgresAccounts
from chatcrew.app._console_sql import ConsoleRecords
from chatcrew.app.foundation import Foundation
from chatcrew.app.telling import why_over
from chatcrew.audit import Audit, Deed
from chatcrew.clock import Clock
from chatcrew.ids import ConversationId
from chatcrew.mailbox import Mailbox
from chatcrew.telemetry import get_logger
from chatcrew.tenancy import Directory
from chatcrew.web.console import (
    Business,
    Console,
    Load,
    MailboxPage,
    Page,
    Stuck,
    Tenants,
    Waiting,
    load,
)
from chatcrew.why import Account, Why

_log = get_logger("console")


class LoggedAudit:
    """Satisfies ``audit.Audit`` by the log: one line for each deed, without personal data."""

    async def note(self, deed: Deed) -> None:
        """Write a line."""
        _log.info(
            "console.deed",
            actor=deed.actor,
            action=deed.action,
            tenant=deed.tenant,
            target=deed.target,
        )


class ConsoleQueue:
    """Satisfies ``web.console.Queue``.

    Args:
        records: reads.
        mailbox: where stuck turns are freed.
        why: the account of turns.
        clock: time.
    """

    def __init__(
        self, records: ConsoleRecords, *, mailbox: Mailbox, why: Why, clock: Clock
    ) -> None:
        self._records = records
        self._mailbox = mailbox
        self._why = why
        self._clock = clock

    async def load(self, tenants: Tenants) -> Load:
        """See ``Queue.load``."""
        return await self._records.load(tenants, now=self._clock.now())

    async def waiting(self, tenants: Tenants, *, limit: int) -> Sequence[Waiting]:
        """See ``Queue.waiting``."""
        return await self._records.waiting(tenants, now=self._clock.now(), limit=limit)

    async def stuck(self, tenants: Tenants, *, limit: int) -> Sequence[Stuck]:
        """See ``Queue.stuck``."""
        return await self._records.stuck(tenants, limit=limit)

    async def one(self, conversation: ConversationId) -> Stuck | None:
        """See ``Queue.one``."""
        return await self._records.one(conversation)

    async def told(self, stuck: Stuck) -> Account | None:
        """See ``Queue.told``."""
        return await self._why.turn(stuck.conversation, stuck.turn, tenant=None)

    async def retry(self, conversation: ConversationId) -> bool:
        """See ``Queue.retry``."""
        return await self._mailbox.retry_parked(conversation)

    async def discard(self, conversation: ConversationId, *, reason: str) -> bool:
        """See ``Queue.discard``."""
        return await self._mailbox.discard_parked(conversation, reason=reason)


def businesses_of(directory: Directory) -> list[Business]:
    """Return the tenants of the files as they hold now."""
    tenants = directory.current.tenants.values()
    return [Business(one.key, one.persona.business, ZoneInfo(one.timezone)) for one in tenants]


def pages_of(base: Foundation) -> list[Page]:
    """Return every page, in the order of the navigation within its group."""
    records = ConsoleRecords(base.database)
    queue = ConsoleQueue(records, mailbox=base.mailbox, why=why_over(base), clock=base.clock)
    return [MailboxPage(queue).page()]


def accounts_over(base: Foundation) -> Accounts:
    """Return who may enter."""
    return Accounts(PostgresAccounts(base.database, base.clock))


async def open_console(
    base: Foundation, *, accounts: Accounts | None = None, audit: Audit | None = None
) -> Console:
    """Return the console of a process that has its foundation.

    Args:
        base: of the process.
        accounts: who may enter; left out, those of the database.
        audit: keeps who saw what; left out, the log does.
    """
    pages = pages_of(base)
    return Console(
        accounts or accounts_over(base),
        pages=pages,
        businesses=lambda: businesses_of(base.directory),
        files=await asyncio.to_thread(load, pages),
        audit=audit or LoggedAudit(),
        metrics=base.metrics,
        clock=base.clock,
    )
