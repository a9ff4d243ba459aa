"""SQL: the admin's query with the model's values, in a transaction that cannot write."""

from collections.abc import Callable
from typing import Any

import pytest

from chatcrew.messages import Contact
from chatcrew.tenancy.model import NamedDatabase, Secret, ToolEntry
from chatcrew.tools._outside._sql import positional

SETUP = """
create table client (id int primary key, phone text, name text, points numeric, since date);
insert into client values (1, '+551', 'Marina', 120.5, '2026-01-02'), (2, '+552', 'Rui', 3, null);
create function grow() returns int language sql as $$
  insert into client values (99, '', '', 0, null); select 1
$$
"""


@pytest.fixture
async def sql(caller: Any, database_url: str, tmp_path: Any) -> Callable[..., ToolEntry]:
    """Make a tool over a database of the business."""
    import asyncpg  # noqa: PLC0415 - only this fixture fills a database that is not ours

    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    await connection.execute(SETUP)
    await connection.close()
    dsn = Secret("env:DSN")
    read = caller.outside.secret

    async def secret(one: Secret) -> bytes:
        return database_url.encode() if one == dsn else await read(one)

    object.__setattr__(caller.outside, "secret", secret)
    caller.databases = {"erp": NamedDatabase(dsn, own=True), "ours": NamedDatabase(dsn)}

    def made(statement: str, types: dict[str, str] | None = None, **fields: Any) -> ToolEntry:
        return ToolEntry(
            "look",
            "sql",
            ("look",),
            description="x",
            parameters={
                "type": "object",
                "properties": {name: {"type": kind} for name, kind in (types or {}).items()},
                "required": list(types or {}),
            },
            **{"database": "erp", "sql": statement, **fields},
        )

    return made


async def test_a_value_is_never_sql(caller: Any, sql: Any) -> None:
    """It goes beside the statement, whatever it holds."""
    caller.begin(sql("select name from client where name = :name", {"name": "string"}))
    assert "nada encontrado" in (await caller.call("look", name="x' or '1'='1")).text
    assert '"name":"Marina"' in (await caller.call("look", name="Marina")).text


async def test_the_customers_own_row_is_found_by_what_chatwoot_knows(caller: Any, sql: Any) -> None:
    """No model chooses whose points are read; numbers and dates come as text."""
    caller.contact = Contact(phone="+551")
    statement = "select points, since, name from client where phone = :contact__phone"
    caller.begin(sql(statement, columns=("points", "since")))
    text = (await caller.call("look")).text
    assert '[{"points":"120.5","since":"2026-01-02"}]' in text


@pytest.mark.parametrize(
    ("channel", "read"), [("Channel::Whatsapp", True), ("Channel::WebWidget", False), (None, False)]
)
async def test_a_number_that_nobody_vouches_for_is_no_proof(
    caller: Any, sql: Any, channel: str | None, read: bool
) -> None:
    """Anybody may type another's number before a web chat."""
    caller.contact, caller.channel = Contact(phone="+551"), channel
    caller.begin(sql("select points from client where phone = :contact__proven_phone"))
    assert ("120.5" in (await caller.call("look")).text) is read


@pytest.mark.parametrize(
    "statement",
    [
        "with gone as (delete from client returning id) select id from gone",
        "select grow()",
        "select nextval('no_such')",
        "select set_config('transaction_read_only', 'off', true), grow()",
    ],
)
async def test_nothing_is_written(caller: Any, sql: Any, database_url: str, statement: str) -> None:
    """Not even by a query that hides a write."""
    caller.begin(sql(statement))
    assert not (await caller.call("look")).ok
    caller.begin(sql("select count(*) as n from client"))
    assert '"n":2' in (await caller.call("look")).text


async def test_a_slow_query_ends_in_time(caller: Any, sql: Any) -> None:
    """The server itself stops it."""
    caller.begin(sql("select pg_sleep(30)", timeout=0.3))
    assert "a tempo" in (await caller.call("look")).text


async def test_rows_are_capped(caller: Any, sql: Any) -> None:
    """However many the query finds."""
    caller.begin(sql("select n from generate_series(1, 1000000) n", rows=3))
    assert '[{"n":1},{"n":2},{"n":3}]' in (await caller.call("look")).text


async def test_our_own_database_is_read_only_where_it_is_named_so(caller: Any, sql: Any) -> None:
    """By whatever address it is reached."""
    caller.begin(sql("select 1", database="ours"))
    result = await caller.call("look")
    assert "não pode ser acessado" in result.text


async def test_a_value_that_does_not_fit_is_said_so(caller: Any, sql: Any) -> None:
    """Without the database's own words."""
    caller.begin(sql("select 1 as a where :n = 1", {"n": "string"}))
    result = await caller.call("look", n="abc")
    assert not result.ok
    assert "não serve" in result.text


async def test_a_database_that_is_away_is_said_so(caller: Any, sql: Any) -> None:
    """Refused connections too."""

    async def nowhere(_: Secret) -> bytes:
        return b"postgresql://a:b@127.0.0.1:1/x"

    object.__setattr__(caller.outside, "secret", nowhere)
    caller.begin(sql("select 1"))
    assert "fora do ar" in (await caller.call("look")).text


@pytest.mark.parametrize(
    ("written", "sent", "names"),
    [
        ("select :a, :b, :a", "select $1, $2, $1", ["a", "b"]),
        ("select x::int, ':no', \":no\" -- :no", "select x::int, ':no', \":no\" -- :no", []),
        ("select 'it''s :no' /* :no */, :yes", "select 'it''s :no' /* :no */, $1", ["yes"]),
    ],
)
def test_names_become_positions(written: str, sent: str, names: list[str]) -> None:
    """Casts, quoted texts and comments stay as they are."""
    assert positional(written) == (sent, names)
