"""The drill: a sealed house is kept, damaged and brought back; the erased stay so (N8)."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from chatcrew.app.backing import Restored, back_up, bring_back
from chatcrew.app.erasing import open_privacy
from chatcrew.app.foundation import Foundation
from chatcrew.backups import Reader, keep_stones
from chatcrew.conversations import PostgresHistory
from chatcrew.database import Database
from chatcrew.ids import ConversationId
from chatcrew.lgpd import HousePrivacy, Sought
from chatcrew.privacy import Keyring
from chatcrew.testing._planted_sql import dumped
from chatcrew.testing._postgres import PostgresForTests
from chatcrew.testing.responders import ScriptedResponder

CLINIC = "health/varizemed"
FIRST = "jabuticabeira"
ERASED = "+5581911112222"
STORY = "Sou Iracema Quixabeira e operei a perna em Caruaru"


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Nobody sends bursts here."""
    return prompt_crews


@pytest.fixture
def keys() -> Keyring:
    """The key of the house."""
    return Keyring([("2026-a", b"a" * 32)])


@pytest.fixture
async def database(database_url: str, keys: Keyring) -> AsyncIterator[Database]:
    """Give a database that seals."""
    async with await Database.open(database_url, pool_size=5, keys=keys) as opened:
        yield opened


def unpacked(path: Path) -> str:
    """Return all tables of an archive as text."""
    with zipfile.ZipFile(path) as archive:
        tables = [one for one in archive.namelist() if one.startswith("tables/")]
        return "".join(archive.read(one).decode() for one in tables)


async def conversation(database: Database, number: int) -> ConversationId:
    """Return a conversation by its number."""
    query = text("select account, bot, number from conversation where number = :number")
    async with database.begin() as connection:
        return ConversationId(*(await connection.execute(query, {"number": number})).one())


async def names_in(database: Database, *words: str) -> set[str]:
    """Return the tables in which a word can be read."""
    found = await dumped(database)
    return {name for name, rows in found.items() if any(w in row for row in rows for w in words)}


def privacy_over(base: Foundation, database: Database) -> HousePrivacy:
    """Return what erases people in a database."""
    return open_privacy(
        base.settings,
        database=database,
        cache=base.cache,
        clock=base.clock,
        current=lambda: base.directory.current,
    )


async def restored(
    database: Database, base: Foundation, path: Path, tenant: str | None = None
) -> Restored:
    """Restore a backup with the list of who was erased that lies beside it."""
    archive = await asyncio.to_thread(Reader, path)
    privacy = privacy_over(base, database)
    try:
        return await bring_back(
            database, archive, beside=path.parent, privacy=privacy, clock=base.clock, tenant=tenant
        )
    finally:
        archive.close()


async def test_a_house_comes_back_talks_go_on_and_the_erased_stay_erased(
    clinic, database, keys, postgres: PostgresForTests, tmp_path: Path
) -> None:
    """A backup, an erasure, damage: one tenant restored while it runs, then a new machine."""
    crew = ScriptedResponder(lambda ask: f"eco {ask.inputs['history']}")
    folder, sought = tmp_path / "kept", Sought(phone=ERASED)
    async with clinic(responder=crew) as c:
        base = c.bot.base
        talk = await c.says(f"quanto custa a {FIRST}?")
        await c.reply(talk)
        iracema = c.account.add_contact(name="Iracema Quixabeira", phone_number=ERASED)
        hers = await c.chatwoot.customer_says(c.inbox, iracema, STORY)
        await c.reply(hers)
        await c.settled()
        put_aside = [
            await back_up(base.settings, database, folder, clock=base.clock, tenant=tenant)
            for tenant in (None, CLINIC)
        ]
        privacy = privacy_over(base, database)
        (person,) = await privacy.find(CLINIC, sought)
        await privacy.erase(person, actor="test")
        await asyncio.to_thread(keep_stones, folder, await privacy.records.tombstones())
        async with database.begin() as connection:
            await connection.execute(text("delete from message"))

        done = await restored(database, base, put_aside[1].path, CLINIC)

        assert (done.left, done.erased) == (0, 1)
        assert await privacy.find(CLINIC, sought) == []
        await c.says("e dá fruto em que mês, por favor?")
        last = await c.reply(talk, count=2)
        await c.settled()
        assert FIRST in (last.content or "")
        async with (
            postgres.fresh(migrated=False) as url,
            await Database.open(url, pool_size=3, keys=keys) as machine,
        ):
            again = await restored(machine, base, put_aside[0].path)
            number = await privacy_over(base, machine).find(CLINIC, Sought(contact=c.contact.id))
            where = await conversation(machine, talk.id)
            lines = await PostgresHistory(machine).window(where, limit=10)
            left = await names_in(machine, "Quixabeira", "Caruaru", ERASED)
            sealed = await names_in(machine, FIRST)

    assert again.erased == 1
    assert len(number) == 1
    assert any(FIRST in line.text for line in lines)
    assert left == set()
    assert sealed == set()
    for one in put_aside:
        assert FIRST not in await asyncio.to_thread(unpacked, one.path)
