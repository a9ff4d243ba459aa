"""Group commit: what waits is written together, so that one commit pays for many callers."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Generic, TypeVar

from chatcrew.errors import MailboxFull

Item = TypeVar("Item")
Result = TypeVar("Result")


class GroupWriter(Generic[Item, Result]):
    """Collects items while a write is under way and writes them in one go after it.

    The first item goes alone and at once. Where one write follows the other, it may rest a moment
    before a small group: a group of one costs the same trips to the database as one of many. If a
    group fails, its items are written one by one, so that a bad one fails nobody else.

    Args:
        write: writes a group and returns a result for each item, in order.
        away: says of a failure that it would meet every item alike, so it is not tried again.
        weigh: bytes of an item.
        most: items in one group.
        most_bytes: bytes in one group; a single larger item goes alone.
        most_waiting: items that may wait; more are refused.
        rest: seconds between a write and the next, unless a quarter of a group waits by then.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Coroutine[None, None, Sequence[Result]]],
        *,
        away: Callable[[BaseException], bool],
        weigh: Callable[[Item], int],
        most: int = 64,
        most_bytes: int = 16 * 2**20,
        most_waiting: int = 10_000,
        rest: float = 0.0,
    ) -> None:
        self._write = write
        self._away = away
        self._weigh = weigh
        self._most = most
        self._most_bytes = most_bytes
        self._most_waiting = most_waiting
        self._rest = rest
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._write_task: asyncio.Task[Sequence[Result]] | None = None

    async def submit(self, item: Item) -> Result:
        """Write ``item``; return after its group is committed.

        A caller who is cancelled does not take his item back: it may be under way already.

        Raises:
            MailboxFull: too many items wait.
        """
        if len(self._waiting) >= self._most_waiting:
            raise MailboxFull(f"{len(self._waiting)} deliveries wait to be written")
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain(), name="mailbox-writer")
        return await future

    async def close(self) -> None:
        """Wait until everything that was submitted is written or refused."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _drain(self) -> None:
        while self._waiting:
            await self._write_next()
            if self._rest and len(self._waiting) < self._most // 4:
                await asyncio.sleep(self._rest)

    async def _write_next(self) -> None:
        group = self._next_group()
        failure = await self._attempt(group)
        if failure is None:
            return
        if len(group) == 1 or self._away(failure):
            _refuse(group, failure)
            return
        for pair in group:
            alone = await self._attempt([pair])
            if alone is not None:
                _refuse([pair], alone)

    def _next_group(self) -> list[tuple[Item, "asyncio.Future[Result]"]]:
        group = [self._waiting.popleft()]
        room = self._most_bytes - self._weigh(group[0][0])
        while self._waiting and len(group) < self._most:
            room -= self._weigh(self._waiting[0][0])
            if room < 0:
                break
            group.append(self._waiting.popleft())
        return group

    async def _attempt(
        self, group: Sequence[tuple[Item, "asyncio.Future[Result]"]]
    ) -> BaseException | None:
        """Write a group; return why it failed, whatever it was: it belongs to those who wait."""
        self._write_task = task = asyncio.create_task(self._write([item for item, _ in group]))
        await asyncio.wait([task])
        if task.cancelled():
            return MailboxFull("the mailbox is closing")
        failure = task.exception()
        if failure is None:
            for (_, future), result in zip(group, task.result(), strict=True):
                if not future.done():
                    future.set_result(result)
        return failure


def _refuse(group: Sequence[tuple[Item, "asyncio.Future[Result]"]], failure: BaseException) -> None:
    for _, future in group:
        if not future.done():
            future.set_exception(failure)
