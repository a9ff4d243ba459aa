"""``chatcrew demo --scripted``: all that docs/examples.md says of it, as anybody repeats it."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

from chatcrew.testing.commands import command, said_until
from chatcrew.testing.processes import free_port

ROOT = Path(__file__).parents[3]
FILES = {"the sample voice note": "voice", "the sample photo": "photo"}
BELLA = "Bella Flor Cosméticos"


class Desk:
    """The sandbox's page as its JSON."""

    def __init__(self, page: aiohttp.ClientSession) -> None:
        self.page = page

    async def state(self) -> dict[str, Any]:
        """Return everything that it shows."""
        async with self.page.get("api/state") as answer:
            return dict(await answer.json())

    async def post(self, path: str, body: dict[str, Any]) -> None:
        """Do what a button does."""
        async with self.page.post(path, json=body) as answer:
            assert answer.status < 300, await answer.text()

    async def customer(self, *, new: bool) -> int:
        """Return the first customer, or a new one."""
        if not new:
            return int((await self.state())["customers"][0]["id"])
        async with self.page.post("api/customers") as answer:
            return int((await answer.json())["id"])

    async def inbox(self, business: str) -> int:
        """Return the first inbox of a business."""
        inboxes = (await self.state())["inboxes"]
        return next(int(one["id"]) for one in inboxes if one["business"] == business)

    async def until(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait for a conversation that fits."""
        async with asyncio.timeout(40):
            while True:
                talks = (await self.state())["conversations"]
                if found := [talk for talk in talks if fits(talk)]:
                    return dict(found[0])
                await asyncio.sleep(0.1)

    async def asks(self, customer: int, inbox: int, what: str) -> dict[str, Any]:
        """Let a customer send something; return the conversation with one reply more."""
        own = [one for one in (await self.state())["conversations"] if is_of(one, customer, inbox)]
        before = len(replies(own[0])) if own else 0
        body = {"file": FILES[what]} if what in FILES else {"text": what}
        await self.post(f"api/customers/{customer}/messages", {**body, "inbox": inbox})
        return await self.until(
            lambda talk: is_of(talk, customer, inbox) and len(replies(talk)) > before
        )


def is_of(talk: dict[str, Any], customer: int, inbox: int) -> bool:
    """Return whether a conversation is this customer's, in this inbox."""
    return talk["customer"]["id"] == customer and talk["inbox"] == inbox


def replies(talk: dict[str, Any]) -> list[str]:
    """Return what the customer read of the bot."""
    return [one["text"] for one in talk["messages"] if one["kind"] == "bot"]


def script() -> list[list[str]]:
    """Return the rows of the page's table."""
    text = (ROOT / "docs/examples.md").read_text("utf-8").split("<!-- table: scripted -->\n\n")[1]
    lines = text.split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]


async def started(data_dir: Path) -> tuple[asyncio.subprocess.Process, str]:
    """Start it; another model of the environment is not asked (it does not even exist)."""
    other = {"OPENAI_API_KEY": "sk-none", "CHATCREW_MODEL": "none", "CHATCREW_FAST_MODEL": "none"}
    words = ("demo", "--scripted", "--port", str(free_port()))
    process = await command(ROOT, data_dir, *words, **other)
    return process, (await said_until(process, r"(http://127\.0\.0\.1:\d+/)"))[1]


async def test_what_the_page_promises_of_the_script_is_so(data_dir: Path) -> None:
    """Issue 5's "done when": orders, voice, photo, memory over kill -9, no invented price."""
    own = {"X-Chatcrew-Sandbox": "1"}
    businesses = {"cosmetics/bella": BELLA, "health/varizemed": "Clínica Varizemed"}
    process, url = await started(data_dir)
    async with aiohttp.ClientSession(url, headers=own) as page:
        desk = Desk(page)
        for who, tenant, what, fragment in script():
            inbox = await desk.inbox(businesses[tenant])
            talk = await desk.asks(await desk.customer(new=who == "a new one"), inbox, what)
            assert fragment in replies(talk)[-1], (what, replies(talk))

        told = str([m["sources"] for m in talk_messages(await desk.state())])
        assert "bella/knowledge/politica-de-trocas.html:26" in told
        waiting = (await desk.state())["conversations"]
        assert "777" not in str([replies(one) for one in waiting])
        asked = next(one for one in waiting if any("/bot aprovar" in n for n in notes(one)))
        number = notes(asked)[0].partition("Pedido ")[2].partition(":")[0]
        order = {"text": f"/bot aprovar {number}", "private": True}
        await desk.post(f"api/conversations/{asked['id']}/messages", order)
        await desk.until(lambda one: any("TR-00001" in said for said in replies(one)))

    process.kill()
    await process.wait()
    process, url = await started(data_dir)
    async with aiohttp.ClientSession(url, headers=own) as page:
        desk = Desk(page)
        inbox, what = await desk.inbox(BELLA), "lembra meu nome?"
        known = await desk.asks(await desk.customer(new=False), inbox, what)
        other = await desk.asks(await desk.customer(new=True), inbox, what)
        seen = await desk.asks(await desk.customer(new=True), inbox, "the sample photo")
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.communicate(), 40)

    assert "Marina Prado" in replies(known)[-1]
    assert "Ainda não sei" in replies(other)[-1]
    assert "pôr do sol" in replies(seen)[-1], "not what an earlier run read under the same id"


def talk_messages(state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all messages that the page shows."""
    return [one for talk in state["conversations"] for one in talk["messages"]]


def notes(talk: dict[str, Any]) -> list[str]:
    """Return the private notes of the bot."""
    return [one["text"] for one in talk["messages"] if one["kind"] == "note"]
