"""``chatcrew tools``: an admin sees what roles may call, and tries one."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from chatcrew.cli._setup_commands import setup
from chatcrew.testing import FakeWooCommerce

ROOT = Path(__file__).parents[2]
RUN = CliRunner()


@pytest.fixture
def shop() -> Iterator[FakeWooCommerce]:
    """Serve a shop beside the command, which has a loop of its own."""
    woo, ready, end = FakeWooCommerce(), threading.Event(), threading.Event()

    async def serve() -> None:
        async with woo:
            woo.add_order(12345, billing={"phone": "(41) 95555-0131"})
            ready.set()
            await asyncio.to_thread(end.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    yield woo
    end.set()
    thread.join()


@pytest.fixture
def files(tmp_path: Path, shop: FakeWooCommerce, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the shipped files, with the shop connected to Bella and one tool that acts."""
    for folder in ("config", "crews"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "chatwoot_mapping.yaml", tmp_path)
    place = tmp_path / "config/domains/cosmetics/bella.yaml"
    own = f"""
tools:
  - {{use: woocommerce, url: "{shop.url}", consumer_key: env:K, consumer_secret: env:S,
     trusted: true}}
  - {{name: notify, use: n8n, description: Avisa., url: "{shop.url}/webhook/x", trusted: true}}
"""
    place.write_text(place.read_text("utf-8") + own, "utf-8")
    monkeypatch.setenv("K", "ck_test")
    monkeypatch.setenv("S", "cs_test")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*arguments: str, **options: str) -> Result:
    return RUN.invoke(setup, ["tools", *arguments], **options)


def test_tools_are_listed_with_roles_and_place(files: Path) -> None:
    """Own ones first, with what they do; then those that come with chatcrew."""
    found = _run("cosmetics/bella")
    assert found.exit_code == 0
    assert "- woo_order (woocommerce, só lê, papéis:" in found.output
    assert "- notify (n8n, age, no máximo uma vez, papéis:" in found.output
    assert "config/domains/cosmetics/bella.yaml:" in found.output
    assert found.output.index("woo_order") < found.output.index("search_knowledge")

    body = orjson.loads(_run("cosmetics/bella", "--json").output)
    assert {one["name"]: one["use"] for one in body["tools"]}["handoff"] == "chatcrew"


def test_a_call_is_tried_for_a_contact(files: Path) -> None:
    """As a role would call it: the owner reads the order, others are asked for proof."""
    order = ("--try", "woo_order", "--arguments", '{"id": 12345}')
    own = _run("cosmetics/bella", *order, "--phone", "+5541955550131")
    assert (own.exit_code, "Pedido 12345" in own.output) == (0, True)
    other = _run("cosmetics/bella", *order)
    assert (other.exit_code, "Por privacidade" in other.output) == (1, True)


def test_what_the_admin_says_of_a_customer_is_vouched_for(files: Path) -> None:
    """Else the tools that ask for a proven number could never be tried."""
    found = _run("cosmetics/bella", "--try", "woo_orders_of_customer", "--phone", "+5541955550131")
    assert (found.exit_code, "Pedido 12345" in found.output) == (0, True)


def test_what_acts_is_asked_about_first(files: Path, shop: FakeWooCommerce) -> None:
    """An admin who says no has done nothing."""
    before = len(shop.requests)
    found = _run("cosmetics/bella", "--try", "notify", input="n\n")
    assert found.exit_code == 1
    assert len(shop.requests) == before


@pytest.mark.parametrize(
    "arguments", [("cosmetics/nobody",), ("cosmetics/bella", "--try", "search_knowledge")]
)
def test_what_is_not_there_is_said_with_what_is(files: Path, arguments: tuple[str, ...]) -> None:
    """Exit code 2, as everywhere."""
    found = _run(*arguments)
    assert found.exit_code == 2
    assert "há:" in found.output
