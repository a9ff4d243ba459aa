"""What a stranger may do with bytes alone: framing, size, packing, slowness (S4-41..45, N3)."""

import asyncio
import contextlib
import gzip
import time
import tracemalloc
import zlib

import pytest
from aiohttp import web
from tests.security.conftest import PATIENCE, TEXT, Wire

from chatcrew.app.ingress import serve_app
from chatcrew.app.sockets import listen
from chatcrew.testing import ManualClock
from chatcrew.testing.canary import logging_for_real
from chatcrew.testing.door import PATH_TOKEN, Door
from chatcrew.web.errors import one_error_shape

SECOND = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
"""What somebody would smuggle in behind a delivery."""


@pytest.mark.parametrize(
    "more",
    [
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding:\r\n chunked\r\n",
        "Content-Length: 3\r\n",
        "Content-Length: 3702\r\n",
        "Host: y\r\n",
        "X-Folded: a\r\n b\r\n",
        "X-Null: a\0b\r\n",
        "X-Bare: a\rX-Chatwoot-Delivery: b\r\n",
        " X-Begins-With-A-Space: b\r\n",
    ],
)
async def test_a_request_that_two_servers_read_differently_is_none(wire: Wire, more: str) -> None:
    """CL with TE, a second length or host, folded or broken lines: 400, closed, nothing stored."""
    said = await wire.send(wire.request(more=more) + SECOND)

    assert said.status == 400
    assert '"live"' not in said.body, "the second request was answered"
    assert wire.door.mailbox.delivered == []


@pytest.mark.parametrize("length", ["+3702", "3_702", "0x10", "-1", "3702, 3702", "", " 1 1"])
async def test_a_length_that_is_no_number_is_refused(wire: Wire, length: str) -> None:
    """As other servers would read it otherwise."""
    said = await wire.send(wire.request(length=length or ";"))

    assert said.status == 400
    assert wire.door.mailbox.delivered == []


@pytest.mark.parametrize(
    "chunks",
    [
        b"-1\r\nx\r\n0\r\n\r\n",
        b"1;\nx\r\n0\r\n\r\n",
        b"zz\r\nx\r\n0\r\n\r\n",
        b"1\r\nxx\r\n0\r\n\r\n",
    ],
)
async def test_broken_chunks_are_refused(wire: Wire, chunks: bytes) -> None:
    """A size that is none, and one that does not fit what comes."""
    request = wire.request(b"", more="Transfer-Encoding: chunked\r\n", length=None)
    said = await wire.send(request + chunks + SECOND)

    assert said.status in (400, 422)
    assert '"live"' not in said.body
    assert wire.door.mailbox.delivered == []


@pytest.mark.parametrize("which", ["X-Chatwoot-Signature", "X-Chatwoot-Timestamp"])
@pytest.mark.parametrize("first", [True, False])
async def test_a_second_signature_or_timestamp_makes_both_worthless(
    wire: Wire, which: str, first: bool
) -> None:
    """Which of two a proxy has looked at nobody knows; the right one in either place."""
    right = wire.door.headers(TEXT)
    wrong = {"X-Chatwoot-Signature": "sha256=00", "X-Chatwoot-Timestamp": "5"}[which]
    lines = [f"{which}: {value}\r\n" for value in (right.pop(which), wrong)]
    more = "".join(lines if first else reversed(lines))

    said = await wire.send(wire.request(signed=right, more=more))

    assert (said.status, said.kind[:9]) == (401, which[11:].lower())
    assert wire.door.mailbox.delivered == []


async def test_a_header_with_underscores_is_no_header_of_chatwoot(wire: Wire) -> None:
    """Some servers take ``X_Chatwoot_Signature`` for it, which proxies let through unseen."""
    named = {name.replace("-", "_"): value for name, value in wire.door.headers(TEXT).items()}

    said = await wire.send(wire.request(signed=named))

    assert (said.status, said.kind) == (401, "signature_missing")


