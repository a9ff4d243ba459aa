"""What is no HTTP is answered as everything else is, on both ports (S4-41)."""

import contextlib
import json

import pytest
from tests.security.conftest import PATIENCE, Wire

from chatcrew.app.ingress import serve_app
from chatcrew.app.sockets import listen
from chatcrew.telemetry import Health, Metrics
from chatcrew.web import admin_app


@pytest.mark.parametrize(
    ("raw", "status", "kind"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", 400, "bad_request"),
        (b"GET /health/live HTTP/9.9.9\r\nHost: x\r\n\r\n", 400, "bad_request"),
        (b"GET /health/live HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 50_000, 400, "bad_request"),
        (b"GET /" + b"a" * 50_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
        (
            b"GET /health/live HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n",
            417,
            "expectation_failed",
        ),
    ],
)
@pytest.mark.parametrize("port", ["public", "admin"])
async def test_what_is_no_http_is_answered_in_the_one_shape_and_repeats_nothing(
    wire: Wire, raw: bytes, status: int, kind: str, port: str
) -> None:
    """The library's own words would show a piece of what was sent, and what answers."""
    async with contextlib.AsyncExitStack() as stack:
        if port == "admin":
            app = admin_app(Health({}), metrics=Metrics(), gauges=dict, version="0")
            bound = stack.enter_context(listen("127.0.0.1", 0))
            await serve_app(app, bound, stack, patience=PATIENCE)
            wire = Wire(wire.door, bound.getsockname()[1])
        said = await wire.send(raw)

    assert (said.status, said.kind) == (status, kind)
    assert "Content-Type: application/json" in said.head
    assert "Server: chatcrew\r\n" in said.head + "\r\n"
    assert set(json.loads(said.body)["error"]) == {"kind", "message"}
    for theirs in ("SSH", "9.9.9", "aaa", "tea", "aiohttp", "Python"):
        assert theirs not in said.head + said.body
