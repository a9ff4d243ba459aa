"""Proposals on PostgreSQL; table ``proposal``."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import orjson
from sqlalchemy import text

from chatcrew.clock import Clock, SystemClock
from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.ids import ConversationId
from chatcrew.proposals._port import (
    Cause,
    Content,
    Kind,
    NewProposal,
    Proposal,
    State,
)

_MAKE = text("""
    insert into proposal
        (key, tenant, account, bot, number, kind, cause, made_by, made_at, content, state)
    values (:key, :tenant, :account, :bot, :number, :kind, :cause, :made_by, :now,
            cast(:content as jsonb), 'open')
    on conflict (key) where state = 'open' do update
    -- who only says that it was wrong takes nothing of what somebody said is right
    set (kind, cause, made_by, content) = (
        select one.kind, one.cause, one.made_by, one.content
        from (values
            (excluded.kind, excluded.cause, excluded.made_by, excluded.content,
             excluded.content ->> 'text' <> ''),
            (proposal.kind, proposal.cause, proposal.made_by, proposal.content,
             excluded.content ->> 'text' = '')
        ) as one (kind, cause, made_by, content, stands)
        where one.stands
    )
    returning *
""")
_MARK = text("""
    insert into proposal
        (key, tenant, account, bot, number, kind, cause, made_by, made_at, content, state)
    select :key, :tenant, :account, :bot, :number, :kind, :cause, :made_by, :now,
           cast(:content as jsonb), 'open'
    where not exists (select 1 from proposal where key = :key)
    on conflict (key) where state = 'open' do nothing
""")
_GET = text("select * from proposal where id = :id")
_LISTED = text("""
    select * from proposal
    where tenant = coalesce(cast(:tenant as text), tenant)
      and state = coalesce(cast(:state as text), state)
    order by id limit :limit
""")
_ANSWER = text("""
    update proposal set content = cast(:content as jsonb) where id = :id and state = 'open'
""")
_END = text("""
    update proposal set state = :state, reason = :reason, ended_at = :now
    where id = :id and state = 'open'
""")


class PostgresProposals:
    """Satisfies ``Proposals``."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def make(self, new: NewProposal) -> Proposal:
        """See ``Proposals.make``."""
        async with statement(self._database) as connection:
            return _proposal((await connection.execute(_MAKE, self._values(new))).one())

    async def mark(self, new: NewProposal) -> bool:
        """See ``Proposals.mark``."""
        async with statement(self._database) as connection:
            return (await connection.execute(_MARK, self._values(new))).rowcount == 1

    async def get(self, number: int) -> Proposal | None:
        """See ``Proposals.get``."""
        async with statement(self._database) as connection:
            row = (await connection.execute(_GET, {"id": number})).first()
        return None if row is None else _proposal(row)

    async def listed(
        self, *, tenant: str | None = None, state: State | None = State.OPEN, limit: int = 100
    ) -> Sequence[Proposal]:
        """See ``Proposals.listed``."""
        values = {"tenant": tenant, "state": None if state is None else str(state), "limit": limit}
        async with statement(self._database) as connection:
            return [_proposal(row) for row in await connection.execute(_LISTED, values)]

    async def answer(self, number: int, content: Content) -> bool:
        """See ``Proposals.answer``."""
        values = {"id": number, "content": _json(content)}
        async with statement(self._database) as connection:
            return (await connection.execute(_ANSWER, values)).rowcount == 1

    async def end(self, number: int, state: State, *, reason: str = "") -> bool:
        """See ``Proposals.end``."""
        values = {"id": number, "state": str(state), "reason": reason, "now": self._clock.now()}
        async with statement(self._database) as connection:
            return (await connection.execute(_END, values)).rowcount == 1

    def _values(self, new: NewProposal) -> dict[str, object]:
        return {
            "key": new.key,
            "tenant": new.tenant,
            "account": new.conversation.account,
            "bot": new.conversation.bot,
            "number": new.conversation.number,
            "kind": str(new.kind),
            "cause": str(new.cause),
            "made_by": new.made_by,
            "now": self._clock.now(),
            "content": _json(new.content),
        }


def _json(content: Content) -> str:
    return orjson.dumps(asdict(content)).decode()


def _proposal(row: Any) -> Proposal:
    content = row.content if isinstance(row.content, dict) else orjson.loads(row.content)
    new = NewProposal(
        key=row.key,
        tenant=row.tenant,
        conversation=ConversationId(row.account, row.bot, row.number),
        kind=Kind(row.kind),
        cause=Cause(row.cause),
        made_by=row.made_by,
        content=Content(**content),
    )
    return Proposal(row.id, new, row.made_at, State(row.state), row.ended_at, row.reason or "")
