"""The people's desk of a worker, over parts that are open already."""

from chatcrew.app.foundation import Foundation
from chatcrew.debts import PostgresDebts, Waits
from chatcrew.desk import ChatwootStaff, PeopleDesk, PostgresAssignments
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
        waits=Waits(debts, base.clock),
    )
