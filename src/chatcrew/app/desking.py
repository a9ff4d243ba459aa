"""The people's desk of a worker, over parts that are open already."""

from datetime import datetime, timedelta

from chatcrew.app.foundation import Foundation
from chatcrew.debts import PostgresDebts, Waits
from chatcrew.desk import ChatwootStaff, PeopleDesk, PostgresAssignments
from chatcrew.messages import Wait
from chatcrew.tenancy.model import Tenant
from chatcrew.worker import Clients


def open_desk(base: Foundation, clients: Clients) -> PeopleDesk:
    """Return the desk.

    Args:
        base: storage, cache, time.
        clients: Chatwoot, with a user token where there is one.
    """
    debts = PostgresDebts(base.database, base.clock)
    return PeopleDesk(
        ChatwootStaff(clients, cache=base.cache, clock=base.clock),
        assignments=PostgresAssignments(base.database, base.clock),
        clock=base.clock,
        waits=PastWaits(Waits(debts, base.clock)),
    )


class PastWaits:
    """Satisfies ``desk.Waits`` with what the book of debts promises."""

    def __init__(self, waits: Waits) -> None:
        self._waits = waits

    async def estimate(self, tenant: Tenant, team_id: int | None, at: datetime) -> Wait | None:
        """Return how long waiting took before."""
        found = await self._waits.estimate(tenant, team_id, at)
        if found is None:
            return None
        return Wait(timedelta(seconds=found.likely), timedelta(seconds=found.at_most))
