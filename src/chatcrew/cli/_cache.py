"""``chatcrew cache``: what the shared layers of the cache hold, and how to empty them."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import orjson
import typer

from chatcrew.app.storage import open_database
from chatcrew.cache import (
    CACHE_FILE,
    CHANNEL,
    MEMORY_BYTES,
    Holdings,
    Invalidations,
    Kind,
    LayeredCache,
    Scope,
    open_cache,
)
from chatcrew.clock import SystemClock
from chatcrew.database import Notices
from chatcrew.errors import StoreError
from chatcrew.settings import Settings

_WORDS = {
    "pt-BR": {
        "columns": ("camada", "entradas", "tamanho", "limite"),
        "memory": "memória",
        "file": "arquivo",
        "per_process": "cada processo tem a sua; acertos: métrica chatcrew_cache",
        "off": "não configurado",
        "away": "não respondeu",
        "unbounded": "sem limite",
        "all": "todo o cache",
        "of_tenant": "o cache de {tenant}",
        "of_kind": "{kind} de todos os negócios",
        "of_both": "{kind} de {tenant}",
        "ask": "Esquecer {what}? Os processos que rodam também esquecem. [s/N]",
        "kept": "Nada foi esquecido",
        "done": "Esquecido: {what}",
        "failed": "{layer}: não respondeu; pode ainda ter o que era para esquecer",
        "untold": "os processos que rodam não foram todos avisados ({why})",
    },
    "en": {
        "columns": ("layer", "entries", "size", "bound"),
        "memory": "memory",
        "file": "file",
        "per_process": "each process has its own; hits: metric chatcrew_cache",
        "off": "not configured",
        "away": "did not answer",
        "unbounded": "no bound",
        "all": "the whole cache",
        "of_tenant": "the cache of {tenant}",
        "of_kind": "{kind} of all tenants",
        "of_both": "{kind} of {tenant}",
        "ask": "Forget {what}? Running processes forget it too. [y/N]",
        "kept": "Nothing was forgotten",
        "done": "Forgotten: {what}",
        "failed": "{layer}: did not answer; it may still hold what was to be forgotten",
        "untold": "not every running process was told ({why})",
    },
}
_YES = {"s", "sim", "y", "yes"}
# Emptying a full file overwrites all of it.
_FILE_SECONDS = 60.0


def scope(tenant: str | None, kind: str | None) -> Scope:
    """Return what two options mean together.

    Raises:
        ValueError: there is no such kind, or no tenant can be called that.
    """
    return Scope(tenant, None if kind is None else Kind(kind))


def agreed(what: Scope, *, lang: str) -> bool:
    """Ask whether ``what`` may be forgotten."""
    words = _words(lang)
    question = words["ask"].format(what=_named(what, words))
    said = str(typer.prompt(question, default="", show_default=False))
    if said.strip().lower() in _YES:
        return True
    typer.echo(words["kept"], err=True)
    return False


async def run_stats(settings: Settings, *, lang: str, as_json: bool) -> None:
    """Print what file and Redis hold, by kind.

    Raises:
        typer.Exit: with 1 where a layer that is configured did not answer.
    """
    async with AsyncExitStack() as stack:
        found = await (await opened_cache(settings, stack)).holdings()
    rows = [_row(layer, found, settings) for layer in ("memory", "redis", "file")]
    if as_json:
        typer.echo(orjson.dumps({"layers": rows}).decode())
    else:
        _print(rows, _words(lang))
    if any(row["state"] == "away" for row in rows):
        raise typer.Exit(1)


async def run_clear(settings: Settings, *, what: Scope, lang: str) -> None:
    """Forget ``what`` in file and Redis, and have running processes forget it.

    Raises:
        typer.Exit: with 1 where a layer did not answer, or processes could not be told.
    """
    words = _words(lang)
    ways: list[Invalidations] = []
    faults: list[str] = []
    async with AsyncExitStack() as stack:
        try:
            database = await open_database(settings, stack, name="chatcrew-cache", may_own=True)
            ways.append(Notices(database, channel=CHANNEL))
        except StoreError as error:
            faults.append(words["untold"].format(why=error))
        cache = await opened_cache(settings, stack, ways=ways)
        for layer in await cache.forget(what):
            if layer == "invalidations":
                faults.append(words["untold"].format(why=layer))
            else:
                faults.append(words["failed"].format(layer=words.get(layer, layer)))
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise typer.Exit(1)
    typer.echo(words["done"].format(what=_named(what, words)))


async def opened_cache(
    settings: Settings, stack: AsyncExitStack, *, ways: list[Invalidations] | None = None
) -> LayeredCache:
    """Open the layers of this installation; a file that is not there yet is not made."""
    file, redis_url = settings.data_dir / CACHE_FILE, settings.redis_url
    return await stack.enter_async_context(
        open_cache(
            SystemClock(),
            file=file if await asyncio.to_thread(file.exists) else None,
            file_bytes=settings.cache_file_mb * 1024 * 1024,
            file_timeout=_FILE_SECONDS,
            redis_url=redis_url.get_secret_value() if redis_url else None,
            invalidations=ways or (),
        )
    )


def _row(layer: str, found: dict[str, Holdings | None], settings: Settings) -> dict[str, Any]:
    if layer == "memory":
        # this command's own is empty; those of others only their processes see
        return {"layer": layer, "state": "per_process", "bound": MEMORY_BYTES}
    if layer not in found and layer == "redis":
        return {"layer": layer, "state": "off"}
    held = found.get(layer, Holdings({}, settings.cache_file_mb * 1024 * 1024))
    if held is None:
        return {"layer": layer, "state": "away"}
    kinds = {kind: {"entries": one.entries, "bytes": one.size} for kind, one in held.kinds.items()}
    total = held.total
    return {
        "layer": layer,
        "state": "ok",
        "entries": total.entries,
        "bytes": total.size,
        "bound": held.bound,
        "kinds": kinds,
    }


def _print(rows: list[dict[str, Any]], words: dict[str, Any]) -> None:
    typer.echo(_line(*words["columns"]))
    for row in rows:
        name = words.get(row["layer"], row["layer"])
        if row["state"] != "ok":
            typer.echo(f"{name:<16}{words[row['state']]}")
            continue
        bound = words["unbounded"] if row["bound"] is None else _size(row["bound"])
        typer.echo(_line(name, row["entries"], _size(row["bytes"]), bound))
        for kind, one in row["kinds"].items():
            typer.echo(_line(f"  {kind}", one["entries"], _size(one["bytes"]), "").rstrip())


def _line(name: str, entries: object, size: str, bound: str) -> str:
    return f"{name:<16}{entries:>10}{size:>12}{bound:>14}"


def _size(size: int) -> str:
    """Return bytes as people read them, in units of 1024."""
    amount, unit = float(size), "B"
    for larger in ("kB", "MB", "GB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.0f} {unit}"


def _named(what: Scope, words: dict[str, Any]) -> str:
    pattern = {
        (False, False): "all",
        (True, False): "of_tenant",
        (False, True): "of_kind",
        (True, True): "of_both",
    }[what.tenant is not None, what.kind is not None]
    text: str = words[pattern]
    return text.format(tenant=what.tenant, kind=what.kind)


def _words(lang: str) -> dict[str, Any]:
    return _WORDS.get(lang, _WORDS["pt-BR"])
