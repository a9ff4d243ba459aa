"""What customers say is sealed in the database, and still answered, remembered, rotated (S1-76)."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, text

from chatcrew.app._rotation_sql import SEALED, Rotated, StillSealing, rotate
from chatcrew.app.sealing import prove_keys
from chatcrew.conversations import PostgresHistory
from chatcrew.database import Database
from chatcrew.database.schema import metadata
from chatcrew.database.transactions import transaction
from chatcrew.errors import ConfigErrors
from chatcrew.ids import ConversationId
from chatcrew.privacy import Keyring
from chatcrew.testing.responders import ScriptedResponder

FIRST, SECOND = ("2026-a", b"a" * 32), ("2026-b", b"b" * 32)
ASKED, ANSWERED = "jabuticabeira", "mandacaru"
AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def keys() -> Keyring:
    """The keys of the test's database."""
    return Keyring([FIRST])


@pytest.fixture
async def database(database_url: str, keys: Keyring) -> AsyncIterator[Database]:
    """Give a database that seals."""
    async with await Database.open(database_url, pool_size=5, keys=keys) as opened:
        yield opened


async def read_all(database: Database) -> dict[str, str]:
    """Return everything that stands in each table, as somebody reads it who has the disk."""
    found = {}
    async with transaction(database) as connection:
        for table in metadata.sorted_tables:
            rows = await connection.execute(
                text(f"select coalesce(string_agg(to_jsonb(t)::text, ' '), '') from {table.name} t")
            )
            found[table.name] = rows.scalar_one()
    return found


async def database_talks(database: Database) -> list[ConversationId]:
    """Return the conversations that are stored."""
    async with transaction(database) as connection:
        found = await connection.execute(text("select account, bot, number from conversation"))
        return [ConversationId(*row) for row in found]


def holds(stored: str, word: str) -> bool:
    """Whether a word stands there, as text or as the hex of bytes."""
    return word in stored or word.encode().hex() in stored


async def test_a_talk_is_answered_and_nobody_reads_it_on_the_disk(clinic, database) -> None:
    """History and burst open again for the bot; no table holds the words of either side."""
    crew = ScriptedResponder(lambda ask: f"{ANSWERED}: {ask.inputs['history']}")
    async with clinic(responder=crew) as c:
        talk = await c.says(f"quanto custa a {ASKED}?")
        await c.reply(talk)
        await c.says(f"e a {ASKED} dá fruto quando, por favor?")
        last = await c.reply(talk, count=2)
        await c.settled()
        stored = await read_all(database)
        where = next(iter(await database_talks(database)))
        lines = await PostgresHistory(database).window(where, limit=10)

    assert ASKED in (last.content or "")
    assert sum(ASKED in line.text for line in lines) >= 2
    for word in (ASKED, ANSWERED):
        assert [name for name, rows in stored.items() if holds(rows, word)] == []


async def test_keys_come_change_and_go_without_a_word_lost(database_url, keys) -> None:
    """Plain, one key, the next, plain again; each column, once; begun again it changes nothing."""
    word = "carnaubeira"
    async with await Database.open(database_url) as plain:
        await _plant(plain, word)
    async with await Database.open(database_url, keys=Keyring([FIRST])) as opened:
        await prove_keys(opened)
        await _rotated(opened)
        assert [name for name, rows in (await read_all(opened)).items() if holds(rows, word)] == []
        plain_again = await _rotated(opened, plain=True)
        open_tables = [n for n, rows in (await read_all(opened)).items() if holds(rows, word)]
        assert [one.sealed for one in plain_again] == [1] * len(SEALED)
        assert sorted(open_tables) == sorted({column.table.name for column in SEALED})
    ways = [
        Keyring([FIRST]),
        Keyring([SECOND, FIRST]),
        Keyring([SECOND]),
    ]
    for now in ways:
        async with await Database.open(database_url, keys=now) as opened:
            await prove_keys(opened)
            first = await _rotated(opened)
            again = await _rotated(opened)
            stored = await read_all(opened)

        assert {one.name for one in first} == {column.name for column in SEALED}
        assert all(one.rows == 1 for one in first)
        # the last way has nothing to change: the key is the first already
        assert [one.sealed for one in first] == [0 if now is ways[-1] else 1] * len(SEALED)
        assert [one.sealed for one in again] == [0] * len(SEALED)
        assert [name for name, rows in stored.items() if holds(rows, word)] == []


