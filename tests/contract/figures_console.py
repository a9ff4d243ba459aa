"""A console of figures over PostgreSQL with an owner signed in, for tests and their browsers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from tests.contract.analytics_rows import NOW

from chatcrew.accounts import QUICK, Accounts, MemoryAccounts, Passwords, Role, form_token
from chatcrew.analytics import Figures, PostgresFigures
from chatcrew.audit import Deed
from chatcrew.conversations import PostgresHistory
from chatcrew.database import Database
from chatcrew.debts import PostgresDebts
from chatcrew.messages import Rung
from chatcrew.telemetry import Metrics
from chatcrew.tenancy.model import Exchange
from chatcrew.testing import ManualClock
from chatcrew.web.console import Business, Console, Page, load
from chatcrew.web.errors import one_error_shape
from chatcrew.why import Account, Cite, IntentTold, Standing, Why

RIGHT = "um segredo bem longo"
RATE = Exchange(date(2026, 11, 20), 5.4)
SHOP, OTHER = "shop/acme", "shop/other"
Pages = Callable[[Figures], Sequence[Page]]


class ToldWhy:
    """Satisfies ``Why``: one turn of each conversation, as a clinic's bot would have had it."""

    async def turns(self, conversation, *, tenant, limit=5):
        """See ``Why.turns``."""
        return (
            Account(
                "t000001",
                str(conversation),
                NOW - timedelta(minutes=9),
                NOW - timedelta(minutes=8),
                SHOP,
                "decided",
                outcome="handed_off",
                reason="customer_asked",
                engine="compiled",
                function="support",
                intent=IntentTold("wants_person", "inside", "quero falar com alguém"),
                cites=(Cite("intent", "wants_person", ("config/domains/shop/acme.yaml:12",)),),
                rungs=(Rung("crew", "answered", 812.0),),
                stages={"admit": 3.0, "branch": 12.0, "answer": 812.0, "deliver": 140.0},
                waited_ms=1210,
            ),
        )

    async def turn(self, conversation, turn, *, tenant):
        """See ``Why.turn``."""
        return

    async def standing(self, conversation, *, tenant):
        """See ``Why.standing``."""
        if conversation.number > 1000:
            return None
        return Standing(
            str(conversation), SHOP, "whatsapp", "open", "person", "Patrícia", "status_open"
        )


@dataclass
class Book:
    """Satisfies ``Audit``."""

    deeds: list[Deed] = field(default_factory=list)

    async def note(self, deed: Deed) -> None:
        """Keep it."""
        self.deeds.append(deed)


@dataclass
class FiguresConsole:
    """A console that runs, and a client that is signed in.

    Attributes:
        cookie: of the session, for a browser.
    """

    client: TestClient
    figures: PostgresFigures
    book: Book
    cookie: str

    @property
    def url(self) -> str:
        """Where it is."""
        return str(self.client.make_url("/console/")).rstrip("/")

    async def text(self, path: str, *, status: int = 200) -> str:
        """Return what stands at an address."""
        found = await self.client.get(f"/console/{path}", allow_redirects=False)
        assert found.status == status, (path, found.status, await found.text())
        return await found.text()


def figures_over(database: Database, why: Why | None = None) -> PostgresFigures:
    """Return figures at the time of all tests."""
    clock = ManualClock(NOW)
    return PostgresFigures(
        database,
        clock,
        history=PostgresHistory(database),
        why=why or ToldWhy(),
        debts=PostgresDebts(database, clock),
    )


@contextlib.asynccontextmanager
async def figures_console(
    database: Database,
    pages: Pages,
    *,
    zone: str = "UTC",
    role: Role = Role.OWNER,
    tenants: Sequence[str] | None = None,
    why: Why | None = None,
    known: Sequence[Business] = (),
) -> AsyncIterator[FiguresConsole]:
    """Run a console of two shops, or of other businesses, with one person signed in."""
    figures, book = figures_over(database, why), Book()
    clock = ManualClock(NOW)
    accounts = Accounts(MemoryAccounts(clock), Passwords(QUICK))
    await accounts.add("ana", RIGHT, role=role, tenants=tenants)
    made = pages(figures)
    place = await asyncio.to_thread(ZoneInfo, zone)
    known = known or [Business(SHOP, "Loja Acme", place), Business(OTHER, "Outra Loja", place)]
    console = Console(
        accounts,
        pages=made,
        businesses=lambda: known,
        files=await asyncio.to_thread(load, made),
        audit=book,
        metrics=Metrics(),
        clock=clock,
    )
    app = web.Application(middlewares=[one_error_shape])
    console.add_to(app)
    async with TestClient(TestServer(app), cookie_jar=CookieJar(unsafe=True)) as client:
        await client.get("/console/login")
        door = {one.key: one.value for one in client.session.cookie_jar}["chatcrew_door"]
        data = {"name": "ana", "password": RIGHT, "token": form_token(door)}
        found = await client.post("/console/login", data=data, allow_redirects=False)
        assert found.status == 303, await found.text()
        jar = {one.key: one.value for one in client.session.cookie_jar}
        yield FiguresConsole(client, figures, book, jar["chatcrew_console"])
