"""``chatcrew`` commands as a first-time user runs them, for tests that read what they say."""

import asyncio
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile

from chatcrew.testing._forked import outside, warm
from chatcrew.testing.processes import free_port


async def command(
    folder: Path, data_dir: Path, *words: str, **changes: str
) -> asyncio.subprocess.Process:
    """Start a command in ``folder``, with nothing set but folders and ports.

    Args:
        folder: that holds mapping, domains and crews.
        data_dir: for what it keeps.
        words: the command and its arguments.
        changes: of its environment.
    """
    own = {"CHATCREW_DATA_DIR": str(data_dir), "CHATCREW_PORT": str(free_port())}
    own["CHATCREW_ADMIN_PORT"] = str(free_port())
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "chatcrew", *words),
        cwd=folder,
        env={**outside(), **own, **changes},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def said_until(process: asyncio.subprocess.Process, pattern: str) -> re.Match[str]:
    """Read what it says until the pattern is there.

    Raises:
        EOFError: it ended without.
        TimeoutError: a minute passed.
    """
    if process.stdout is None:
        raise EOFError("nobody listens to it")
    said = ""
    async with asyncio.timeout(60):
        while not (found := re.search(pattern, said)):
            chunk = await process.stdout.read(4096)
            if not chunk:
                raise EOFError(said)
            said += chunk.decode()
    return found


async def finished(*words: str, environment: Mapping[str, str]) -> tuple[int, bytes, bytes]:
    """Return the exit code of a command, what it printed, and what it complained of.

    It is forked from a process that has imported everything, as ``Program`` is.

    Raises:
        TimeoutError: a minute passed.
    """
    nursery = await asyncio.to_thread(warm.nursery)
    with (
        await asyncio.to_thread(TemporaryFile) as said,
        await asyncio.to_thread(TemporaryFile) as complained,
    ):
        streams = (said, complained)
        try:
            process = await nursery.start(
                words,
                descriptors=[one.fileno() for one in streams],
                numbers=(1, 2),
                environment={**outside(), **environment},
            )
            async with asyncio.timeout(60):
                code = await process.wait()
        finally:
            nursery.close()
        output, complaints = (os.pread(one.fileno(), 1 << 24, 0) for one in streams)
        return code, output, complaints
