"""A fixed number of slots, handed out in turn, so that nobody's crowd keeps others out."""

import asyncio
from collections import OrderedDict, deque


class FairSlots:
    """A semaphore that goes round the tenants who wait; one tenant's waiters keep their order.

    Args:
        limit: slots in all.
    """

    def __init__(self, limit: int) -> None:
        self._free = limit
        # in the order of their turns; a tenant is in it exactly while somebody of it waits
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(len(queue) for queue in self._waiting.values())

    async def acquire(self, tenant: str) -> None:
        """Wait for a slot; give it back with ``release``."""
        if self._free > 0:  # then nobody waits
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.release()  # given at the very moment in which the caller gave up
            else:
                self._leave(tenant, turn)
            raise

    def release(self) -> None:
        """Give a slot back: to the next tenant in turn, or to whoever comes."""
        while self._waiting:
            tenant, queue = next(iter(self._waiting.items()))
            while queue and queue[0].done():
                queue.popleft()  # it gave up and has not come round to saying so
            if not queue:
                del self._waiting[tenant]
                continue
            queue.popleft().set_result(None)
            if queue:
                self._waiting.move_to_end(tenant)
            else:
                del self._waiting[tenant]
            return
        self._free += 1

    def _leave(self, tenant: str, turn: asyncio.Future[None]) -> None:
        queue = self._waiting.get(tenant)
        if queue is not None and turn in queue:
            queue.remove(turn)
            if not queue:
                del self._waiting[tenant]
