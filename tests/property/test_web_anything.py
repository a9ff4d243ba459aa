"""Whatever is posted to the webhook's door, it answers with a status of its own choosing."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatcrew.app.ingress import serve_app
from chatcrew.app.sockets import listen
from chatcrew.testing import ManualClock
from chatcrew.testing.door import ACCOUNT_SECRET, AGENT_SECRET, PATH_TOKEN, Door

PAYLOADS = Path(__file__).parents[1] / "samples" / "chatwoot" / "payloads"
REAL = [path.read_bytes() for path in sorted(PAYLOADS.glob("*.json"))]
BOTS = ["loja-bot", "caminho-bot", "flex-bot", "aberto-bot", "parcial-bot", "velho-bot"]

# A field value in HTTP is visible ASCII, spaces, and any byte from 0x80 (RFC 9110 §5.5).
VALUES = st.binary(max_size=60).map(
    lambda raw: bytes(byte for byte in raw if byte >= 0x20 and byte != 0x7F)
)
NAMES = st.sampled_from(
    [
        b"X-Chatwoot-Signature",
        b"X-Chatwoot-Timestamp",
        b"X-Chatwoot-Delivery",
        b"Content-Type",
        b"Content-Encoding",
        b"Authorization",
        b"X-Forwarded-For",
    ]
)
KNOWN = st.sampled_from(
    [b"gzip", b"br", b"zstd", b"sha256=", b"sha256=" + b"0" * 64, b"1785769200", b"9" * 60, b""]
)
# Twice the same field of this kind is no HTTP: the server itself says 400 to that.
HEADERS = st.dictionaries(NAMES, VALUES | KNOWN, max_size=5)
SEGMENT = st.one_of(
    st.sampled_from([*BOTS, PATH_TOKEN]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
)
BODIES = st.one_of(st.binary(max_size=400), st.sampled_from(REAL))


class Sender:
    """Posts raw bytes to one door that stays open over all examples."""

    def __init__(self, runner: asyncio.Runner, port: int) -> None:
        self._runner = runner
        self._port = port

    def post(
        self, path: str, headers: Mapping[bytes, bytes], body: bytes
    ) -> tuple[int, dict[str, Any]]:
        """Return status and JSON of the answer."""
        status, said = self._runner.run(self._exchange(path, headers, body))
        return status, json.loads(said)

    async def _exchange(
        self, path: str, headers: Mapping[bytes, bytes], body: bytes
    ) -> tuple[int, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        lines = [f"POST {path} HTTP/1.1".encode(), b"Host: x", b"Connection: close"]
        lines += [name + b": " + value for name, value in headers.items()]
        lines.append(f"Content-Length: {len(body)}".encode())
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        said = await reader.read()
        writer.close()
        await writer.wait_closed()
        head, _, rest = said.partition(b"\r\n\r\n")
        return int(head.split(b" ")[1]), rest


@pytest.fixture(scope="module")
def sender() -> Iterator[Sender]:
    """A sender, and a door to send to."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        bound = stack.enter_context(listen("127.0.0.1", 0))
        runner.run(serve_app(Door.opened(ManualClock()).app, bound, stack))
        yield Sender(runner, bound.getsockname()[1])
        runner.run(stack.aclose())


@given(bot=SEGMENT, token=st.none() | SEGMENT, headers=HEADERS, body=BODIES)
@settings(max_examples=200, deadline=None)
def test_any_post_is_taken_or_refused(
    sender: Sender, bot: str, token: str | None, headers: dict[bytes, bytes], body: bytes
) -> None:
    """Any path, headers and bytes: taken or refused for a reason, never a fault of ours (S4-45)."""
    path = "/webhooks/chatwoot/" + quote(bot, safe="")
    path += "" if token is None else "/" + quote(token, safe="")

    status, said = sender.post(path, headers, body)

    assert status in {200, 401, 404, 422}
    if status == 200:
        assert said["status"] in {"stored", "duplicate", "noise"}
    else:
        assert said["error"]["kind"] != "internal"


@given(
    bot=st.sampled_from(["loja-bot", "parcial-bot"]),
    secret=st.sampled_from([AGENT_SECRET, ACCOUNT_SECRET]),
    body=BODIES,
)
@settings(max_examples=200, deadline=None)
def test_any_signed_body_is_kept(sender: Sender, bot: str, secret: str, body: bytes) -> None:
    """Once the signature is right nothing is lost: stored, noise or quarantined (N3)."""
    signed = Door.opened(ManualClock()).headers(body, secret=secret)
    headers = {name.encode(): value.encode() for name, value in signed.items()}

    status, said = sender.post(f"/webhooks/chatwoot/{bot}", headers, body)

    assert status in {200, 422}
    if status == 422:
        assert said["error"]["kind"] in {"unreadable", "unmapped_inbox"}