@pytest.mark.parametrize("more", ["X-Long: " + "a" * 100_000 + "\r\n", "X-Many: a\r\n" * 5_000])
async def test_heads_have_a_bound(wire: Wire, more: str) -> None:
    """Neither one long line nor many short ones are read to their end."""
    assert (await wire.send(wire.request(more=more))).status == 400


@pytest.mark.parametrize("path", ["a" * 20_000, "%00", "..%2f..%2fadmin", "%ff%fe", "%0d%0aX: y"])
async def test_an_address_of_nobodys_is_refused(wire: Wire, path: str) -> None:
    """Long, climbing, no UTF-8, with a line of its own: no bot has it, and no line comes back."""
    said = await wire.send(wire.request(path=path))

    assert said.status in (400, 404)
    assert "X: y" not in said.head


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "GZIP", "gzip, identity"])
async def test_a_packed_body_is_refused_without_unpacking_any_of_it(
    wire: Wire, encoding: str
) -> None:
    """200 kB would be 200 MB; a stranger pays for neither memory nor processor (bomb)."""
    pack = zlib.compress if encoding == "deflate" else gzip.compress
    bomb = await asyncio.to_thread(pack, bytes(50_000_000), 1)
    request = wire.request(bomb, more=f"Content-Encoding: {encoding}\r\n")
    tracemalloc.start()
    begun = time.thread_time()
    try:
        said = await wire.send(request)
        took, (_, most) = time.thread_time() - begun, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (said.status, said.kind) == (422, "body_packed")
    assert most < 5_000_000
    assert took < 0.1


async def test_no_other_address_unpacks_what_is_sent(wire: Wire) -> None:
    """A body that nobody reads is thrown away as it came."""
    bomb = await asyncio.to_thread(gzip.compress, bytes(50_000_000), 1)
    begun = time.thread_time()

    said = await wire.send(wire.request(bomb, path="nobody", more="Content-Encoding: gzip\r\n"))

    assert said.status == 404
    assert time.thread_time() - begun < 0.1


BOMBS = {
    "deep list": b"[" * 200_000 + b"]" * 200_000,
    "deep map": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep in content": b'{"event":"message_created","content":'
    + b"[" * 90_000
    + b"]" * 90_000
    + b"}",
    "huge integer": b'{"event":"message_created","id":' + b"9" * 1_000_000 + b"}",
    "huge exponent": b'{"event":"message_created","id":1e999999999}',
    "not a number": b'{"event":"message_created","id":NaN}',
    "negative id": b'{"event":"message_created","id":-1,"conversation":{"id":-7}}',
    "id beyond a bigint": TEXT.replace(b'"id": 880101', b'"id": 99999999999999999999999'),
    "long key": b'{"event":"message_created","' + b"k" * 1_000_000 + b'":1}',
    "many keys": b'{"event":"x",' + b",".join(b'"k%d":1' % one for one in range(50_000)) + b"}",
    "colliding keys": b'{"event":"x",'
    + b",".join(b'"%d":1' % (2**61 * one) for one in range(9_000))
    + b"}",
    "same key twice": b'{"event":"message_created","event":"x"}',
    "half a character": b'{"event":"message_created","content":"\\ud800"}',
    "long text": b'{"event":"message_created","content":"' + b"\\u0000" * 300_000 + b'"}',
}


@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_of_json_is_taken_or_refused_at_once(wire: Wire, name: str) -> None:
    """Depth, huge numbers, long and many keys, signed rightly: no fault of ours, no long loop."""
    begun = time.thread_time()

    said = await wire.send(wire.request(BOMBS[name]))

    assert said.status in (200, 422)
    assert said.kind in {"noise", "stored", "unreadable", "unmapped_inbox"}
    assert time.thread_time() - begun < 0.5


