"""``chatcrew privacy``: shows a person everything, erases him everywhere, and proves it."""

import asyncio
import getpass
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import orjson
import typer

from chatcrew.app.configuration import load_directory
from chatcrew.app.erasing import open_privacy, retain
from chatcrew.app.storage import open_database
from chatcrew.cache import CACHE_FILE, CHANNEL, open_cache
from chatcrew.cli._privacy_told import tell, tell_scan
from chatcrew.cli._privacy_words import YES, words_of
from chatcrew.cli._shown import shown
from chatcrew.clock import SystemClock
from chatcrew.database import Database, Notices
from chatcrew.lgpd import (
    HousePrivacy,
    Needle,
    PrivateFile,
    Sought,
    genuine,
    given,
    to_json,
    written,
)
from chatcrew.messages import Person
from chatcrew.settings import Settings
from chatcrew.tenancy import Directory

# Emptying a full file overwrites all of it.
_FILE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _House:
    privacy: HousePrivacy
    database: Database
    directory: Directory
    clock: SystemClock


async def run_export(
    settings: Settings, *, tenant: str, sought: Sought, to: Path | None, lang: str
) -> None:
    """Print or write everything kept of a person.

    Raises:
        typer.Exit: with 1 where nobody, or more than one, is found.
    """
    words = words_of(lang)
    async with AsyncExitStack() as stack:
        house = await _open(settings, stack)
        person = await _one(house, tenant, sought, words)
        kept = await house.privacy.export(person, actor=_actor())
        content = orjson.dumps(kept, option=orjson.OPT_INDENT_2)
        if to is None:
            typer.echo(content.decode())
            return
        path = await asyncio.to_thread(to.absolute)
        digest = await written(path, content)
        now = house.clock.now()
        stone = await house.privacy.tombstone(person, erasure="", actor="", at=now)
        file = PrivateFile(str(path), "export", digest, now, tenant=tenant, person=stone.person)
        await house.privacy.records.note_file(file)
    typer.echo(words["exported"].format(path=path))


