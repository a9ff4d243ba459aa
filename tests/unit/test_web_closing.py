"""How connections end: nobody is reset who was accepted, and nobody is kept who does not read."""

import asyncio
import contextlib

from aiohttp import web

from chatcrew.web import stop_accepting
from chatcrew.web.patience import give


async def test_a_connection_accepted_in_the_moment_of_the_end_is_answered() -> None:
    """Chatwoot never repeats a delivery whose connection was reset (contract §1.6, S1-12)."""

    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    app = web.Application()
    app.router.add_get("/", hello)
    faults: list[dict[str, object]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: faults.append(context))
    answered = 0
    for passes in range(6):
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        opening = asyncio.create_task(asyncio.open_connection(host, port))
        for _ in range(passes):
            await asyncio.sleep(0)
        await stop_accepting(runner)
        with contextlib.suppress(ConnectionError):
            reader, writer = await opening
            writer.write(b"GET / HTTP/1.0\r\n\r\n")
            answered += (await reader.read()).endswith(b"hello")
            writer.close()
        await runner.cleanup()
    assert faults == []
    assert answered > 0


async def test_who_does_not_read_a_file_is_cut_off() -> None:
    """Else it would hold what the file is read from for as long as it likes (S1-12)."""
    ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def file(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await give(request, response, bytes(1_000_000), within=0.2)
        except ConnectionResetError as error:
            ended.set_result(str(error))
        return response

    app = web.Application()
    app.router.add_get("/", file)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
    writer.write(b"GET / HTTP/1.0\r\n\r\n")
    assert await asyncio.wait_for(ended, 5) == "the client does not read"
    with contextlib.suppress(ConnectionError):
        while await asyncio.wait_for(reader.read(1_000_000), 5):
            pass
    writer.close()
    await runner.cleanup()
