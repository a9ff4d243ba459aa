"""Every error over HTTP has one shape, ``{"error": {"kind": …, "message": …}}``, on both ports."""

import ast
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient

from chatcrew.errors import StoreError
from chatcrew.telemetry import Health
from chatcrew.testing import ManualClock
from chatcrew.testing.door import PATH_TOKEN, Door
from chatcrew.web import admin_app

SOURCE = Path(__file__).parents[2] / "src" / "chatcrew"
WEBHOOK = "/webhooks/chatwoot"
ALLOWED = {401, 404, 413, 422, 429, 500}
MESSAGE = b'{"event":"message_created","id":1,"message_type":"incoming","content":"oi",'
MESSAGE += b'"conversation":{"id":1,"inbox_id":5,"status":"pending"}}'

Opens = Callable[..., Awaitable[TestClient]]


@dataclass(frozen=True)
class Wrong:
    """A request that is answered with an error."""

    status: int
    kind: str
    method: str
    path: str
    body: bytes = b""
    secret: str | None = None
    fault: Exception | None = None
    max_pending: int = 20_000


SIGNED = "agent-secret-4f1c"
PUBLIC = [
    Wrong(404, "not_found", "GET", "/"),
    Wrong(404, "not_found", "POST", "/webhooks/chatwoot"),
    Wrong(404, "not_found", "POST", "/webhooks/chatwoot/loja-bot/a/b"),
    Wrong(404, "not_found", "GET", "/metrics"),
    Wrong(404, "not_found", "GET", "/health/ready"),
    Wrong(405, "method_not_allowed", "GET", f"{WEBHOOK}/loja-bot"),
    Wrong(405, "method_not_allowed", "POST", "/health/live"),
    Wrong(404, "unknown_bot", "POST", f"{WEBHOOK}/nobody"),
    Wrong(404, "unknown_bot", "POST", f"{WEBHOOK}/aberto-bot"),
    Wrong(404, "unknown_bot", "POST", f"{WEBHOOK}/caminho-bot/wrong"),
    Wrong(401, "signature_missing", "POST", f"{WEBHOOK}/loja-bot", b"{}"),
    Wrong(401, "signature_mismatch", "POST", f"{WEBHOOK}/loja-bot", b"{}", "wrong"),
    Wrong(413, "too_large", "POST", f"{WEBHOOK}/aberto-bot/{PATH_TOKEN}", b"x" * (8 << 20) + b"x"),
    Wrong(422, "unreadable", "POST", f"{WEBHOOK}/loja-bot", b"?", SIGNED),
    Wrong(422, "unmapped_inbox", "POST", f"{WEBHOOK}/parcial-bot", MESSAGE, SIGNED),
    Wrong(429, "mailbox_full", "POST", f"{WEBHOOK}/loja-bot", MESSAGE, SIGNED, max_pending=0),
    Wrong(500, "secret_unreadable", "POST", f"{WEBHOOK}/perdido-bot", b"{}", SIGNED),
    Wrong(
        500,
        "store_unavailable",
        "POST",
        f"{WEBHOOK}/loja-bot",
        MESSAGE,
        SIGNED,
        StoreError("host=10.1.2.3 user=chatcrew password=oops"),
    ),
    Wrong(
        500,
        "internal",
        "POST",
        f"{WEBHOOK}/loja-bot",
        MESSAGE,
        SIGNED,
        RuntimeError("host=10.1.2.3 user=chatcrew password=oops"),
    ),
]
ADMIN = [
    Wrong(404, "not_found", "GET", "/"),
    Wrong(404, "not_found", "POST", f"{WEBHOOK}/loja-bot"),
    Wrong(405, "method_not_allowed", "POST", "/metrics"),
    Wrong(405, "method_not_allowed", "DELETE", "/health/ready"),
    Wrong(500, "internal", "GET", "/metrics"),
]


async def check(client: TestClient, wrong: Wrong, headers: dict[str, str]) -> None:
    """Make a request and look at the answer's shape."""
    request = client.request(wrong.method, wrong.path, data=_stream(wrong.body), headers=headers)
    async with request as response:
        answer = await response.json()

    assert response.status == wrong.status
    assert response.content_type == "application/json"
    assert set(answer) == {"error"}
    assert set(answer["error"]) == {"kind", "message"}
    assert answer["error"]["kind"] == wrong.kind
    assert re.fullmatch(r"[a-z_]+", answer["error"]["kind"])
    assert answer["error"]["message"]
    assert "oops" not in str(answer)
    assert (response.status == 405) == ("Allow" in response.headers)


async def _stream(body: bytes) -> object:
    yield body


def _name(wrong: Wrong) -> str:
    return f"{wrong.status}-{wrong.kind}-{wrong.method}"


@pytest.mark.parametrize("wrong", PUBLIC, ids=_name)
async def test_every_error_of_the_public_port_has_the_one_shape(
    aiohttp_client: Opens, wrong: Wrong
) -> None:
    """Kind for machines, message for people; nothing of a fault's own text leaks."""
    door = Door.opened(ManualClock(), max_pending=wrong.max_pending)
    door.mailbox.fault = wrong.fault
    headers = door.headers(wrong.body, secret=wrong.secret)

    await check(await aiohttp_client(door.app), wrong, headers)


@pytest.mark.parametrize("wrong", ADMIN, ids=_name)
async def test_every_error_of_the_admin_port_has_the_one_shape(
    aiohttp_client: Opens, wrong: Wrong
) -> None:
    """The same shape, whoever asks."""

    async def gauges() -> dict[str, float]:
        raise RuntimeError("password=oops")

    app = admin_app(
        Health({}), metrics=Door.opened(ManualClock()).metrics, gauges=gauges, version="0"
    )

    await check(await aiohttp_client(app), wrong, {})


def refusals() -> Iterator[tuple[int, str]]:
    """Yield status and kind of every ``WebhookError`` in the program text."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "_refused" and isinstance(node.args[0], ast.Constant):
                yield 401, str(node.args[0].value)
            if node.func.id == "WebhookError" and isinstance(node.args[0], ast.Constant):
                kind = next(word.value for word in node.keywords if word.arg == "kind")
                if isinstance(kind, ast.Constant):
                    yield int(node.args[0].value), str(kind.value)


def test_the_webhook_never_answers_what_chatwoot_does_not_retry() -> None:
    """502, 503 and 504 would open the conversation instead of trying again (contract §1.4)."""
    found = set(refusals())

    assert {status for status, _ in found} == ALLOWED
    assert (401, "signature_mismatch") in found
    assert (429, "mailbox_full") in found


def test_every_refusal_is_walked() -> None:
    """A new kind of refusal has to be added to this file or to the tests of bodies."""
    elsewhere = {"body_timeout", "body_broken", "body_packed", "signature_malformed"}
    elsewhere |= {"timestamp_missing", "timestamp_invalid", "timestamp_stale"}
    # Of the tab, in scenario/test_tab.py
    elsewhere |= {"unknown_order", "too_many_codes", "too_many_streams"}
    # Of the connection itself, in security/test_full.py
    elsewhere |= {"too_many_connections"}
    walked = {wrong.kind for wrong in PUBLIC}

    assert {kind for _, kind in refusals()} - walked == elsewhere
