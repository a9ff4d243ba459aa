"""The pages about tools: every example is loaded, called, and read as the page says."""

import asyncio
import importlib.util
import re
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from chatcrew.egress import GuardedHttp
from chatcrew.ids import ConversationId
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.messages import Contact, ConversationState, Snapshot
from chatcrew.tenancy import Tenant, load
from chatcrew.tenancy._domains.tool_rules import _ALL, _KEYS, _NEEDED, WOO_NAMES
from chatcrew.tenancy.known import knowledge_version
from chatcrew.testing import FakeApi, FakeN8n, FakeWooCommerce, ManualClock
from chatcrew.tools import Outside, TenantCatalogue, ToolContext, builtin_tools, names
from chatcrew.tools._installed import GROUP, installed

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "tools"
VALID = ROOT / "tests" / "samples" / "tenancy" / "valid"
ORDER = {
    "id": 12345,
    "status": "enviado",
    "customer": {"cpf": "529.982.247-25"},
    "items": [{"name": "Kit Pele Seca", "sku": "K"}, {"name": "Batom Pétala", "sku": "B"}],
}
SETUP = """
create table client (name text, points int, phone text, cpf text);
insert into client values ('Marina', 120, '+5541955550131', '52998224725');
create table product (code text, price numeric);
insert into product values ('KS-1', 209.90)
"""


def blocks(page: str) -> list[tuple[str, str]]:
    """Return the fenced blocks of a page: language and text."""
    text = (PAGES / f"{page}.md").read_text("utf-8")
    return re.findall(r"```(\w+)\n(.*?)\n```", text, flags=re.DOTALL)


def rows(page: Path, name: str) -> list[list[str]]:
    """Return the cells of a table, without its head."""
    text = page.read_text("utf-8").split(f"<!-- table: {name} -->\n\n", 1)[1]
    lines = text.split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def loaded(folder: Path, said: str, url: str, monkeypatch: pytest.MonkeyPatch) -> Tenant:
    """Return a tenant with an example's YAML, whose hosts are the fake server."""
    for name in re.findall(r"env:(\w+)", said):
        monkeypatch.setenv(name, {"WOO_KEY": "ck_test", "WOO_SECRET": "cs_test"}.get(name, "key"))
    document = yaml.safe_load(said)
    for tool in document.get("tools", ()):
        if "url" in tool:
            tool["url"] = re.sub(r"https://[\w.]+", url, tool["url"])
            tool["trusted"] = True
    for database in document.get("databases", {}).values():
        database["own"] = True  # a test's database has chatcrew's tables beside the business's
    own = {"persona": {"name": "Ana", "business": "Acme"}, "functions": ["support"], **document}
    folder.mkdir()
    shutil.copytree(VALID, folder, dirs_exist_ok=True)
    (folder / "config/domains/shop/acme.yaml").write_text(yaml.safe_dump(own), "utf-8")
    (folder / "config/domains/shop/acme.tests.yaml").unlink()
    files = (folder / "chatwoot_mapping.yaml", folder / "config", folder / "crews")
    return load(*files, tools=names()).tenants["shop/acme"]


class _Page:
    """Plays a page: each YAML is loaded, each call made, each answer compared."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, http: GuardedHttp) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch
        self._http = http
        self.secrets: dict[str, bytes] = {}
        self.contact = Contact(phone="+5541955550131")
        self.knowledge = MemoryKnowledge()
        self.tools = builtin_tools()

    async def play(self, page: str, url: str = "", *, tenant: Tenant | None = None) -> int:
        """Return how many calls the page shows."""
        calls, result = 0, None
        for number, (language, text) in enumerate(blocks(page)):
            if language == "yaml":
                tenant = await asyncio.to_thread(
                    loaded, self._folder / str(number), text, url, self._monkeypatch
                )
                version = knowledge_version(tenant)
                await self.knowledge.sync(tenant.key, tenant.faq, version=version)
            elif language == "json":
                assert tenant is not None
                ((name, arguments),) = orjson.loads(text).items()
                result = await self._call(tenant, name, arguments)
                calls += 1
            elif language == "text":
                assert result is not None
                assert result.text == text
                result = None
        return calls

    async def _call(self, tenant: Tenant, name: str, arguments: dict[str, Any]) -> Any:
        async def secret(one: Any) -> bytes:
            known = {"env:WOO_KEY": b"ck_test", "env:WOO_SECRET": b"cs_test", **self.secrets}
            return known.get(one.reference, b"key")

        outside = Outside(self._http, secret=secret)
        conversation = ConversationId("acme", "acme-bot", 7)
        context = ToolContext(
            tenant=tenant,
            conversation=conversation,
            knowledge=self.knowledge,
            clock=ManualClock(),
            budget=20.0,
            state=ConversationState(
                conversation, snapshot=Snapshot(channel="Channel::Whatsapp", contact=self.contact)
            ),
        )
        catalogue = TenantCatalogue(self.tools, outside=outside).of(tenant)
        return await catalogue.call(name, orjson.dumps(arguments).decode(), context)


@pytest.fixture
async def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[_Page]:
    """Make what plays pages."""
    async with GuardedHttp() as http:
        yield _Page(tmp_path, monkeypatch, http)


async def test_http(play: _Page) -> None:
    """Reading, picking, acting."""
    async with FakeApi() as api:
        api.answer("GET", "/orders/12345", ORDER)
        api.answer("POST", "/tickets", {"ticket": "T-77"})
        assert await play.play("http", api.url) == 3
        assert api.requests[-1].json == {
            "order": 12345,
            "reason": "defeito",
            "phone": "+5541955550131",
        }


async def test_n8n(play: _Page) -> None:
    """A workflow gets the arguments under the header's key."""
    async with FakeN8n(key="key") as n8n:
        n8n.workflow("estoque", {"loja": "Batel", "tem": True})
        assert await play.play("n8n", n8n.url) == 1
        assert n8n.called == {"estoque": [{"product": "batom pétala"}]}


