"""``chatcrew`` commands as a first-time user runs them, for tests that read what they say."""

import asyncio
import os
import re
import sys
from pathlib import Path

from chatcrew.testing.processes import free_port

_FOREIGN = ("CHATCREW_", "OPENAI_", "PROMETHEUS_")


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
    outer = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    own = {"CHATCREW_DATA_DIR": str(data_dir), "CHATCREW_PORT": str(free_port())}
    own["CHATCREW_ADMIN_PORT"] = str(free_port())
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "chatcrew", *words),
        cwd=folder,
        env={**outer, **own, **changes},
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
