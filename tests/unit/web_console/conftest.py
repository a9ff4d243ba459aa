"""A console over stores in memory, with a page that does nothing, for who tests its door."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from chatcrew.accounts import QUICK, Accounts, MemoryAccounts, Passwords, Role, form_token
from chatcrew.audit import Deed
from chatcrew.errors import StoreError
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.web.console import (
    Act,
    Asked,
    Business,
    Console,
    Missing,
    Page,
    Shown,
    download,
    load,
)
from chatcrew.web.errors import one_error_shape

Opens = Callable[..., Awaitable[TestClient]]
ZONE = ZoneInfo("America/Sao_Paulo")
RIGHT = "um segredo bem longo"
CLINIC, SHOP = "health/varizemed", "cosmetics/bella"
WORDS = {
    "things": ("Coisas", "Things"),
    "things.lead": ("Todas.", "All."),
    "said.done": ("Feito.", "Done."),
}


@dataclass
class Things:
    """A page of a test: says whose things are shown, and counts what is done."""

    done: list[str] = field(default_factory=list)
    away: bool = False

    async def show(self, asked: Asked) -> Shown:
        """Show an empty page."""
        if self.away:
            raise StoreError("away")
        return Shown("fault.html", {"fault": "404"})

    async def detail(self, asked: Asked) -> web.StreamResponse:
        """Give a file of the tenants that are shown, or nothing."""
        if asked.rest != "all.csv":
            raise Missing
        await asked.audited("things.viewed", tenant=asked.filters.tenant)
        tenants = asked.filters.tenants
        text = "all" if tenants is None else ",".join(sorted(tenants))
        return download("all things.csv", text.encode(), "text/csv")

    async def do(self, asked: Asked) -> str:
        """Do it."""
        self.done.append(asked.form["what"])
        return "done"

    def pages(self) -> Sequence[Page]:
        """Return a page for all, and one for owners of the whole house."""
        act = Act(self.do)
        return [
            Page(
                "things",
                "figures",
                "chart",
                self.show,
                WORDS,
                detail=self.detail,
                acts={"do": act, "own": Act(self.do, Role.OWNER)},
            ),
            Page(
                "house",
                "house",
                "key",
                self.show,
                {"house": ("a", "b")},
                needs=Role.OWNER,
                everywhere=True,
            ),
        ]


@dataclass
class Book:
    """Satisfies ``Audit``."""

    deeds: list[Deed] = field(default_factory=list)

    async def note(self, deed: Deed) -> None:
        """Keep it."""
        self.deeds.append(deed)


@dataclass
class House:
    """Everything a test touches."""

    client: TestClient
    accounts: Accounts
    things: Things
    book: Book
    clock: ManualClock

    async def get(self, path: str, **headers: str) -> ClientResponse:
        """Ask for a page, following nothing."""
        return await self.client.get(path, headers=headers, allow_redirects=False)

    async def post(self, path: str, data: dict[str, str], **headers: str) -> ClientResponse:
        """Send a form, following nothing."""
        return await self.client.post(path, data=data, headers=headers, allow_redirects=False)

    async def form(self, path: str = "/console/login") -> str:
        """Return the token of the form on a page."""
        text = await (await self.client.get(path)).text()
        found = re.search(r'name="token" value="([0-9a-f]{64})"', text)
        assert found is not None, text
        return found.group(1)

    def own_token(self) -> str:
        """Return the token of the session that the client has."""
        jar = {one.key: one.value for one in self.client.session.cookie_jar}
        return form_token(jar["chatcrew_console"])

    async def enter(
        self, name: str = "ana", password: str = RIGHT, **headers: str
    ) -> ClientResponse:
        """Sign in by the form."""
        data = {"name": name, "password": password, "token": await self.form()}
        return await self.post("/console/login", data, **headers)


@pytest.fixture
async def house(aiohttp_client: Opens) -> House:
    """Give a console with an owner and a viewer of one tenant."""
    clock, things, book = ManualClock(), Things(), Book()
    accounts = Accounts(MemoryAccounts(clock), Passwords(QUICK))
    await accounts.add("ana", RIGHT, role=Role.OWNER)
    await accounts.add("bia", RIGHT, role=Role.VIEWER, tenants=[CLINIC])
    pages = things.pages()
    console = Console(
        accounts,
        pages=pages,
        businesses=lambda: [Business(CLINIC, "Varizemed", ZONE), Business(SHOP, "Bella", ZONE)],
        files=await asyncio.to_thread(load, pages),
        audit=book,
        metrics=Metrics(),
        clock=clock,
        proxies=(ip_network("127.0.0.0/8"),),
    )
    app = web.Application(middlewares=[one_error_shape])
    console.add_to(app)
    return House(await aiohttp_client(app), accounts, things, book, clock)
