"""Who writes shows in no log line, metric or error of ours, whatever fails (N8, N15)."""

import logging
from pathlib import Path
from urllib.parse import quote

import orjson
import pytest
import structlog
from aiohttp import ClientSession

from chatcrew.testing import File
from chatcrew.testing.responders import ScriptedResponder

NAME, PHONE, MAIL = "Ubirajara Quintanilha", "+5581976543210", "ubirajara.q@exemplo.com.br"
CPF, CARD = "529.982.247-25", "4111 1111 1111 1111"
STREET = "Rua das Pitangueiras, 77, apto 302"
WORDS = f"sou {NAME}, cpf {CPF}, cartão {CARD}, {STREET}, zap (81) 97654-3210, {MAIL}"
TRACES = [
    *("quintanilha", "97654", "9765-4321", "7654-3210", "ubirajara", "pitangueiras"),
    *("529.982", "52998224725", "4111 1111", "4111111111111111", "5299822"),
    *(one.encode().hex() for one in ("Quintanilha", "52998224725")),
    *("UXVpbnRhbmlsaGE", "cXVpbnRhbmlsaG", "1aW50YW5pbGhh"),
]
"""Pieces of him as programs write them: plain, digits, hex, base64; URLs keep the letters."""


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Nobody sends bursts here."""
    return prompt_crews


def traces_in(said: str) -> set[str]:
    """Return which pieces of him stand in a text."""
    return {one for one in TRACES if one.casefold() in said.casefold()}


async def test_nothing_of_a_customer_shows_where_the_server_speaks_of_itself(
    clinic, caplog: pytest.LogCaptureFixture
) -> None:
    """Turn, attachment, handoff, failing crew, unsigned deliveries, odd addresses."""
    crew = ScriptedResponder(
        lambda ask: RuntimeError(WORDS) if "falhe" in ask.inputs["message"] else f"Bom dia, {NAME}!"
    )
    caplog.set_level(logging.DEBUG)
    bodies = []
    with structlog.testing.capture_logs() as lines:
        async with clinic(responder=crew) as c:
            he = c.account.add_contact(name=NAME, phone_number=PHONE, email=MAIL)
            talk = await c.chatwoot.customer_says(c.inbox, he, f"bom dia! {WORDS}")
            await c.reply(talk)
            letter = File("file", f"{quote(NAME)} {CPF}.txt", "text/plain", WORDS.encode())
            await c.chatwoot.customer_says(c.inbox, he, None, files=[letter])
            await c.reply(talk, count=2)
            await c.chatwoot.customer_says(c.inbox, he, f"quero falar com uma pessoa, {WORDS}")
            await c.settled(idle=True)
            asked = len(crew.asked)
            await c.says(f"falhe agora: {WORDS}")
            await c.asked(crew, asked + 1)
            await c.settled(idle=True)
            url = c.bot.webhook_url("clinic-bot")
            async with ClientSession() as session:
                sent = [
                    (url, orjson.dumps({"event": "message_created", "content": WORDS})),
                    (url, WORDS.encode()),
                    (f"{c.bot.public_url}/{quote(WORDS)}?q={quote(MAIL)}", b"{}"),
                    (f"{c.bot.admin_url}/{quote(WORDS)}", b"{}"),
                ]
                for address, body in sent:
                    async with session.post(address, data=body) as got:
                        assert got.status >= 400
                        bodies.append(f"{await got.text()} {dict(got.headers)}")
                for page in ("/metrics", "/health/ready"):
                    async with session.get(f"{c.bot.admin_url}{page}") as got:
                        bodies.append(await got.text())

    events = {str(line["event"]) for line in lines}
    assert talk.public_bot_replies
    assert {"turn.finished"} < events
    assert any(line["log_level"] in {"warning", "error"} for line in lines)
    assert "chatcrew_turns" in bodies[-2]
    assert {str(line): traces_in(str(line)) for line in lines if traces_in(str(line))} == {}
    assert traces_in(caplog.text) == set()
    assert [traces_in(body) for body in bodies] == [set()] * len(bodies)
    # He was there to be found
    assert traces_in(crew.asked[0].inputs["message"])
