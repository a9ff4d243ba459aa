"""The tab's addresses over stores in memory: what a page is told where the server has no room."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from chatcrew.ids import ConversationId
from chatcrew.pairing import MemoryPairings
from chatcrew.telemetry import Metrics
from chatcrew.tenancy.model import Bot, Configuration, Secret
from chatcrew.testing import ManualClock
from chatcrew.web.errors import one_error_shape
from chatcrew.web.tab import Access, Found, Panel, Tab, load

TOKEN = "tab-token-0123456789abcdef0123456789"
TENANT = "health/varizemed"
HERE = ConversationId("acme", "acme-bot", 7)

Opens = Callable[..., Awaitable[TestClient]]


@dataclass(frozen=True)
class Files:
    """Satisfies ``Configurations`` and ``SecretReader``."""

    current: Configuration

    async def read(self, secret: Secret) -> bytes:
        """Return what stands behind the colon."""
        return secret.reference.partition(":")[2].encode()


class OneTalk:
    """Satisfies ``Sight`` with one conversation that never changes."""

    async def find(self, account: str, number: int) -> Found | None:
        """Know the one."""
        return Found(HERE, TENANT) if (account, number) == (HERE.account, HERE.number) else None

    async def panel(self, found: Found, *, user_id: int) -> Panel | None:
        """Show nothing."""
        return None

    async def mark(self, found: Found) -> str:
        """Stay the same."""
        return "same"


class NoOrders:
    """Satisfies ``Orders``; nobody presses anything here."""

    async def give(
        self, conversation: ConversationId, *, command: str, by: str, user_id: int
    ) -> bool:
        """Know no conversation."""
        return False


@pytest.fixture
async def client(aiohttp_client: Opens) -> TestClient:
    """Give the browser of a paired operator before a server with room for one stream."""
    clock = ManualClock()
    bot = Bot(
        "acme-bot",
        "acme",
        7,
        "https://desk.example",
        12,
        Secret("env:BOT"),
        tab_token=Secret(f"env:{TOKEN}"),
    )
    known = Configuration("v", {"acme-bot": bot}, {}, None, {}, {})
    files = Files(known)
    pairings = MemoryPairings(clock)
    access = Access(files, secrets=files, pairings=pairings, sight=OneTalk(), clock=clock)
    tab = Tab(
        access,
        pairings=pairings,
        sight=OneTalk(),
        orders=NoOrders(),
        pages=await asyncio.to_thread(load),
        metrics=Metrics(),
        most_streams=1,
    )
    begun = await pairings.begin("acme", HERE.number)
    await pairings.redeem(
        begun.code, HERE, tenant=TENANT, user_id=12, user_name="Patrícia", order="n"
    )
    app = web.Application(middlewares=[one_error_shape])
    tab.add_to(app)
    return await aiohttp_client(app, headers={"Authorization": f"Bearer {begun.secret}"})


async def test_a_page_that_finds_no_room_is_told_so_and_not_that_its_session_ended(
    client: TestClient,
) -> None:
    """Else it would show the panel and ask again at once, and again, without a rest (S2-08)."""
    events = f"/tab/{TOKEN}/conversations/7/events"
    async with client.get(events) as first:
        assert (first.status, first.content_type) == (200, "text/event-stream")
        second = await client.get(events)
        assert second.status == 429
        assert (await second.json())["error"]["kind"] == "too_many_streams"
    stranger = await client.get(events, headers={"Authorization": ""})
    assert (stranger.status, await stranger.read()) == (204, b"")
