"""Voice notes and photos in real processes: the demo answers; a kill -9 hears none twice."""

import asyncio
import signal
from pathlib import Path

import aiohttp
import pytest

from chatcrew.testing import FakeModelServer
from chatcrew.testing.commands import command, said_until
from chatcrew.testing.files import ogg, png, voice_note
from chatcrew.testing.processes import free_port

ROOT = Path(__file__).parents[3]
OWN = {"X-Chatcrew-Sandbox": "1"}
QUESTION = "Vocês explicam como é a recuperação da cirurgia?"
pytestmark = pytest.mark.usefixtures("second_start")


async def test_a_worker_killed_after_listening_leaves_the_transcript_to_the_next(
    house, model_server: FakeModelServer, without_crewai: dict[str, str]
) -> None:
    """It dies while the crew thinks; the next one answers, and nobody listens again."""
    model_server.ears.say(QUESTION)
    model_server.hang().hang()
    model_server.default = "Claro! A recepção explica isso com calma."
    model = {"OPENAI_BASE_URL": model_server.base_url, **without_crewai}
    async with house(environment=model, user_token=True) as home, home.program("run") as program:
        await program.ready()
        customer = home.account.add_contact(name="Maria", phone_number="+5581990000001")
        conversation = await home.chatwoot.customer_says(
            home.inbox, customer, None, files=[voice_note()]
        )
        async with asyncio.timeout(30):
            await model_server.busy.wait()
        await program.kill("worker", number=signal.SIGKILL)
        await home.chatwoot.wait_for(lambda: conversation.public_bot_replies, timeout=60.0)
        await home.settled()

        assert len(model_server.ears.heard) == 1
        assert home.chatwoot.calls["download"] == 1
        assert len(conversation.public_bot_replies) == 1
        assert await program.stop() == 0


async def test_the_demo_answers_a_voice_note_and_a_photo(
    data_dir: Path, model_server: FakeModelServer, without_crewai: dict[str, str]
) -> None:
    """From the page's upload to the model's answer, as a first-time user with a key sees it."""
    model_server.ears.say(QUESTION, of=ogg())
    model_server.when("Descreva", "Uma meia elástica rasgada no calcanhar.")
    model_server.default = "Claro! A recepção explica isso com calma."
    model = {"OPENAI_BASE_URL": model_server.base_url, **without_crewai}
    process = await command(ROOT, data_dir, "demo", "--port", str(free_port()), **model)
    found = await said_until(process, r"(http://127\.0\.0\.1:\d+/)")
    sent = [("voz.ogg", "audio/ogg", voice_note().data), ("foto.png", "image/png", png())]
    async with aiohttp.ClientSession(found[1], headers=OWN) as page:
        async with page.get("api/state") as answer:
            customer = (await answer.json())["customers"][0]["id"]
        for number, (name, media_type, data) in enumerate(sent, 1):
            where, headers = f"api/customers/{customer}/files", {"Content-Type": media_type}
            async with page.post(where, params={"name": name}, data=data, headers=headers) as got:
                assert got.status == 204
            async with asyncio.timeout(40):
                replies: list[str] = []
                while len(replies) < number:
                    await asyncio.sleep(0.1)
                    async with page.get("api/state") as answer:
                        talks = (await answer.json())["conversations"]
                    replies = [
                        m["text"] for t in talks for m in t["messages"] if m["kind"] == "bot"
                    ]
    assert all("recepção" in reply for reply in replies)
    asked = [str(request.body["messages"]) for request in model_server.requests]
    assert any(f"[áudio] {QUESTION}" in one for one in asked)
    assert any("[imagem] Uma meia elástica rasgada" in one for one in asked)

    process.send_signal(signal.SIGINT)
    rest, _ = await asyncio.wait_for(process.communicate(), 40)
    assert process.returncode == 0
    assert "Traceback" not in rest.decode()
