"""Files of the pages that show the whole house: quarantine and accounts (S2-20, S2-22)."""

import asyncio
import csv
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from chatcrew.accounts import QUICK, Accounts, MemoryAccounts, Passwords, Role
from chatcrew.analytics import csv_text
from chatcrew.audit import MemoryAudit
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.web.console import Console, QuarantinePage, UsersPage, load
from chatcrew.web.console._ports import Held
from chatcrew.web.errors import one_error_shape

Opens = Callable[..., Awaitable[TestClient]]
RIGHT = "um segredo bem longo"
CLINIC, SHOP = "health/varizemed", "cosmetics/bella"
CAME = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)
HELD = [
    Held(number, "=HYPERLINK(1)" if number == 7 else "bot", "unreadable", CAME, number)
    for number in range(1, 131)
]


class Kept:
    """Satisfies ``web.console.Quarantine`` with more deliveries than the page shows."""

    async def held(self, *, limit: int):
        """See ``Quarantine.held``."""
        return HELD[:limit]

    async def body(self, number: int):
        """See ``Quarantine.body``."""

    async def discard(self, number: int) -> bool:
        """See ``Quarantine.discard``."""
        return False


@dataclass
class House:
    """A console with both pages."""

    client: TestClient
    accounts: Accounts
    audit: MemoryAudit = field(repr=False)

    async def enter(self, name: str) -> None:
        """Sign somebody in without the form."""
        found = await self.accounts.enter(name, RIGHT, address="test")
        self.client.session.cookie_jar.update_cookies({"chatcrew_console": found.secret})

    async def rows(self, path: str) -> list[dict[str, str]]:
        """Return the rows of a file as a spreadsheet reads it."""
        answer = await self.client.get(f"/console/{path}")
        assert answer.status == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        return list(csv.DictReader((await answer.text()).splitlines()))

    async def deeds(self) -> list[tuple[str, str]]:
        """Return who did what."""
        return [(one.actor, one.action) for one in await self.audit.entries()]


@pytest.fixture
async def house(aiohttp_client: Opens) -> House:
    """Give a console with an owner, an admin of one business and one of all."""
    clock = ManualClock()
    accounts, audit = Accounts(MemoryAccounts(clock), Passwords(QUICK)), MemoryAudit(clock)
    await accounts.add("ana", RIGHT, role=Role.OWNER)
    await accounts.add("bia", RIGHT, role=Role.ADMIN)
    await accounts.add("caio", RIGHT, role=Role.ADMIN, tenants=[SHOP, CLINIC])
    pages = [QuarantinePage(Kept()).page(), UsersPage(accounts).page()]
    console = Console(
        accounts,
        pages=pages,
        businesses=list,
        files=await asyncio.to_thread(load, pages),
        audit=audit,
        metrics=Metrics(),
        clock=clock,
    )
    app = web.Application(middlewares=[one_error_shape])
    console.add_to(app)
    return House(await aiohttp_client(app), accounts, audit)


async def test_the_quarantine_is_a_file_with_every_delivery_and_no_formula(house: House) -> None:
    """The page shows the first hundred; a bot's label is text to every spreadsheet."""
    await house.enter("bia")
    page = await (await house.client.get("/console/quarantine")).text()
    assert page.count('class="lead"') == 100
    assert "/console/quarantine/deliveries.csv" in page

    found = await house.rows("quarantine/deliveries.csv")

    assert len(found) == len(HELD)
    assert found[6]["bot"] == "'=HYPERLINK(1)"
    assert csv_text(found[6]["bot"]) == HELD[6].bot
    assert found[0] == {
        "id": "1",
        "bot": "bot",
        "reason": "unreadable",
        "at": CAME.isoformat(),
        "size": "1",
    }
    rows = await (await house.client.get("/console/quarantine/deliveries.json")).json()
    assert rows[6]["bot"] == "=HYPERLINK(1)"
    assert await house.deeds() == [("console:bia", "quarantine.exported")] * 2


async def test_the_accounts_are_a_file_for_owners(house: House) -> None:
    """Whom they may see stands in it as keys; no password and no hash does."""
    await house.enter("ana")
    assert "accounts.json" in await (await house.client.get("/console/users")).text()

    found = await house.rows("users/accounts.csv")

    seen = {one["name"]: (one["role"], one["tenants"], one["sessions"]) for one in found}
    assert seen == {
        "ana": ("owner", "*", "1"),
        "bia": ("admin", "*", "0"),
        "caio": ("admin", f"{SHOP} {CLINIC}", "0"),
    }
    assert list(found[0]) == ["name", "role", "tenants", "made_at", "seen_at", "sessions"]
    assert await house.deeds() == [("console:ana", "users.exported")]


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("bia", "users/accounts.csv", 403),
        ("caio", "users/accounts.json", 403),
        ("caio", "quarantine/deliveries.csv", 403),
        ("ana", "quarantine/deliveries.xls", 404),
        ("ana", "quarantine/others.csv", 404),
        ("ana", "users/passwords.csv", 404),
    ],
)
async def test_who_may_not_see_a_page_gets_no_file_of_it(
    house: House, name: str, path: str, status: int
) -> None:
    """Nor is there any other file; nothing of that is on record as fetched."""
    await house.enter(name)
    assert (await house.client.get(f"/console/{path}")).status == status
    assert await house.deeds() == []


async def test_who_is_not_signed_in_is_led_to_the_door(house: House) -> None:
    """As on every page."""
    answer = await house.client.get("/console/users/accounts.csv", allow_redirects=False)
    assert answer.status == 303
