"""The catalogue of a tenant: loops, floods, dead systems and kept answers."""

import asyncio
from dataclasses import replace
from typing import Any

from chatcrew.messages import Contact
from chatcrew.testing import FakeApi
from chatcrew.tools import Outside, TenantCatalogue
from chatcrew.tools._bounds import MOST_CALLS


class _Kept:
    """A cache that forgets nothing."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    async def get(self, key: str) -> Any:
        return self.values.get(key)

    async def set(self, key: str, value: Any, *, ttl: float) -> None:
        assert ttl == 60
        self.values[key] = value


async def test_the_same_call_is_answered_once(caller: Any, tool: Any) -> None:
    """A model that loops reads the answer it had, and that it had it."""
    async with FakeApi() as api:
        api.answer("GET", "/t", {"ok": 1})
        caller.begin(tool(f"{api.url}/t", {"a": "integer", "b": "integer"}))
        first = await caller.call("thing", a=1, b=2)
        again = await caller.call("thing", b=2, a=1)
        assert len(api.requests) == 1
    assert again.ok
    assert again.text.startswith("Você já fez")
    assert again.text.endswith(first.text)


async def test_a_turn_calls_no_tool_without_end(caller: Any, tool: Any) -> None:
    """Per tool, and all tools together."""
    async with FakeApi() as api:
        api.answer("GET", "/t", {"ok": 1})
        entries = [tool(f"{api.url}/t", {"n": "integer"}, name=f"t{i}", limit=5) for i in range(4)]
        caller.begin(*entries)
        found = [await caller.call("t0", n=n) for n in range(6)]
        assert [one.ok for one in found] == [True] * 5 + [False]
        for i in range(1, 4):
            for n in range(5):
                await caller.call(f"t{i}", n=n)
        assert len(api.requests) == MOST_CALLS


async def test_a_tool_that_fails_three_times_brings_people(caller: Any, tool: Any) -> None:
    """S3-103: more than two failures."""
    async with FakeApi() as api:
        api.status = 503
        context = caller.begin(tool(f"{api.url}/t"))
        for _ in range(2):
            await caller.call("thing")
        assert context.handoff is None
        last = await caller.call("thing")
    assert context.handoff is not None
    assert context.handoff.reason == "tool_failed"
    assert "Uma pessoa da equipe vai continuar" in last.text


async def test_a_dead_system_is_left_alone_for_a_while(caller: Any, tool: Any) -> None:
    """After five failures in a row no turn waits for it; later one call tries again."""
    async with FakeApi() as api:
        api.status = 503
        entry = tool(f"{api.url}/t", {"n": "integer"})
        for n in range(5):
            caller.begin(entry)
            await caller.call("thing", n=n)
        caller.begin(entry)
        resting = await caller.call("thing", n=9)
        assert len(api.requests) == 5
        assert "falhando" in resting.text

        api.status = None
        api.answer("GET", "/t", {"ok": 1})
        await caller.clock.advance(21)
        caller.begin(entry)
        assert (await caller.call("thing", n=9)).ok


async def test_calls_side_by_side_are_bounded(caller: Any, tool: Any) -> None:
    """Four of one turn at a time; the fifth waits its turn."""
    async with FakeApi() as api:
        api.hang = True
        entries = [tool(f"{api.url}/t", name=f"t{i}", timeout=0.3) for i in range(5)]
        caller.begin(*entries)
        running = [asyncio.create_task(caller.call(f"t{i}")) for i in range(5)]
        while len(api.requests) < 4:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)
        assert len(api.requests) == 4
        results = await asyncio.gather(*running)
    assert not any(one.ok for one in results)


async def test_a_kept_answer_is_its_tenants_and_its_customers(caller: Any, tool: Any) -> None:
    """The key holds the tenant, the tool as it is now and everything that was asked for."""
    kept = _Kept()
    outside = Outside(caller.outside.http, secret=caller.outside.secret, kept=kept)
    caller.catalogue = TenantCatalogue(outside=outside)
    async with FakeApi() as api:
        api.answer("GET", "/t", {"ok": 1})
        entry = tool(f"{api.url}/t", query={"phone": "{contact.phone}"}, cache=60)
        for contact, key, one, asked in (
            (Contact(phone="+551"), "shop/a", entry, 1),
            (Contact(phone="+551"), "shop/a", entry, 1),
            (Contact(phone="+552"), "shop/a", entry, 2),
            (Contact(phone="+551"), "shop/b", entry, 3),
            (Contact(phone="+551"), "shop/a", replace(entry, pick=("ok",)), 4),
        ):
            caller.contact = contact
            caller.begin(one, key=key)
            assert (await caller.call("thing")).ok
            assert len(api.requests) == asked


async def test_what_acts_is_never_answered_from_the_cache(caller: Any, tool: Any) -> None:
    """Nor is what failed."""
    kept = _Kept()
    caller.catalogue = TenantCatalogue(
        outside=Outside(caller.outside.http, secret=caller.outside.secret, kept=kept)
    )
    async with FakeApi() as api:
        api.answer("POST", "/t", {"ok": 1})
        caller.begin(tool(f"{api.url}/t", method="POST", acts=True, cache=60))
        await caller.call("thing")
        caller.begin(tool(f"{api.url}/none", cache=60))
        await caller.call("thing")
    assert kept.values == {}


async def test_a_catalogue_stays_until_its_tools_change(caller: Any, tool: Any) -> None:
    """Tenants without tools share one; the others keep theirs over reloads that change nothing."""
    entry = tool("http://127.0.0.1:1/t")
    one = caller.begin(entry).tenant
    same = caller.begin(replace(entry)).tenant
    other = caller.begin(replace(entry, limit=1)).tenant
    bare = caller.begin().tenant
    catalogue = caller.catalogue
    first = catalogue.of(one)
    assert catalogue.of(same) is first
    assert catalogue.of(other) is not first
    assert catalogue.of(bare) is catalogue


async def test_where_nothing_outside_is_reached_tools_say_so(caller: Any, tool: Any) -> None:
    """Conversation tests and examples call nobody, whatever the YAML names."""
    caller.catalogue = TenantCatalogue()
    async with FakeApi() as api:
        caller.begin(tool(f"{api.url}/t", method="POST", acts=True))
        result = await caller.call("thing")
        assert (result.ok, api.requests) == (False, [])
