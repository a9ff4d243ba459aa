"""Who waits for a place in a crew process: tenants in turn, each tenant's turns in their order."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable

from chatcrew.crews._member import Member, Turn
from chatcrew.errors import CrewError

Place = tuple[Member, Turn]


class Line:
    """Turns that wait; the next is of the tenant that has fewest of the places.

    The gateway's slots (``llm.limited``) go round in the same way, but are a fixed number; here
    processes come, wear out and die, so the line only says who is next.
    """

    def __init__(self) -> None:
        # In the order in which they were served last; a tenant is in it only while a turn waits.
        self._waiting: OrderedDict[str, deque[asyncio.Future[Place]]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(len(queue) for queue in self._waiting.values())

    def join(self, tenant: str) -> asyncio.Future[Place]:
        """Return what ends with a place; whoever waits for it has to ``leave``."""
        waiter: asyncio.Future[Place] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant, deque()).append(waiter)
        return waiter

    def leave(self, tenant: str, waiter: asyncio.Future[Place]) -> None:
        """Wait no more; one that was served or failed has left already."""
        queue = self._waiting.get(tenant, deque())
        if waiter in queue:
            queue.remove(waiter)
            if not queue:
                del self._waiting[tenant]

    def next(self, running: Callable[[str], int]) -> tuple[str, asyncio.Future[Place]] | None:
        """Take out who is next, with its tenant, or return None where nobody waits.

        Args:
            running: how many places a tenant has now.
        """
        while self._waiting:
            tenant = min(self._waiting, key=running)  # of equals the one that waits longest
            queue = self._waiting[tenant]
            waiter = queue.popleft()
            if queue:
                self._waiting.move_to_end(tenant)
            else:
                del self._waiting[tenant]
            if not waiter.done():  # else it was cancelled and has not come round to leaving
                return tenant, waiter
        return None

    def fail(self, message: str) -> None:
        """End everybody's wait with a ``CrewError``."""
        waiting, self._waiting = self._waiting, OrderedDict()
        for queue in waiting.values():
            for waiter in queue:
                if not waiter.done():
                    waiter.set_exception(CrewError("*", message=message))
