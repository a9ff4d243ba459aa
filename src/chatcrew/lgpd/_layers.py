"""The layers beside the database: what the cache keeps of a tenant, and the files of the house."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

from chatcrew.cache import Kind, LayeredCache, Scope
from chatcrew.lgpd._port import Hit, Looked
from chatcrew.lgpd._reading import Unread, pieces
from chatcrew.lgpd._views import words_of

_CUSTOMERS: Final = tuple(kind for kind in Kind if kind is not Kind.CONFIGS)
"""Kinds of the cache that customers' words can stand in."""
_OF_THE_DATABASE: Final = ("postgres",)
"""Folders of the embedded server, whose tables are searched by asking it."""


class CacheLayer:
    """Satisfies ``Layer``: all layers of the cache, in every process.

    Args:
        cache: of this process; it tells the others.
    """

    name = "cache"

    def __init__(self, cache: LayeredCache) -> None:
        self._cache = cache

    async def forget(self, tenant: str) -> Sequence[str]:
        """Forget completions, answers, look-ups, vectors and searches of a tenant."""
        away: set[str] = set()
        for kind in _CUSTOMERS:
            away.update(await self._cache.forget(Scope(tenant, kind)))
        return sorted(away)

    async def search(self, kinds: Callable[[str], Collection[str]], *, tenant: str) -> Looked:
        """Read every value that the shared layers still have of a tenant."""
        searched: dict[str, int] = {}
        hits: list[Hit] = []
        away: list[str] = []
        for layer, values in (await self._cache.values(Scope(tenant))).items():
            if values is None:
                away.append(layer)
                continue
            searched[f"cache.{layer}"] = len(values)
            for key, value in values:
                found = await asyncio.to_thread(kinds, words_of(value))
                hits += [Hit(f"cache.{layer}", key, kind) for kind in sorted(found)]
        return Looked(searched, hits, away)


class FileLayer:
    """Satisfies ``Layer``: the files of configuration and data, which are read, never changed.

    Args:
        folders: searched with everything below them but the embedded database.
    """

    name = "files"

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    async def forget(self, tenant: str) -> Sequence[str]:
        """Do nothing: files that admins wrote are theirs to change."""
        return ()

    async def search(self, kinds: Callable[[str], Collection[str]], *, tenant: str) -> Looked:
        """Read every file to its end, packed ones too, SQLite's also row by row."""
        return await asyncio.to_thread(self._searched, kinds)

    def _searched(self, kinds: Callable[[str], Collection[str]]) -> Looked:
        searched: dict[str, int] = {}
        hits: list[Hit] = []
        away: list[str] = []
        for folder in self._folders:
            count = 0
            for path in _files(folder):
                place = f"{folder.name}/{path.relative_to(folder)}"
                found: set[str] = set()
                try:
                    for text in pieces(path):
                        found.update(kinds(text))
                    count += 1
                except FileNotFoundError:
                    continue
                except Unread:
                    away.append(place)
                hits += [Hit(place, "", kind) for kind in sorted(found)]
            searched[f"files.{folder.name}"] = count
        return Looked(searched, hits, away)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(_OF_THE_DATABASE) for part in parts):
            yield path
