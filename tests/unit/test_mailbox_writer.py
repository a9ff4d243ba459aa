"""Group commit: what is written together, and when."""

import asyncio
from collections.abc import Sequence

import pytest

from chatcrew.mailbox._writer import GroupWriter


class Written:
    """Keeps the groups it is given."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    async def write(self, items: Sequence[int]) -> list[int]:
        """Note a group."""
        self.groups.append(list(items))
        await asyncio.sleep(0)
        return list(items)


def writer(written: Written, **options: float) -> GroupWriter[int, int]:
    """Return one that writes groups of eight at most."""
    return GroupWriter(
        written.write, away=lambda _: False, weigh=lambda _: 1, most=8, rest=options.get("rest", 0)
    )


async def one_after_the_other(wanted: GroupWriter[int, int], count: int) -> list[int]:
    """Submit items some turns of the loop apart, none waiting for another."""
    tasks = []
    for number in range(count):
        tasks.append(asyncio.create_task(wanted.submit(number)))
        for _ in range(10):
            await asyncio.sleep(0)
    return await asyncio.gather(*tasks)


async def test_what_comes_while_a_writer_rests_is_one_group() -> None:
    """The first goes at once; those that follow within the rest share their trips (S4-36)."""
    written = Written()

    assert await one_after_the_other(writer(written, rest=0.05), 4) == [0, 1, 2, 3]

    assert written.groups == [[0], [1, 2, 3]]


async def test_without_a_rest_each_goes_as_it_comes() -> None:
    """As a store by itself does it."""
    written = Written()

    await one_after_the_other(writer(written), 3)

    assert written.groups == [[0], [1], [2]]


@pytest.mark.parametrize("count", [3, 20])
async def test_where_many_wait_nobody_rests(count: int) -> None:
    """A quarter of a group is enough to go on: with a rest of minutes the test would not end."""
    written, items = Written(), range(count)
    wanted = writer(written, rest=600.0)

    first = [asyncio.create_task(wanted.submit(number)) for number in items]
    async with asyncio.timeout(5):
        assert await asyncio.gather(*first) == [*items]

    assert sorted(number for group in written.groups for number in group) == [*items]
    assert len(written.groups) == -(-count // 8)
