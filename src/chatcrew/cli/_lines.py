"""Standard input line by line, without holding up the end of the program."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from io import FileIO


async def typed_lines(descriptor: int | None = None) -> AsyncIterator[str]:
    """Yield lines without their end until the input ends.

    A thread that asyncio knows would be waited for at the end, until somebody presses Enter; this
    one is a daemon, and reads unbuffered because a buffer's lock would stop the interpreter.

    Args:
        descriptor: where to read, default: standard input.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    source = FileIO(sys.stdin.fileno() if descriptor is None else descriptor, closefd=False)

    def pump() -> None:
        try:
            while raw := source.readline():
                loop.call_soon_threadsafe(lines.put_nowait, raw.decode(errors="replace").rstrip())
            loop.call_soon_threadsafe(lines.put_nowait, None)
        except RuntimeError:
            return  # the loop is closed: nobody reads any more

    threading.Thread(target=pump, name="lines", daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line
