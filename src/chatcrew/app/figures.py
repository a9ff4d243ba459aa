"""Figures of the house: what they are read from is kept in rounds, and they are read by a port."""

from collections.abc import Callable

from chatcrew.analytics import PostgresFacts, PostgresFigures
from chatcrew.app.chores import Round
from chatcrew.clock import Clock
from chatcrew.conversations import PostgresHistory
from chatcrew.database import Database
from chatcrew.debts import PostgresDebts
from chatcrew.tenancy.model import Configuration
from chatcrew.why import Why

EVERY = 15.0
"""Seconds between two rounds: sessions are at most this much behind."""


def open_figures(database: Database, *, why: Why, clock: Clock) -> PostgresFigures:
    """Return what reads figures.

    Args:
        database: our records.
        why: the account of turns.
        clock: time.
    """
    return PostgresFigures(
        database,
        clock,
        history=PostgresHistory(database),
        why=why,
        debts=PostgresDebts(database, clock),
    )


def facts_round(
    database: Database, *, configuration: Callable[[], Configuration], clock: Clock
) -> Round:
    """Return what adds up what ended, each tenant by its own calendar.

    Args:
        database: our records.
        configuration: the files as they hold now.
        clock: time.
    """
    facts = PostgresFacts(database, clock)

    async def run() -> None:
        tenants = configuration().tenants
        await facts.run({key: tenant.timezone for key, tenant in tenants.items()})

    return Round("facts", EVERY, run)
