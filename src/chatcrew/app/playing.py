"""Plays conversation tests in a process of its own, which takes nothing from the running server."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

import orjson

from chatcrew.app.verdicts import Row, Verdict
from chatcrew.settings import Settings

PATIENCE = 120.0
"""Seconds that the start of everything and the first business may take, and ..."""
PATIENCE_EACH = 20.0
"""... each further business."""

NICE = 5
"""How much the play steps back behind everything that answers customers (nice(2))."""

_OTHERS = frozenset(
    {"CHATCREW_DATABASE_URL", "CHATCREW_REDIS_URL", "PROMETHEUS_MULTIPROC_DIR", "OPENAI_API_KEY"}
)
"""What belongs to the running server: its database, its cache, its counters, its key."""
_SAID = ("file", "line", "kind", "expected", "got", "read")
_LINE = 16 * 1024 * 1024
_QUIT = 10.0

Keep = Callable[[Verdict], Awaitable[None]]


class Player(Protocol):
    """Plays conversation tests."""

    async def play(self, contents: Mapping[str, str], *, kept: Keep) -> None:
        """Play the tests of each tenant and say how they went.

        A tenant whose files are others by now is left out.

        Args:
            contents: digest of what is to be played, by tenant.
            kept: called with each verdict, as soon as there is one.
        """
        ...


class ProcessPlayer:
    """Plays by ``chatcrew test``.

    Args:
        settings: where files and data lie.
        command: the program.
        patience: seconds for the first business.
        each: seconds for every further one.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        command: Sequence[str] = (sys.executable, "-m", "chatcrew"),
        patience: float = PATIENCE,
        each: float = PATIENCE_EACH,
    ) -> None:
        self._settings = settings
        self._command = tuple(command)
        self._patience = patience
        self._each = each

    async def play(self, contents: Mapping[str, str], *, kept: Keep) -> None:
        """Play the tests of each tenant; those of whom nothing was heard could not be played."""
        left, whole = dict(contents), False
        try:
            process = await self._started(sorted(left))
        except OSError:  # no memory, no process numbers
            process = None
        if process is not None and process.stdout is not None:
            try:
                async with asyncio.timeout(self._patience + self._each * (len(left) - 1)):
                    async for line in process.stdout:
                        said = _read(line)
                        if said is None or said[0] not in left:
                            continue
                        tenant, played, rows = said
                        wanted = left.pop(tenant)
                        if played == wanted:
                            await kept(Verdict(wanted, tenant, rows))
                whole = True
            except TimeoutError:
                pass
            finally:
                await _ended(process, patience=_QUIT if whole else 0.0)
        for tenant, wanted in left.items():
            await kept(Verdict(wanted, tenant, None))

    async def _started(self, tenants: Sequence[str]) -> asyncio.subprocess.Process:
        settings = self._settings
        environment = {key: one for key, one in os.environ.items() if key not in _OTHERS}
        process = await asyncio.create_subprocess_exec(
            *(*self._command, "test", *tenants, "--json", "--parent", str(os.getpid())),
            env={
                **environment,
                "CHATCREW_CONFIG_DIR": str(settings.config_dir),
                "CHATCREW_CREWS_DIR": str(settings.crews_dir),
                "CHATCREW_DATA_DIR": str(settings.data_dir),
            },
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LINE,
        )
        # What it starts later inherits this
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, os.nice(0) + NICE)
        return process


async def _ended(process: asyncio.subprocess.Process, *, patience: float) -> None:
    """See that it ends; who has no patience ends it as Ctrl-C does, so that its database goes too.

    Args:
        process: the one.
        patience: seconds it may take by itself.
    """
    for number, seconds in ((None, patience), (signal.SIGINT, _QUIT), (signal.SIGKILL, _QUIT)):
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError, TimeoutError):
            if number is not None:
                process.send_signal(number)
            async with asyncio.timeout(seconds):
                await process.wait()


def _read(line: bytes) -> tuple[str, str, tuple[Row, ...]] | None:
    """Return tenant, content and failures of a report, None where a line is none."""
    with contextlib.suppress(ValueError, LookupError, TypeError):
        said: Any = orjson.loads(line)
        rows = tuple(
            {**{key: failure[key] for key in _SAID}, "name": played["name"]}
            for played in said["conversations"]
            for failure in played["failures"]
        )
        return said["tenant"], said["content"], rows
    return None
