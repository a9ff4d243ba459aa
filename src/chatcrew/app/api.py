"""Wires the REST API over our records, mailbox and privacy (S1-55, S2-37)."""

from collections.abc import Sequence

from chatcrew.accounts import PostgresTokens
from chatcrew.app._contacts_sql import StoredContacts
from chatcrew.app.erasing import open_privacy
from chatcrew.app.figures import open_figures
from chatcrew.app.foundation import Foundation
from chatcrew.app.simulated import PostgresSimulations, Simulator, channels_of
from chatcrew.app.telling import why_over
from chatcrew.audit import PostgresAudit
from chatcrew.ids import SIMULATED, ConversationId
from chatcrew.ledger import PostgresLedger
from chatcrew.outbox import PostgresOutbox
from chatcrew.tenancy import Directory
from chatcrew.web.api import Api, Business, Ports, Routes, Served, operations

_SIMULATED = "sim"
"""What an address calls the bot that simulates its tenant: the label itself holds the tenant."""


class KnownBusinesses:
    """Satisfies ``web.api.Businesses`` from the files as they hold now."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def known(self, tenant: str) -> bool:
        """Return whether there is a tenant of this key."""
        return tenant in self._directory.current.tenants

    def all(self) -> Sequence[Business]:
        """See ``Businesses.all``."""
        current = self._directory.current
        return [
            Business(
                tenant=key,
                name=one.persona.business,
                language=one.language,
                timezone=one.timezone,
                channels=channels_of(current, key),
                bots=self._bots(key),
            )
            for key, one in sorted(current.tenants.items())
        ]

    def conversation(self, bot: str, number: int, *, tenant: str) -> ConversationId | None:
        """See ``Businesses.conversation``."""
        label = f"{SIMULATED}{tenant}" if bot == _SIMULATED else bot
        found = self._directory.current.bot(label)
        return None if found is None else ConversationId(found.account, found.name, number)

    def _bots(self, tenant: str) -> tuple[str, ...]:
        current = self._directory.current
        accounts = {account for (account, _), one in current.routes.items() if one.tenant == tenant}
        if current.fallback is not None and current.fallback.tenant == tenant:
            accounts |= {bot.account for bot in current.bots.values()}
        return tuple(sorted(name for name, one in current.bots.items() if one.account in accounts))


def open_api(base: Foundation) -> Served:
    """Return the API of a process that has its foundation."""
    database, clock, directory = base.database, base.clock, base.directory
    businesses, why = KnownBusinesses(directory), why_over(base)
    ports = Ports(
        businesses=businesses,
        simulations=Simulator(
            lambda: directory.current,
            mailbox=base.mailbox,
            outbox=PostgresOutbox(database, clock),
            ledger=PostgresLedger(database),
            store=PostgresSimulations(database),
            clock=clock,
        ),
        figures=open_figures(database, why=why, clock=clock),
        contacts=StoredContacts(database),
        why=why,
        privacy=open_privacy(
            base.settings,
            database=database,
            cache=base.cache,
            clock=clock,
            current=lambda: directory.current,
        ),
        audit=PostgresAudit(database, clock),
        clock=clock,
    )
    routes = Routes(PostgresTokens(database, clock), known=businesses.known)
    return Served(routes, operations(Api(ports)))
