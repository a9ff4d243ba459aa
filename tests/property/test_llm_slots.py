"""Slots are handed out fairly whatever happens, and none is ever lost or made up."""

import asyncio
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.llm._slots import FairSlots

TENANTS = ("a", "b", "c")
STEPS = st.lists(
    st.tuples(st.just("come"), st.sampled_from(TENANTS))
    | st.tuples(st.just("go"), st.integers(0, 20))
    | st.tuples(st.just("give_up"), st.integers(0, 20))
    | st.tuples(st.just("give_up_as_one_goes"), st.integers(0, 20)),
    max_size=60,
)


class Crowd:
    """Callers of one ``FairSlots`` and what became of them, in order."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.slots = FairSlots(limit)
        self.waiting: list[tuple[str, asyncio.Task[None]]] = []
        self.holding: list[str] = []
        # grants to each tenant since this waiter's tenant last had its turn
        self.passed: dict[str, Counter[str]] = {}
        self.order: dict[str, list[asyncio.Task[None]]] = {tenant: [] for tenant in TENANTS}

    async def come(self, tenant: str) -> None:
        """Let somebody ask for a slot."""
        task = asyncio.create_task(self.slots.acquire(tenant))
        self.order[tenant].append(task)
        if all(other != tenant for other, _ in self.waiting):
            self.passed[tenant] = Counter()
        self.waiting.append((tenant, task))
        await self.settle()

    async def settle(self) -> None:
        """See who has got a slot or has given up by now."""
        for _ in range(4):
            await asyncio.sleep(0)
        for tenant, task in [one for one in self.waiting if one[1].done()]:
            self.waiting.remove((tenant, task))
            queue = self.order[tenant]
            if task.cancelled():
                queue.remove(task)
                continue
            assert queue[0] is task, "first come, first served within a tenant"
            queue.pop(0)
            self.holding.append(tenant)
            for other, since in self.passed.items():
                if other != tenant and any(who == other for who, _ in self.waiting):
                    since[tenant] += 1
            self.passed[tenant] = Counter()

    def check(self) -> None:
        """Hold what must be true at any moment."""
        assert len(self.holding) <= self.limit
        if self.waiting:
            assert len(self.holding) == self.limit, "nobody waits while a slot is free"
        for tenant, _ in self.waiting:
            assert max(self.passed[tenant].values(), default=0) <= 1, "round robin"
        assert self.slots.waiting == len(self.waiting)


@given(limit=st.integers(1, 4), steps=STEPS)
async def test_any_coming_and_going_is_fair(limit: int, steps: list[tuple[str, object]]) -> None:
    """While a tenant waits no other is served twice; no slot is lost, also not by giving up."""
    crowd = Crowd(limit)
    for what, who in steps:
        if what == "come":
            await crowd.come(str(who))
        elif what == "go" and crowd.holding:
            crowd.holding.pop(int(str(who)) % len(crowd.holding))
            crowd.slots.release()
        elif what == "give_up" and crowd.waiting:
            crowd.waiting[int(str(who)) % len(crowd.waiting)][1].cancel()
        elif what == "give_up_as_one_goes" and crowd.waiting:
            # the slot may be given to the very caller who is leaving, in either order
            number = int(str(who))
            leaving = crowd.waiting[number % len(crowd.waiting)][1]
            crowd.holding.pop()
            if number % 2:
                leaving.cancel()
            crowd.slots.release()
            leaving.cancel()
        await crowd.settle()
        crowd.check()

    while crowd.holding:
        crowd.holding.pop()
        crowd.slots.release()
        await crowd.settle()
    assert crowd.waiting == []
    await asyncio.gather(*(crowd.slots.acquire("z") for _ in range(limit)))
