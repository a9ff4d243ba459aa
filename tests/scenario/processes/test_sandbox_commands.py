"""``chatcrew demo`` and ``chatcrew chat`` as a first-time user runs them."""

import asyncio
import signal
from pathlib import Path

import aiohttp

from chatcrew.testing.commands import command, said_until
from chatcrew.testing.processes import free_port

ROOT = Path(__file__).parents[3]
OWN = {"X-Chatcrew-Sandbox": "1"}


async def test_the_demo_shows_its_address_answers_there_and_ends_at_ctrl_c(data_dir: Path) -> None:
    """No log line of a healthy start disturbs, a second demo is refused, nothing is left over.

    A production database in the environment is not touched (it does not even exist here).
    """
    elsewhere = {"CHATCREW_DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/none"}
    process = await command(ROOT, data_dir, "demo", "--port", str(free_port()), **elsewhere)
    found = await said_until(process, r"(http://127\.0\.0\.1:\d+/)")
    assert '"event"' not in found.string

    async with aiohttp.ClientSession(found[1], headers=OWN) as page:
        async with page.get("api/state") as answer:
            customer = (await answer.json())["customers"][0]["id"]
        words = {"text": "quanto custa a primeira consulta?"}
        async with page.post(f"api/customers/{customer}/messages", json=words) as answer:
            assert answer.status < 300
        async with asyncio.timeout(30):
            replies: list[str] = []
            while not replies:
                await asyncio.sleep(0.1)
                async with page.get("api/state") as answer:
                    talks = (await answer.json())["conversations"]
                replies = [m["text"] for t in talks for m in t["messages"] if m["kind"] == "bot"]
    assert "R$ 350" in replies[0]

    second = await command(ROOT, data_dir, "demo", "--port", "0")
    output, _ = await asyncio.wait_for(second.communicate(), 30)
    assert second.returncode == 1
    assert str(process.pid) in output.decode()

    process.send_signal(signal.SIGINT)
    rest, _ = await asyncio.wait_for(process.communicate(), 40)
    assert process.returncode == 0
    assert "Traceback" not in rest.decode()
    assert not (data_dir / "demo" / "postgres" / "cluster" / "postmaster.pid").exists()


async def test_every_business_of_the_demo_answers_as_itself_without_a_key(data_dir: Path) -> None:
    """Four businesses over five channels: each bot has its name, and says what its files say."""
    process = await command(ROOT, data_dir, "demo", "--port", str(free_port()))
    found = await said_until(process, r"(http://127\.0\.0\.1:\d+/)")

    async with aiohttp.ClientSession(found[1], headers=OWN) as page:
        async with page.get("api/state") as answer:
            inboxes = (await answer.json())["inboxes"]
        asked = {}
        for inbox in inboxes:
            async with page.post("api/customers") as answer:
                asked[inbox["id"]] = customer = (await answer.json())["id"]
            words = {"text": inbox["starters"][0], "inbox": inbox["id"]}
            async with page.post(f"api/customers/{customer}/messages", json=words) as answer:
                assert answer.status < 300
        said = await _bots_words(page, len(inboxes))
    process.send_signal(signal.SIGINT)
    rest, _ = await asyncio.wait_for(process.communicate(), 40)

    assert {(inbox["business"], inbox["bot"]) for inbox in inboxes} == {
        ("Clínica Varizemed", "Clara"),
        ("Bella Flor Cosméticos", "Bella"),
        ("Emprega Mais", "Sophie"),
        ("Respondaí", "Timmy"),
    }
    assert len({inbox["channel"] for inbox in inboxes}) == 5
    assert len({inbox["voice"] for inbox in inboxes}) == 4
    for inbox in inboxes:
        (first, *_) = said[inbox["id"], asked[inbox["id"]]]
        assert first["sender"] == inbox["bot"]
        assert first["engine"] == "faq"
    assert process.returncode == 0
    assert "doctor.found" not in found.string + rest.decode()


async def _bots_words(
    page: aiohttp.ClientSession, wanted: int
) -> dict[tuple[int, int], list[dict[str, str]]]:
    """Wait until so many conversations have an answer; return them by inbox and customer."""
    async with asyncio.timeout(60):
        while True:
            async with page.get("api/state") as answer:
                talks = (await answer.json())["conversations"]
            said = {
                (talk["inbox"], talk["customer"]["id"]): [
                    one for one in talk["messages"] if one["kind"] == "bot"
                ]
                for talk in talks
            }
            if sum(bool(words) for words in said.values()) == wanted:
                return said
            await asyncio.sleep(0.1)


async def test_lines_from_a_file_are_answered_one_by_one(data_dir: Path) -> None:
    """An empty line ends nothing; each answer stands below its question, notes and acts too."""
    process = await command(ROOT, data_dir, "chat", "health/varizemed", "whatsapp", COLUMNS="200")
    lines = "oi\n\nquanto custa a primeira consulta?\n/assumir\n/novo\nquero falar com uma pessoa"
    output, _ = await asyncio.wait_for(process.communicate(lines.encode()), 90)

    said = output.decode()
    assert process.returncode == 0, said
    places = [
        said.index(words)
        for words in (
            "> oi",
            "assistente virtual",
            "> quanto custa",
            "R$ 350",
            "> /assumir",
            "atribuiu esta conversa",
            "> quero falar",
            "o cliente pediu uma pessoa",
        )
    ]
    assert places == sorted(places)


async def test_the_chat_ends_at_ctrl_c_while_it_waits_for_a_line(data_dir: Path) -> None:
    """Nobody has to press Enter first."""
    waiting = await command(ROOT, data_dir, "chat", "health/varizemed")
    await said_until(waiting, "no model configured")
    waiting.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(waiting.wait(), 40) == 0
