"""HTTP without sockets does what a client and a server would see over one."""

import asyncio
import json

import aiohttp
import pytest
from aiohttp import web
from benchmarks import _virtual

from chatcrew.testing.wires import Wires

BASE = "http://127.0.0.1:1"


async def _served(wires: Wires, done: list[str]) -> web.AppRunner:
    """Serve an application that echoes, waits or hangs up."""

    async def echo(request: web.Request) -> web.Response:
        body = await request.read()
        return web.Response(body=body, headers={"X-Seen": request.headers["X-Said"]}, status=201)

    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(10.0)
        done.append(request.query["name"])
        return web.json_response(done)

    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    app = web.Application()
    app.router.add_post("/echo", echo)
    app.router.add_get("/slow", slow)
    app.router.add_get("/hang-up", hang_up)
    runner = web.AppRunner(app)
    await runner.setup()
    wires.serve(BASE, runner)
    return runner


def test_a_request_comes_as_it_was_sent_and_so_does_its_answer() -> None:
    """Body, headers, query and status; what nobody routes is 404."""

    async def main() -> None:
        wires = Wires()
        runner = await _served(wires, [])
        session = wires.session(way=lambda: 0.25)
        begun = asyncio.get_running_loop().time()
        async with session.post(f"{BASE}/echo", data=b"ol\xc3\xa1", headers={"X-Said": "a"}) as got:
            assert (got.status, await got.text(), got.headers["X-Seen"]) == (201, "olá", "a")
        assert asyncio.get_running_loop().time() - begun == pytest.approx(0.5)
        async with session.get(f"{BASE}/slow", params={"name": "é & ü"}) as got:
            assert json.loads(await got.text()) == ["é & ü"]
        async with session.get(f"{BASE}/nowhere") as got:
            assert got.status == 404
        await runner.cleanup()

    _virtual.run(main())


def test_who_gives_up_leaves_the_server_at_work_and_who_is_cut_off_gets_no_answer() -> None:
    """A timed-out call still has its effect; a server that dies or hangs up answers nobody."""

    async def main() -> None:
        wires, done = Wires(), list[str]()
        runner = await _served(wires, done)
        session = wires.session(timeout=2.0)
        with pytest.raises(TimeoutError):
            async with session.get(f"{BASE}/slow", params={"name": "late"}):
                pass
        await asyncio.sleep(20.0)
        assert done == ["late"]
        with pytest.raises(aiohttp.ServerDisconnectedError):
            async with session.get(f"{BASE}/hang-up"):
                pass
        asyncio.get_running_loop().call_later(1.0, lambda: wires.cut(BASE, at_once=True))
        with pytest.raises(aiohttp.ServerDisconnectedError):
            async with session.get(f"{BASE}/slow", params={"name": "never"}):
                pass
        with pytest.raises(aiohttp.ClientConnectorError):
            async with session.get(f"{BASE}/slow"):
                pass
        await asyncio.sleep(20.0)
        assert done == ["late"]
        await runner.cleanup()

    _virtual.run(main())
