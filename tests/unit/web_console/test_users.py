"""The page of who may enter, and the stream of what happens (S2-20, S2-21)."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from chatcrew.accounts import QUICK, Accounts, MemoryAccounts, Passwords, Role, form_token
from chatcrew.audit import MemoryAudit
from chatcrew.ids import ConversationId
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.web.console import Console, Ended, LivePage, Tenants, UsersPage, load

Opens = Callable[..., Awaitable[TestClient]]
RIGHT = "um segredo bem longo"
CLINIC = "health/varizemed"


@dataclass
class Turns:
    """Satisfies ``Now`` with turns that a test adds."""

    clock: ManualClock
    ended: list[Ended] = field(default_factory=list)

    def add(self, turn: str, tenant: str) -> None:
        """End a turn now."""
        talk = ConversationId("acme", "acme-bot", 7)
        self.ended.append(Ended(turn, talk, tenant, self.clock.now(), "replied", "crew"))

    async def newest(self, tenants: Tenants, *, limit: int) -> Sequence[Ended]:
        """Return the newest first."""
        return [one for one in reversed(self.ended) if tenants is None or one.tenant in tenants]

    async def since(self, tenants: Tenants, *, after: datetime, limit: int) -> Sequence[Ended]:
        """Return what ended after."""
        return [one for one in (await self.newest(tenants, limit=limit))[::-1] if one.at > after]


@dataclass
class House:
    """A console with two pages, and who is signed in."""

    client: TestClient
    accounts: Accounts
    turns: Turns

    async def enter(self, name: str) -> None:
        """Sign somebody in without the form."""
        found = await self.accounts.enter(name, RIGHT, address="test")
        self.client.session.cookie_jar.update_cookies({"chatcrew_console": found.secret})
        self.token = form_token(found.secret)

    async def press(self, act: str, **fields: str) -> str:
        """Press a button of the page; return what is said."""
        data = {"token": self.token, **fields}
        path = f"/console/users/{act}"
        found = await self.client.post(path, data=data, allow_redirects=False)
        said = re.search(r"said=([a-z._]+)", found.headers.get("Location", ""))
        return said.group(1) if said else str(found.status)


@pytest.fixture
async def house(aiohttp_client: Opens) -> House:
    """Give a console with two owners and a viewer of one tenant."""
    clock = ManualClock()
    accounts, turns = Accounts(MemoryAccounts(clock), Passwords(QUICK)), Turns(clock)
    for name, role, tenants in (
        ("ana", Role.OWNER, None),
        ("bia", Role.OWNER, None),
        ("carla", Role.VIEWER, [CLINIC]),
    ):
        await accounts.add(name, RIGHT, role=role, tenants=tenants)
    live = LivePage(turns, every=0.02, most_streams=1)
    pages = [live.page(), UsersPage(accounts).page()]
    console = Console(
        accounts,
        pages=pages,
        businesses=list,
        files=await asyncio.to_thread(load, pages),
        audit=MemoryAudit(clock),
        metrics=Metrics(),
        clock=clock,
    )
    app = web.Application()
    console.add_to(app)
    return House(await aiohttp_client(app), accounts, turns)


async def test_an_owner_decides_who_enters_and_never_locks_everybody_out(house: House) -> None:
    """Others are made, changed and deleted; nobody does that to himself, so one owner stays."""
    await house.enter("ana")
    page = await (await house.client.get("/console/users")).text()
    assert "carla" in page
    fields = {"name": "dora", "password": RIGHT, "role": "admin", "tenant": CLINIC}
    assert await house.press("add", **fields) == "user.added"
    assert await house.press("add", **fields) == "user.taken"
    assert await house.press("add", **{**fields, "password": "curta"}) == "user.bad_password"
    assert await house.press("add", **{**fields, "role": "boss"}) == "404"
    assert await house.press("change", name="dora", role="viewer", tenant="*") == "user.changed"
    found = {one.name: one for one in await house.accounts.users()}["dora"]
    assert (found.role, found.tenants) == (Role.VIEWER, None)
    for act in ("change", "remove"):
        assert await house.press(act, name="ana", role="viewer", tenant="*") == "user.self"
    assert await house.press("remove", name="bia") == "user.removed"
    assert await house.press("remove", name="bia") == "user.gone"


async def test_who_is_no_owner_neither_sees_nor_changes_accounts(house: House) -> None:
    """Whatever form he sends."""
    await house.enter("carla")
    assert (await house.client.get("/console/users")).status == 403
    assert await house.press("change", name="carla", role="owner", tenant="*") == "403"
    assert [one.role for one in await house.accounts.users()] == ["owner", "owner", "viewer"]


async def test_a_stream_tells_each_turn_once_and_only_those_of_ones_own(house: House) -> None:
    """A turn that becomes visible late, after a later one, is told all the same (S2-21)."""
    await house.enter("carla")
    house.turns.add("before", CLINIC)
    async with house.client.get("/console/live/events") as stream:
        assert (stream.status, stream.content_type) == (200, "text/event-stream")
        assert "frame-ancestors 'none'" in stream.headers["Content-Security-Policy"]
        assert await stream.content.readuntil(b"\r\n\r\n")
        house.turns.add("theirs", "cosmetics/bella")
        house.turns.add("mine", CLINIC)
        first = await _items(stream)
        late = Ended(
            "late",
            ConversationId("acme", "acme-bot", 8),
            CLINIC,
            house.turns.clock.now() - timedelta(seconds=3),
            "replied",
            "crew",
        )
        house.turns.ended.insert(0, late)
        assert first == ["mine"]
        assert await _items(stream) == ["late"]
        assert (await house.client.get("/console/live/events")).status == 429
        assert (await house.client.get("/console/live/other")).status == 404


async def test_who_may_no_longer_watch_is_told_nothing_more(house: House) -> None:
    """Also a stream that is open already ends with the rights it was opened with (S2-20)."""
    await house.enter("carla")
    async with house.client.get("/console/live/events") as stream:
        assert await stream.content.readuntil(b"\r\n\r\n")
        await house.accounts.revoke("carla")
        async with asyncio.timeout(10):
            rest = await stream.content.read()
    assert b"turn-" not in rest


async def _items(stream: object) -> list[str]:
    """Return the turns of the next message."""
    text = (await stream.content.readuntil(b"\r\n\r\n")).decode()  # type: ignore[attr-defined]  # a response
    return re.findall(r'id="turn-(\w+)"', text)
