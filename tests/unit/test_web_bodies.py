"""Bodies that are large, slow, broken or strange, and what the webhook makes of them (N3)."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient

from chatcrew.testing import ManualClock
from chatcrew.testing.door import Door
from chatcrew.web.public import MAX_BODY

PAYLOADS = Path(__file__).parents[1] / "samples" / "chatwoot" / "payloads"
TEXT = (PAYLOADS / "message_created-whatsapp-text.json").read_bytes()

Opens = Callable[..., Awaitable[TestClient]]


@pytest.fixture
def door() -> Door:
    """A door that nobody has knocked at."""
    return Door.opened(ManualClock())


@pytest.fixture
async def client(door: Door, aiohttp_client: Opens) -> TestClient:
    """A sender of webhooks."""
    return await aiohttp_client(door.app)


async def post(client: TestClient, door: Door, body: bytes) -> tuple[int, str]:
    """Post a signed body; return status and what became of it."""
    data = io.BytesIO(body)  # aiohttp warns of large bodies that are plain bytes
    headers = door.headers(body)
    async with client.post("/webhooks/chatwoot/loja-bot", data=data, headers=headers) as response:
        answer = await response.json()
    said = answer["error"]["kind"] if "error" in answer else answer["status"]
    return response.status, said


async def test_the_largest_body_is_read_and_one_byte_more_is_not(
    client: TestClient, door: Door
) -> None:
    """413 over 8 MiB by Content-Length (N3)."""
    largest, larger = b"x" * MAX_BODY, b"x" * (MAX_BODY + 1)

    assert await post(client, door, largest) == (422, "unreadable")
    assert await post(client, door, larger) == (413, "too_large")


async def test_a_body_that_does_not_say_its_length_has_the_same_bound(
    client: TestClient, door: Door
) -> None:
    """413 as soon as more than 8 MiB have come in chunks (N3)."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY // 65536 + 1):
            yield b"x" * 65536

    async with client.post("/webhooks/chatwoot/loja-bot", data=chunks()) as response:
        answer = await response.json()

    assert (response.status, answer["error"]["kind"]) == (413, "too_large")
    assert door.mailbox.delivered == []


async def test_an_email_of_five_megabytes_is_stored(client: TestClient, door: Door) -> None:
    """E-mails carry their whole HTML (N3)."""
    data = json.loads((PAYLOADS / "message_created-email-inbox.json").read_bytes())
    data["content_attributes"]["email"]["html_content"] = {"full": "<p>olá</p>" * 500_000}
    body = json.dumps(data).encode()

    assert len(body) > 5_000_000
    assert await post(client, door, body) == (200, "stored")


async def test_a_body_with_null_and_half_characters_is_stored(
    client: TestClient, door: Door
) -> None:
    """U+0000 and lone surrogates are valid JSON and no reason to lose a customer (N3)."""
    body = TEXT.replace(b"Oi, boa tarde", rb"Oi \u0000 \ud83d boa tarde")

    assert body != TEXT
    assert await post(client, door, body) == (200, "stored")
    assert door.mailbox.delivered[0].body == body


async def exchange(client: TestClient, request: bytes) -> tuple[int, str]:
    """Send raw bytes, keep the connection open, and return status and kind of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    try:
        writer.write(request)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(
            line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line
        )
        body = await reader.readexactly(int(fields[b"content-length"]))
    finally:
        writer.close()
        await writer.wait_closed()
    return int(head.split(b" ")[1]), json.loads(body)["error"]["kind"]


async def test_a_body_that_does_not_arrive_is_given_up(aiohttp_client: Opens) -> None:
    """500 after three seconds, which Chatwoot tries again; it waits five itself (N3)."""
    client = await aiohttp_client(Door.opened(ManualClock(), body_timeout=0.05).app)
    request = b"POST /webhooks/chatwoot/loja-bot HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"

    assert await exchange(client, request) == (500, "body_timeout")


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        b"Content-Encoding: deflate\r\nContent-Length: 5\r\n\r\n\xff\xff\xff\xff\xff",
    ],
)
async def test_a_body_that_is_packed_is_refused(client: TestClient, rest: bytes) -> None:
    """It is the sender's fault, not ours: no 500, and nothing is unpacked."""
    request = b"POST /webhooks/chatwoot/loja-bot HTTP/1.1\r\nHost: x\r\n" + rest

    assert await exchange(client, request) == (422, "body_packed")