async def run_erase(
    settings: Settings,
    *,
    tenant: str,
    sought: Sought,
    to: Path | None,
    yes: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Erase a person and print the receipt.

    Raises:
        typer.Exit: with 1 where nobody, or more than one, is found, or nothing was to be erased;
            also where the verification still found something or could not read something, or a
            layer was away.
    """
    words = words_of(lang)
    async with AsyncExitStack() as stack:
        house = await _open(settings, stack)
        person = await _one(house, tenant, sought, words)
        if not yes and not _agreed(person, words):
            raise typer.Exit(1)
        receipt = await house.privacy.erase(person, actor=_actor())
    content = orjson.dumps(to_json(receipt), option=orjson.OPT_INDENT_2)
    if to is not None:
        await written(await asyncio.to_thread(to.absolute), content)
    if as_json:
        typer.echo(orjson.dumps(to_json(receipt)).decode())
    else:
        tell(receipt, words)
        if to is not None:
            typer.echo(words["written"].format(path=to))
    if receipt.left or receipt.unreadable or receipt.document["scan"]["away"]:
        raise typer.Exit(1)


async def run_scan(
    settings: Settings, *, tenant: str, sought: Sought, lang: str, as_json: bool
) -> None:
    """Print where a person is found; what is known of him is looked for as well."""
    words = words_of(lang)
    async with AsyncExitStack() as stack:
        house = await _open(settings, stack)
        wanted: set[Needle] = set()
        asked = (("phone", sought.phone), ("email", sought.email), ("cpf", sought.document))
        for kind, said in asked:
            wanted |= given(kind, said) if said else frozenset()
        for person in await house.privacy.find(tenant, sought):
            wanted |= await house.privacy.known_by(person)
        found = await house.privacy.scan(tenant, wanted)
    if as_json:
        hits = [{"place": one.place, "key": one.key, "kind": one.kind} for one in found.hits]
        closed = [{"place": one.place, "key": one.key} for one in found.unreadable]
        body = {"searched": dict(found.searched), "hits": hits, "unreadable": closed}
        body["away"] = list(found.away)
        typer.echo(orjson.dumps(body).decode())
    else:
        tell_scan(found, words)


async def run_retention(settings: Settings, *, dry_run: bool, lang: str, as_json: bool) -> None:
    """Delete what is too old, or say what would go."""
    words = words_of(lang)
    async with AsyncExitStack() as stack:
        house = await _open(settings, stack)
        found = await retain(
            house.database,
            house.directory.current,
            clock=house.clock,
            dry_run=dry_run,
            actor=_actor(),
        )
    if as_json:
        rows = [
            {
                "store": one.store,
                "kind": one.kind,
                "tenant": one.tenant,
                "before": one.before.isoformat(),
                "rows": one.rows,
            }
            for one in found
        ]
        typer.echo(orjson.dumps({"dry_run": dry_run, "expired": rows}).decode())
        return
    for one in found:
        typer.echo(
            words["old"].format(
                rows=one.rows,
                store=one.store,
                kind=one.kind,
                tenant=one.tenant or words["house"],
                before=one.before.date(),
            )
        )
    total = sum(one.rows for one in found)
    said = words["would" if dry_run else "did"].format(rows=total)
    typer.echo(said if total else words["nothing_old"])


async def run_receipts(settings: Settings, *, tenant: str | None, lang: str, as_json: bool) -> None:
    """Print the receipts that were given."""
    words = words_of(lang)
    async with AsyncExitStack() as stack:
        house = await _open(settings, stack)
        receipts = await house.privacy.records.receipts(tenant)
    if as_json:
        typer.echo(orjson.dumps(receipts).decode())
        return
    for one in receipts:
        said = one["receipt"]
        left = "?" if said["scan"]["found"] is None else said["scan"]["found"]
        typer.echo(shown(words["receipt"].format(**{**said, "at": said["at"][:16]}, left=left)))
    if not receipts:
        typer.echo(words["no_receipts"])


async def run_verify(settings: Settings, *, file: Path, public_key: str | None, lang: str) -> None:
    """Say whether a receipt is genuine.

    Raises:
        typer.Exit: with 1 where it is not, 2 where it is none.
    """
    words = words_of(lang)
    try:
        receipt = orjson.loads(await asyncio.to_thread(file.read_bytes))
        said = receipt["receipt"]
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        typer.echo(words["unreadable"].format(path=file), err=True)
        raise typer.Exit(2) from None
    if public_key is None:
        async with AsyncExitStack() as stack:
            public_key = await (await _open(settings, stack)).privacy.public_key()
    if not genuine(receipt, public=public_key):
        typer.echo(words["forged"], err=True)
        raise typer.Exit(1)
    typer.echo(shown(words["genuine"].format(**said)))


async def run_key(settings: Settings, *, lang: str) -> None:
    """Print the public key of this house's receipts."""
    async with AsyncExitStack() as stack:
        typer.echo(await (await _open(settings, stack)).privacy.public_key())


async def _open(settings: Settings, stack: AsyncExitStack) -> _House:
    clock = SystemClock()
    database = await open_database(settings, stack, name="chatcrew-privacy", may_own=True)
    notices = await stack.enter_async_context(Notices(database, channel=CHANNEL))
    file, redis_url = settings.data_dir / CACHE_FILE, settings.redis_url
    cache = await stack.enter_async_context(
        open_cache(
            clock,
            file=file if await asyncio.to_thread(file.exists) else None,
            file_bytes=settings.cache_file_mb * 1024 * 1024,
            file_timeout=_FILE_SECONDS,
            redis_url=redis_url.get_secret_value() if redis_url else None,
            invalidations=[notices],
        )
    )
    directory = await load_directory(settings)
    privacy = open_privacy(
        settings, database=database, cache=cache, clock=clock, current=lambda: directory.current
    )
    return _House(privacy, database, directory, clock)


async def _one(house: _House, tenant: str, sought: Sought, words: dict[str, str]) -> Person:
    """Return the one person that is meant; exit with 1 where there is none, or several."""
    found = await house.privacy.find(tenant, sought)
    if len(found) == 1:
        return found[0]
    if not found:
        typer.echo(words["nobody"].format(tenant=tenant), err=True)
    else:
        typer.echo(words["several"].format(count=len(found)), err=True)
        for one in found:
            said = words["person"].format(contact=one.contact, account=one.account)
            typer.echo(said, err=True)
    raise typer.Exit(1)


def _agreed(person: Person, words: dict[str, str]) -> bool:
    question = words["ask"].format(
        contact=person.contact, account=person.account, tenant=person.tenant
    )
    said = str(typer.prompt(question, default="", show_default=False))
    if said.strip().lower() in YES:
        return True
    typer.echo(words["kept"], err=True)
    return False


def _actor() -> str:
    return f"cli:{getpass.getuser()}"