async def test_a_key_that_somebody_still_seals_with_is_not_given_up(database_url) -> None:
    """Else what he wrote would be lost with it; once he has ended, the old key may go."""
    both = Keyring([SECOND, FIRST])
    async with (
        await Database.open(database_url, keys=Keyring([FIRST])) as old,
        await Database.open(database_url, keys=both) as new,
    ):
        await prove_keys(old)
        await prove_keys(new)
        writing = asyncio.create_task(_go_on_rating(old))
        with pytest.raises(StillSealing):
            await _rotated(new)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        await _rotated(new)
    async with await Database.open(database_url, keys=Keyring([SECOND])) as opened:
        await prove_keys(opened)


async def _go_on_rating(database: Database) -> None:
    """Write one sealed rating after the other, as a process that was not restarted."""
    for number in itertools.count(1):
        words = database.keys.seal("ótimo", "rating b")
        row = {"bot": "b", "number": 1, "message_id": number, "rating": 5, "at": AT}
        async with transaction(database) as connection:
            await connection.execute(
                insert(metadata.tables["rating"]).values(**row, feedback=words)
            )


async def test_a_missing_or_other_key_ends_the_start_with_the_way_out(database_url, keys) -> None:
    """Nobody is answered with half of what is stored."""
    async with await Database.open(database_url, keys=keys) as opened:
        await prove_keys(opened)
    for now, words in (
        (Keyring(), "falta a chave '2026-a'"),
        (Keyring([SECOND]), "falta a chave '2026-a'"),
        (Keyring([(FIRST[0], b"x" * 32)]), "a chave '2026-a' é outra"),
    ):
        async with await Database.open(database_url, keys=now) as opened:
            with pytest.raises(ConfigErrors) as raised:
                await prove_keys(opened)
        assert words in str(raised.value.exceptions[0])
        assert "CHATCREW_ENCRYPTION_KEYS" in str(raised.value.exceptions[0])
    async with await Database.open(database_url, keys=Keyring([SECOND, FIRST])) as opened:
        await prove_keys(opened)


async def _rotated(database: Database, *, plain: bool = False) -> list[Rotated]:
    """Rotate to the end; return how each column ended."""
    ended: dict[str, Rotated] = {}
    async for told in rotate(database, plain=plain):
        ended[told.name] = told
    return list(ended.values())


async def _plant(database: Database, word: str) -> None:
    """Put a word into each column that is sealed, one row each."""
    line = {
        "author": {"kind": "customer", "id": 5, "name": word},
        "text": word,
        "attachments": [{"kind": "file", "url": word, "text": word}],
        "options": [word],
        "created_at": AT.isoformat(),
    }
    here = {"bot": "b", "number": 1}
    call = {"account": "a", "turn_id": "t", "fence": 1, "run": "r", "tool": "x", "digest": "d"}
    rows = {
        "message": {
            **{**here, "message_id": 1, "part": 0, "episode": 1, "line": line},
            **{"private": False, "deleted": False},
        },
        "event": {
            **{**here, "account": "a", "kind": "message", "name": "n", "received_at": AT},
            "body": word.encode(),
        },
        "quarantine": {
            "bot": "b",
            "reason": "r",
            "headers": {},
            "body": word.encode(),
            "at": AT,
        },
        "outbox_part": {
            **{**here, "turn_id": "t", "account": "a", "position": 0, "kind": "message"},
            **{"payload": {"content": word, "trace": {}}, "gated": True, "tag": "g"},
            **{"state": "sent", "planned_at": AT},
        },
        "rating": {**here, "message_id": 1, "rating": 5, "feedback": word, "at": AT},
        "contact_fact": {
            **{"tenant": "t", "account": "a", "contact": 5, "kind": "fact", "body": word},
            **{"conversation": "c", "message_id": 1, "confidence": 1.0},
            **{"created_at": AT, "expires_at": AT},
        },
        "episode_memory": {**here, "episode": 1, "account": "a", "summary": word, "touched_at": AT},
        "attachment_content": {"tenant": "t", "digest": "d", "text": word},
        "suggestion": {
            **{**here, "turn_id": "t", "tenant": "t", "account": "a", "text": word},
            **{"asked": False, "after": 0, "config": "", "made_at": AT},
        },
        "tool_call": {
            **{**here, **call, "tenant": "t", "arguments": {"name": word}, "state": "done"},
            **{"result": word, "made_at": AT},
        },
    }
    async with transaction(database) as connection:
        for name, row in rows.items():
            await connection.execute(insert(metadata.tables[name]).values(**row))