async def test_woocommerce(play: _Page) -> None:
    """The owner's order, another's, stock."""
    play.contact = Contact()
    async with FakeWooCommerce() as shop:
        shop.add_order(12345)
        shop.add_product("Batom Pétala", stock_quantity=7)
        assert await play.play("woocommerce", shop.url) == 3


async def test_sql(play: _Page, database_url: str) -> None:
    """The customer's own row, and a price."""
    import asyncpg  # noqa: PLC0415 - only this test fills a database that is not ours

    address = database_url.replace("+asyncpg", "")
    connection = await asyncpg.connect(address)
    await connection.execute(SETUP)
    await connection.close()
    play.secrets["env:ERP_DSN"] = address.encode()
    assert await play.play("sql") == 2


async def test_knowledge(play: _Page) -> None:
    """What the business wrote is found."""
    assert await play.play("knowledge") == 1


async def test_third_party(play: _Page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The package of the page is loaded by its entry point and called."""
    found = dict(blocks("third-party"))
    name, value = re.findall(r'(\w+) = "([\w:]+)"', found["toml"])[0]
    place = tmp_path / "cep_for_chatcrew.py"
    place.write_text(found["python"], "utf-8")
    spec = importlib.util.spec_from_file_location(place.stem, place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, place.stem, module)
    spec.loader.exec_module(module)
    play.tools = installed(builtin_tools, [EntryPoint(name, value, GROUP)])
    tenant = await asyncio.to_thread(loaded, tmp_path / "own", "hours: sempre", "", monkeypatch)
    assert await play.play("third-party", tenant=tenant) == 1


def test_every_page_of_a_family_is_played_here() -> None:
    """A page nobody plays may say anything; one of another part has its own test."""
    index = [page.read_text("utf-8") for page in (PAGES.parent.glob("tools*.md"))]
    for page in ("http", "n8n", "woocommerce", "sql", "knowledge", "third-party"):
        assert (PAGES / f"{page}.md").is_file()
        assert all(f"tools/{page}.md" in text for text in index)


@pytest.mark.parametrize("page", ["tools.md", "tools.pt-BR.md"])
def test_which_key_goes_with_which_use_is_what_check_holds(page: str) -> None:
    """The table is the program's."""
    listed: Callable[[str], set[str]] = lambda cell: set(re.findall(r"`(\w+)`", cell))  # noqa: E731 - short
    for use, needed, possible in rows(ROOT / "docs" / page, "keys"):
        name = use.strip("`")
        assert listed(needed) == set(_NEEDED[name])
        assert listed(possible) == _KEYS[name] - _ALL - set(_NEEDED[name]), name


def test_the_shops_tools_are_listed() -> None:
    """All four."""
    assert [row[0].strip("`") for row in rows(PAGES / "woocommerce.md", "woo")] == list(WOO_NAMES)


async def test_failures_read_as_the_page_says(
    play: _Page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Status by status."""
    said = blocks("http")[0][1]
    async with FakeApi() as api:
        tenant = await asyncio.to_thread(loaded, tmp_path / "own", said, api.url, monkeypatch)
        for statuses, words in rows(PAGES / "http.md", "failures"):
            for status in statuses.split(","):
                api.status = int(status)
                result = await play._call(tenant, "order_status", {"id": 1})
                assert words in result.text, status
                assert not result.ok
