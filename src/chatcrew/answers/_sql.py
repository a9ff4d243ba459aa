"""Kept answers on PostgreSQL; table ``kept_answer``."""

from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy import RowMapping, text

from chatcrew.answers._basis import Rest
from chatcrew.answers._port import Row, Spent
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.messages import clean_text

_FIND = text("""
    select * from kept_answer
    where tenant = :tenant and (exact = :exact or (shape = :shape and :shape <> ''))
      and expires_at > :now
    order by made_at desc, id desc limit 20
""")
_PUT = text("""
    insert into kept_answer (tenant, exact, shape, scope, question, text, rests, knowledge, sure,
                             turn_id, made_at, expires_at)
    values (:tenant, :exact, :shape, cast(:scope as jsonb), :question, :text, cast(:rests as jsonb),
            :knowledge, :sure, :turn, :made_at, :expires_at)
    on conflict (tenant, exact) do update
    set shape = excluded.shape, scope = excluded.scope, question = excluded.question,
        text = excluded.text, rests = excluded.rests, knowledge = excluded.knowledge,
        sure = excluded.sure, turn_id = excluded.turn_id, made_at = excluded.made_at,
        expires_at = excluded.expires_at, hits = 0, last_hit_at = null
    returning id
""")
_HIT = text("""
    update kept_answer set hits = hits + 1, last_hit_at = :now
    where tenant = :tenant and id = :id
""")
# What a turn's memory and summary cost was spent beside its answer
_SPENT = text("""
    select coalesce(sum(prompt_tokens), 0)::bigint as prompt,
           coalesce(sum(completion_tokens), 0)::bigint as completion,
           coalesce(sum(case when from_cache then spared else cost end), 0)::double precision
               as cost,
           count(*) filter (where case when from_cache then spared else cost end is null)
               as unpriced
    from model_call
    where turn_id = :turn and role not in ('memory', 'summary')
""")
_ROWS = text("""
    select * from kept_answer where tenant = :tenant and expires_at > :now
    order by hits desc, made_at desc, id desc limit :limit
""")
_ASKED = text("""
    select * from kept_answer where tenant = :tenant order by made_at desc, id desc limit :limit
""")
_ROW = text("select * from kept_answer where tenant = :tenant and id = :id")
_FORGET = text("delete from kept_answer where tenant = :tenant")
_FORGET_ONE = text("delete from kept_answer where tenant = :tenant and id = :id")
_EXPIRED = text("delete from kept_answer where expires_at <= :before")
_BEYOND = text("""
    delete from kept_answer where id in (
        select id from (
            select id, row_number() over (partition by tenant order by made_at desc, id desc) as n
            from kept_answer
        ) as ranked where n > :most
    )
""")


class PostgresAnswers:
    """Satisfies ``Answers``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, tenant: str, *, exact: str, shape: str, now: datetime) -> Sequence[Row]:
        """See ``Answers.find``."""
        values = {"tenant": tenant, "exact": exact, "shape": shape, "now": now}
        async with statement(self._database) as connection:
            return [_row(one) for one in (await connection.execute(_FIND, values)).mappings()]

    async def put(self, row: Row) -> int:
        """See ``Answers.put``."""
        rests = [[one.kind, clean_text(one.name), one.digest, one.place] for one in row.rests]
        values = {
            "tenant": row.tenant,
            "exact": row.exact,
            "shape": row.shape,
            "scope": orjson.dumps(row.scope).decode(),
            "question": clean_text(row.question),
            "text": clean_text(row.text),
            "rests": orjson.dumps(rests).decode(),
            "knowledge": row.knowledge,
            "sure": row.sure,
            "turn": row.turn,
            "made_at": row.made_at,
            "expires_at": row.expires_at,
        }
        async with statement(self._database) as connection:
            number: int = (await connection.execute(_PUT, values)).scalar_one()
        return number

    async def hit(self, tenant: str, number: int, *, now: datetime) -> None:
        """See ``Answers.hit``."""
        async with statement(self._database) as connection:
            await connection.execute(_HIT, {"tenant": tenant, "id": number, "now": now})

    async def spent(self, turn: str) -> Spent:
        """See ``Answers.spent``."""
        async with statement(self._database) as connection:
            found = (await connection.execute(_SPENT, {"turn": turn})).one()
        return Spent(found.prompt, found.completion, None if found.unpriced else found.cost)

    async def rows(self, tenant: str, *, now: datetime, limit: int) -> Sequence[Row]:
        """See ``Answers.rows``."""
        values = {"tenant": tenant, "now": now, "limit": limit}
        async with statement(self._database) as connection:
            return [_row(one) for one in (await connection.execute(_ROWS, values)).mappings()]

    async def asked(self, tenant: str, *, limit: int) -> Sequence[Row]:
        """See ``Answers.asked``."""
        values = {"tenant": tenant, "limit": limit}
        async with statement(self._database) as connection:
            return [_row(one) for one in (await connection.execute(_ASKED, values)).mappings()]

    async def row(self, tenant: str, number: int) -> Row | None:
        """See ``Answers.row``."""
        async with statement(self._database) as connection:
            found = await connection.execute(_ROW, {"tenant": tenant, "id": number})
            one = found.mappings().one_or_none()
        return None if one is None else _row(one)

    async def forget(self, tenant: str, number: int | None = None) -> int:
        """See ``Answers.forget``."""
        what = _FORGET if number is None else _FORGET_ONE
        values = {"tenant": tenant} if number is None else {"tenant": tenant, "id": number}
        async with transaction(self._database) as connection:
            return (await connection.execute(what, values)).rowcount

    async def purge(self, *, before: datetime, most: int) -> int:
        """See ``Answers.purge``."""
        async with transaction(self._database) as connection:
            gone = (await connection.execute(_EXPIRED, {"before": before})).rowcount
            return gone + (await connection.execute(_BEYOND, {"most": most})).rowcount


def _row(found: RowMapping) -> Row:
    plain = {
        name: found[name]
        for name in (
            *("id", "tenant", "exact", "shape", "question", "text", "knowledge", "sure"),
            *("made_at", "expires_at", "hits", "last_hit_at"),
        )
    }
    return Row(
        **plain,
        scope=tuple(found["scope"]),
        rests=tuple(Rest(*one) for one in found["rests"]),
        turn=found["turn_id"],
    )
