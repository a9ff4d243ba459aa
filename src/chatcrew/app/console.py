"""Wires the console over our records: its pages, who may enter, what is put on record."""

import asyncio
from zoneinfo import ZoneInfo

from chatcrew.accounts import Accounts, PostgresAccounts
from chatcrew.app._console_reads import (
    Advice,
    ConsoleHouses,
    ConsoleNow,
    ConsolePeople,
    ConsoleQuarantine,
    ConsoleQueue,
    Status,
)
from chatcrew.app._console_sql import ConsoleRecords
from chatcrew.app.figure_pages import figure_pages
from chatcrew.app.foundation import Foundation
from chatcrew.app.telling import why_over
from chatcrew.audit import PostgresAudit
from chatcrew.budgets import Keeper, PostgresCounters
from chatcrew.debts import PostgresDebts
from chatcrew.tenancy import Directory
from chatcrew.web.console import (
    Business,
    Console,
    DebtsPage,
    LimitsPage,
    LivePage,
    MailboxPage,
    Page,
    QuarantinePage,
    TenantsPage,
    UsersPage,
    load,
)


def businesses_of(directory: Directory) -> list[Business]:
    """Return the tenants of the files as they hold now."""
    tenants = directory.current.tenants.values()
    return [Business(one.key, one.persona.business, ZoneInfo(one.timezone)) for one in tenants]


def pages_of(
    base: Foundation,
    *,
    accounts: Accounts,
    status: Status | None = None,
    advice: Advice | None = None,
) -> list[Page]:
    """Return every page, in the order of the navigation within its group."""
    records = ConsoleRecords(base.database)
    queue = ConsoleQueue(records, mailbox=base.mailbox, why=why_over(base), clock=base.clock)
    people = ConsolePeople(
        PostgresDebts(base.database, base.clock),
        records=records,
        configuration=lambda: base.directory.current,
    )
    houses = ConsoleHouses(base.directory, records=records, status=status, advice=advice)
    budgets = _budgets(base)
    return [
        *figure_pages(base, budgets=budgets),
        LivePage(ConsoleNow(records)).page(),
        MailboxPage(queue).page(),
        DebtsPage(people).page(),
        QuarantinePage(ConsoleQuarantine(base.mailbox)).page(),
        TenantsPage(houses).page(),
        LimitsPage(budgets).page(),
        UsersPage(accounts).page(),
    ]


def _budgets(base: Foundation) -> Keeper:
    """Return what is counted, for looking at: nothing is reserved here."""
    directory = base.directory
    return Keeper(
        PostgresCounters(base.database),
        tenants=lambda: directory.current.tenants,
        exchange=lambda: directory.current.models.exchange,
        clock=base.clock,
        metrics=base.metrics,
    )


async def open_console(
    base: Foundation,
    *,
    accounts: Accounts | None = None,
    status: Status | None = None,
    advice: Advice | None = None,
) -> Console:
    """Return the console of a process that has its foundation.

    Args:
        base: of the process.
        accounts: who may enter; left out, those of the database.
        status: what ``/health/ready`` shows of the files.
        advice: what examinations of the accounts found.
    """
    accounts = accounts or Accounts(PostgresAccounts(base.database, base.clock))
    pages = pages_of(base, accounts=accounts, status=status, advice=advice)
    return Console(
        accounts,
        pages=pages,
        businesses=lambda: businesses_of(base.directory),
        files=await asyncio.to_thread(load, pages),
        audit=PostgresAudit(base.database, base.clock),
        metrics=base.metrics,
        clock=base.clock,
        proxies=base.settings.proxies,
    )
