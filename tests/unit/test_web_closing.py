"""The end of a server resets nobody whom the kernel had already given to it."""

import asyncio
import contextlib

from aiohttp import web

from chatcrew.web import stop_accepting


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
