"""What is logged and counted of deliveries: enough to find them, nothing of what they say."""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient
from structlog.testing import capture_logs

from chatcrew.app.ingress import serve_app
from chatcrew.app.sockets import listen
from chatcrew.errors import StoreError
from chatcrew.testing import ManualClock
from chatcrew.testing.door import AGENT_SECRET, PATH_TOKEN, Door

PAYLOADS = Path(__file__).parents[1] / "samples" / "chatwoot" / "payloads"
TEXT = (PAYLOADS / "message_created-whatsapp-text.json").read_bytes()
WORDS = "Meu pedido 10234"

Opens = Callable[..., Awaitable[TestClient]]


@pytest.fixture
def door() -> Door:
    """A door that nobody has knocked at."""
    return Door.opened(ManualClock())


@pytest.fixture
async def client(door: Door, aiohttp_client: Opens) -> TestClient:
    """A sender of webhooks."""
    return await aiohttp_client(door.app)


async def post(client: TestClient, path: str, body: bytes, headers: dict[str, str]) -> int:
    """Post; return the status."""
    url = f"/webhooks/chatwoot/{path}"
    async with client.post(url, data=body, headers=headers) as response:
        await response.read()
    return response.status


async def test_a_refusal_is_one_line_with_bot_kind_and_digest(
    client: TestClient, door: Door
) -> None:
    """An operator can find the delivery by its digest and learns nothing else (S4-44)."""
    headers = door.headers(TEXT, secret="another")

    with capture_logs() as lines:
        status = await post(client, "loja-bot", TEXT, headers)

    assert status == 401
    assert lines == [
        {
            "part": "webhook",
            "event": "webhook.refused",
            "log_level": "warning",
            "bot": "loja-bot",
            "status": 401,
            "kind": "signature_mismatch",
            "digest": hashlib.sha256(TEXT).hexdigest()[:12],
            "size": len(TEXT),
        }
    ]


@pytest.mark.parametrize(
    ("path", "secret", "body", "event"),
    [
        ("nobody-knows-this-bot", AGENT_SECRET, TEXT, "webhook.refused"),
        ("caminho-bot/wrong-path-token", AGENT_SECRET, TEXT, "webhook.refused"),
        (f"caminho-bot/{PATH_TOKEN}", None, TEXT, "webhook.refused"),
        (f"caminho-bot/{PATH_TOKEN}", AGENT_SECRET, b"Meu pedido 10234 {", "webhook.refused"),
        ("parcial-bot", AGENT_SECRET, TEXT, "webhook.refused"),
        ("perdido-bot", AGENT_SECRET, TEXT, "secret.unreadable"),
    ],
)
async def test_no_line_holds_a_body_a_secret_or_what_the_url_said(
    client: TestClient, door: Door, path: str, secret: str | None, body: bytes, event: str
) -> None:
    """Bodies are customers' words, path tokens are passwords, URLs are anybody's text."""
    with capture_logs() as lines:
        status = await post(client, path, body, door.headers(body, secret=secret))

    assert status >= 400
    assert event in [line["event"] for line in lines]
    for hidden in (WORDS, PATH_TOKEN, AGENT_SECRET, "wrong-path-token", "nobody-knows-this-bot"):
        assert hidden not in str(lines)


async def test_a_fault_of_ours_says_its_type_and_place_only(client: TestClient, door: Door) -> None:
    """The words of an exception may quote what was being handled."""
    door.mailbox.fault = RuntimeError(f"cannot store {WORDS!r}")

    with capture_logs() as lines:
        status = await post(client, "loja-bot", TEXT, door.headers(TEXT))
    (line,) = lines

    assert status == 500
    assert (line["event"], line["error"]) == ("request.failed", "RuntimeError")
    assert line["place"].startswith("put:")
    assert WORDS not in str(line)


async def test_the_path_token_is_in_no_log_of_the_server_itself(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    """An access log would hold every URL: ingress has none (complaint 5)."""
    caplog.set_level(logging.DEBUG)
    async with AsyncExitStack() as stack:
        bound = stack.enter_context(listen("127.0.0.1", 0))
        await serve_app(door.app, bound, stack)
        session = await stack.enter_async_context(ClientSession())
        url = f"http://127.0.0.1:{bound.getsockname()[1]}/webhooks/chatwoot"
        with capture_logs() as lines:
            for path in (f"caminho-bot/{PATH_TOKEN}", f"nobody/{PATH_TOKEN}"):
                async with session.post(f"{url}/{path}", data=b"{}") as response:
                    assert response.status in (401, 404)

    assert len(lines) == 2
    assert PATH_TOKEN not in str(lines)
    assert PATH_TOKEN not in caplog.text


def counted(door: Door, name: str) -> dict[str, float]:
    """Return a counter's rows that are not zero, by their labels."""
    rows = door.metrics.exposition({}).decode().splitlines()
    found = [row.split(" ") for row in rows if row.startswith(f"{name}_total{{")]
    return {labels.partition("{")[2].rstrip("}"): float(value) for labels, value in found}


async def test_every_answer_is_counted_under_labels_of_ours(client: TestClient, door: Door) -> None:
    """A stranger's URL never becomes a label: labels without bound would fill the memory."""
    await post(client, "loja-bot", TEXT, door.headers(TEXT))
    await post(client, "loja-bot", TEXT, door.headers(TEXT))
    await post(client, "loja-bot", TEXT, {})
    for number in range(3):
        await post(client, f"stranger-{number}", TEXT, {})
    door.mailbox.fault = RuntimeError("broken")
    await post(client, "loja-bot", TEXT, door.headers(TEXT))

    assert counted(door, "chatcrew_webhooks") == {
        'bot="loja-bot",reason="stored",status="200"': 1,
        'bot="loja-bot",reason="duplicate",status="200"': 1,
        'bot="loja-bot",reason="signature_missing",status="401"': 1,
        'bot="loja-bot",reason="internal",status="500"': 1,
        'bot="?",reason="unknown_bot",status="404"': 3,
    }
    assert "chatcrew_webhook_seconds_count 7.0" in door.metrics.exposition({}).decode()


async def test_events_are_counted_once_and_only_when_they_are_kept(
    client: TestClient, door: Door
) -> None:
    """A retried delivery is one event, and one that was not stored is none."""
    door.mailbox.fault = StoreError("away")
    await post(client, "loja-bot", TEXT, door.headers(TEXT))
    door.mailbox.fault = None
    await post(client, "loja-bot", TEXT, door.headers(TEXT))
    await post(client, "loja-bot", TEXT, door.headers(TEXT))

    assert counted(door, "chatcrew_events") == {
        'bot="loja-bot",reason="customer_message",weight="turn"': 1
    }