async def test_a_connection_that_brings_no_request_is_closed(wire: Wire) -> None:
    """Nothing at all, half a line, or a head that never ends (slowloris)."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    starts = (b"", b"POST /webh", b"POST /webhooks/chatwoot/loja-bot HTTP/1.1\r\nHost: x\r\nX-A: ")

    for said in await asyncio.gather(*(wire.send(one) for one in starts * 20)):
        assert (said.status, said.head) == (0, "")
    assert loop.time() - begun < 4


async def test_a_head_that_drips_is_given_up_although_bytes_keep_coming(wire: Wire) -> None:
    """Each byte in time does not make a request of it: its whole head has to be there."""
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    writer.write(b"GET /health/live HTTP/1.1\r\n")

    async def drip() -> None:
        while True:
            writer.write(b"X-A: b\r\n")
            await asyncio.sleep(0.02)

    dripping = asyncio.create_task(drip())
    try:
        async with asyncio.timeout(4):
            with contextlib.suppress(ConnectionError):
                assert await reader.read() == b""
    finally:
        dripping.cancel()
        writer.close()


async def test_who_brought_a_request_may_rest_and_bring_another(wire: Wire) -> None:
    """A proxy's connections are not closed under it (Chatwoot never repeats what was reset)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    for _ in range(2):
        writer.write(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        assert await reader.readuntil(b"}") == b'{"status": "live"}'
        await wire.send(b"")
    writer.close()


async def test_a_slow_body_costs_its_own_time_and_nobody_elses(wire: Wire) -> None:
    """Fifty that stop in the middle; a whole delivery beside them is stored at once."""
    half = wire.request()[:-1000]
    slow = [asyncio.create_task(wire.send(half)) for _ in range(50)]
    await asyncio.sleep(0)
    whole = await wire.send(wire.request())

    assert (whole.status, whole.kind) == (200, "stored")
    assert {(one.status, one.kind) for one in await asyncio.gather(*slow)} == {
        (500, "body_timeout")
    }


async def test_a_form_that_does_not_arrive_is_given_up() -> None:
    """The console's login waits for no half form, and answers who reads on."""
    app = web.Application(middlewares=[one_error_shape])

    async def enter(request: web.Request) -> web.Response:
        return web.json_response({"status": str(len(await request.read()))})

    app.router.add_post("/webhooks/chatwoot/loja-bot", enter)
    async with contextlib.AsyncExitStack() as stack:
        bound = stack.enter_context(listen("127.0.0.1", 0))
        await serve_app(app, bound, stack, patience=PATIENCE)
        form = Wire(Door.opened(ManualClock()), bound.getsockname()[1])
        with logging_for_real() as logs:
            said = await form.send(form.request()[:-1000])

    assert (said.status, said.kind) == (408, "request_timeout")
    assert logs.written == ""


async def test_what_is_no_http_leaves_no_word_of_itself(wire: Wire) -> None:
    """A path token in a broken request stands in no log line of ours or the library's."""
    right = f"caminho-bot/{PATH_TOKEN}"
    with logging_for_real() as logs:
        for raw in (
            wire.request(path=right, more="Content-Length: 1\r\n"),
            wire.request(path=right).replace(b"HTTP/1.1", b"HTTP/\x1b[31m"),
            wire.request(path=right, signed={}, more="Referer: http://x/tok-en\r\n"),
            wire.request(path=f"nobody/{PATH_TOKEN}", more="Expect: nonsense\r\n"),
        ):
            assert (await wire.send(raw)).status >= 400

    assert "BadHttpMessage" in logs.written, "the library said something"
    for hidden in (PATH_TOKEN, "tok-en", "Meu pedido", "\x1b"):
        assert hidden not in logs.written


async def test_no_answer_tells_what_answers(wire: Wire) -> None:
    """Versions of libraries are a list of what to try."""
    said = await wire.send(wire.request())

    assert "Server: chatcrew\r\n" in said.head + "\r\n"
    assert "aiohttp" not in said.head
