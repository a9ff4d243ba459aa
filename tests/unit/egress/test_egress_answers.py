"""What comes back through the guard is bounded in size, kind and time."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp import web

from chatcrew.egress import GuardedHttp
from chatcrew.errors import EgressFailed


async def _get(outside: Any, guard: Any, **bounds: object) -> bytes:
    async with guard() as http:
        settings = {"timeout": 5, "max_bytes": 1000, **bounds}
        url = f"http://a.example:{outside.port}/"
        found = await http.request("GET", url, **settings)
        return found.body


@pytest.mark.parametrize("packed", ["", "gzip", "deflate", "bare"])
async def test_an_answer_over_the_bound_is_dropped_however_it_is_packed(
    outside: Any, guard: Any, packed: str
) -> None:
    """A bomb of 50 MB in 50 KB is no more than any other answer that is too long."""
    plain = bytes(50_000_000)
    bare = zlib.compressobj(wbits=-15)
    body = {
        "": lambda: bytes(5000),
        "gzip": lambda: gzip.compress(plain, 1),
        "deflate": lambda: zlib.compress(plain, 1),
        "bare": lambda: bare.compress(plain) + bare.flush(),
    }[packed]()
    encoding = "deflate" if packed == "bare" else packed
    outside.answer = lambda: web.Response(
        body=body, headers={"Content-Encoding": encoding} if encoding else {}
    )
    with pytest.raises(EgressFailed) as caught:
        await _get(outside, guard, max_bytes=len(body) + 1 if packed else 1000)
    assert caught.value.kind == "too_big"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_packed_answer_is_read(outside: Any, guard: Any, encoding: str) -> None:
    """Servers pack what they like of what we take."""
    body = {"gzip": gzip.compress, "deflate": zlib.compress}[encoding](b"pedido 12345")
    outside.answer = lambda: web.Response(body=body, headers={"Content-Encoding": encoding})
    assert await _get(outside, guard) == b"pedido 12345"


@pytest.mark.parametrize(
    ("body", "headers", "kind"),
    [
        (b"x", {"Content-Encoding": "br"}, "encoding"),
        (b"no gzip", {"Content-Encoding": "gzip"}, "encoding"),
        (gzip.compress(b"cut off" * 50)[:-20], {"Content-Encoding": "gzip"}, "encoding"),
        (b"<html>", {"Content-Type": "text/html"}, "type"),
    ],
    ids=["unknown", "no-gzip", "cut-off", "html"],
)
async def test_an_answer_nobody_asked_for_is_none(
    outside: Any, guard: Any, body: bytes, headers: dict[str, str], kind: str
) -> None:
    """Packed oddly, broken, or of another media type."""
    outside.answer = lambda: web.Response(
        body=body, headers={"Content-Type": "image/png", **headers}
    )
    with pytest.raises(EgressFailed) as caught:
        await _get(outside, guard, types=["image/*", "application/json"])
    assert (caught.value.kind, caught.value.maybe_sent) == (kind, True)


async def test_a_server_that_hangs_may_have_got_the_request(outside: Any, guard: Any) -> None:
    """So an order is not made again."""
    outside.hang = True
    with pytest.raises(EgressFailed) as caught:
        await _get(outside, guard, timeout=0.2)
    assert (caught.value.kind, caught.value.maybe_sent) == ("timeout", True)


async def test_a_closed_port_has_got_nothing(guard: Any) -> None:
    """Refused connections are safe to repeat."""
    with socket.create_server(("127.0.0.2", 0)) as bound:
        port = bound.getsockname()[1]
    async with guard() as http:
        with pytest.raises(EgressFailed) as caught:
            await http.request("POST", f"http://a.example:{port}/", timeout=5, max_bytes=9)
    assert (caught.value.kind, caught.value.maybe_sent) == ("unreached", False)


async def test_the_resolver_that_hangs_is_bounded_too() -> None:
    """The seconds count from the call; nothing was sent."""

    async def never(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return [host, str(port)]

    async with GuardedHttp(lookup=never) as http:
        with pytest.raises(EgressFailed) as caught:
            await http.request("POST", "http://a.example/", timeout=0.1, max_bytes=9)
    assert (caught.value.kind, caught.value.maybe_sent) == ("timeout", False)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_what_acts_is_sent_once_whatever_becomes_of_its_connection(
    outside: Any, guard: Any, method: str
) -> None:
    """An HTTP client may repeat a PUT or DELETE by itself; the shop would be told twice."""
    outside.drops = True
    async with guard() as http:
        with pytest.raises(EgressFailed) as caught:
            await http.request(
                method, f"http://a.example:{outside.port}/", timeout=5, max_bytes=9, body=b"{}"
            )
    assert [one.method for one in outside.asked] == [method]
    assert caught.value.maybe_sent
