"""Notices that files changed: at once where the system tells, else by looking again."""

import asyncio
import contextlib
import importlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from chatcrew.telemetry import get_logger
from chatcrew.tenancy.model import KNOWLEDGE_FOLDER

_log = get_logger("config")

STEP = 100
"""Milliseconds between two looks of the watcher at what the system told it."""
DEBOUNCE = 400
"""Milliseconds after which changes that go on are told all the same."""

_YAML_DEEP = 2
_DOCUMENTS_DEEP = 9

Stamp = tuple[tuple[str, int, int, int, int], ...]
"""Path, size, times of last change of content and of anything, inode: of every file."""


def stamp(files: Iterable[Path], folders: Iterable[Path]) -> Stamp:
    """Return what tells a changed file from the same one, without reading any.

    Args:
        files: looked at by themselves.
        folders: looked at two levels deep, as deep as YAML lies, and where they are called
            ``knowledge`` as deep as documents do; linked folders are not entered there.
    """
    roots = [(str(one), _YAML_DEEP, False) for one in folders]
    return tuple(sorted(_looked_at([*map(str, files)], roots)))


def _looked_at(
    files: list[str], folders: list[tuple[str, int, bool]]
) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield what is there; of a folder: path, levels below it, whether documents lie in it."""
    for path in files:
        with contextlib.suppress(OSError, ValueError):
            found = os.stat(path)  # noqa: PTH116 - strings are several times as quick as paths here
            yield path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
    for folder, deep, documents in folders:
        yield folder, 0, 0, 0, 0  # that it is there, not when: editors write their own files in it
        inside: list[str] = []
        below: list[tuple[str, int, bool]] = []
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                # a link among documents is not followed: it may lead in a circle
                if not entry.is_dir(follow_symlinks=not documents):
                    inside.append(entry.path)
                elif entry.name == KNOWLEDGE_FOLDER and not documents:
                    below.append((entry.path, _DOCUMENTS_DEEP, True))
                elif deep > 0:
                    below.append((entry.path, deep - 1, documents))
        yield from _looked_at(inside, below)


class Watching:
    """Sets an event whenever something under some paths may have changed.

    It may miss changes (network drives, exhausted watches): who waits looks again by himself.

    Args:
        paths: files and folders; they may be gone and come again.
    """

    def __init__(self, *paths: Path) -> None:
        self._paths = paths
        self._roots: tuple[tuple[str, int], ...] = ()
        self._task: asyncio.Task[None] | None = None
        self._deaf = False
        self.changed = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self.follow()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._end()

    async def follow(self) -> None:
        """Watch what lies at the paths now: a folder that was made anew is another folder."""
        roots = await asyncio.to_thread(self._identities)
        if self._deaf or (roots == self._roots and self._task and not self._task.done()):
            return
        await self._end()
        self._roots = roots
        if roots:
            paths = [path for path, _ in roots]
            self._task = asyncio.create_task(self._watch(paths), name="watch")

    async def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def _identities(self) -> tuple[tuple[str, int], ...]:
        found = []
        for path in self._paths:
            with contextlib.suppress(OSError):
                found.append((str(path), path.stat().st_ino))
        return tuple(found)

    async def _watch(self, paths: list[str]) -> None:
        try:
            # Reading a library takes a while, and the loop has webhooks to answer.
            library = await asyncio.to_thread(importlib.import_module, "watchfiles")
            async for _ in library.awatch(*paths, watch_filter=None, step=STEP, debounce=DEBOUNCE):
                self.changed.set()
        except FileNotFoundError:
            return  # gone since we looked; ``follow`` finds what comes in its place
        except (ImportError, OSError, RuntimeError) as error:
            self._give_up(type(error).__name__)

    def _give_up(self, reason: str) -> None:
        """Say once that changes are only found by looking."""
        self._deaf = True
        _log.warning("config.not_watched", reason=reason)
