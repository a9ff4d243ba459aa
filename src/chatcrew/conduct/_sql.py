"""The record of conduct on PostgreSQL."""

from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import text

from chatcrew.clock import Clock
from chatcrew.conduct._port import KEPT, NEWEST
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.messages import Claim, Conduct, OptOut, Person, clean_text

_MOST = 500
"""Newest messages that are counted: enough to know that it is too many."""

# The wish is looked up by contact, the rest by conversation; one round trip before each answer.
_LOOK = text("""
    with mine as (
        select cast(line ->> 'created_at' as timestamptz) as at, line ->> 'text' as said,
               message_id, part
        from message
        where bot = :bot and number = :number and episode = :episode
          and not private and not deleted and line -> 'author' ->> 'kind' = 'customer'
          and not coalesce(cast(line ->> 'automatic' as boolean), false)
        order by message_id desc, part desc limit :most
    ), talks as (
        select :bot as bot, cast(:number as bigint) as number
        union
        select bot, number from episode_memory
        where tenant = :tenant and account = :account and contact = :contact
    ), answers as (
        select coalesce(t.decided_at, t.finished_at) as at
        from talks join turn t using (bot, number)
        where t.started_at > :day and t.outcome in ('replied', 'handed_off')
          and coalesce(t.decided_at, t.finished_at) > :day
        order by 1 desc limit :most
    )
    select
        (select coalesce(json_agg(at order by at desc), '[]'::json)::text from answers) as answered,
        (select count(*) from mine where at > :day) as day,
        (select count(*) from mine where at > :minute) as minute,
        (select coalesce(json_agg(said order by message_id desc, part desc), '[]'::json)::text
         from (select * from mine where at > :day
               order by message_id desc, part desc limit :newest) as last
        ) as newest,
        (select coalesce(json_agg(notice), '[]'::json)::text from conduct_notice
         where bot = :bot and number = :number and episode = :episode and turn_id <> :turn
        ) as told,
        o.at as wished_at, o.conversation, o.episode
    from (select 1) as one
    left join contact_opt_out o
      on o.tenant = :tenant and o.account = :account and o.contact = :contact
""")

_TELL = text("""
    insert into conduct_notice (bot, number, episode, notice, turn_id, at)
    values (:bot, :number, :episode, :notice, :turn, :now)
    on conflict do nothing
""")

_OPT_OUT = text("""
    insert into contact_opt_out (tenant, account, contact, at, conversation, episode)
    values (:tenant, :account, :contact, :now, :conversation, :episode)
    on conflict (tenant, account, contact) do update
    set at = excluded.at, conversation = excluded.conversation, episode = excluded.episode
""")

_OPT_IN = text("""
    delete from contact_opt_out
    where tenant = :tenant and account = :account and contact = :contact
""")

_PURGE = text("delete from conduct_notice where at < :before")


class PostgresConduct:
    """``ConductStore`` on PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def look(self, claim: Claim, person: Person | None) -> Conduct:
        """See ``ConductStore.look``."""
        now = self._clock.now()
        values = _place(claim) | _who(person)
        values |= {"day": now - timedelta(days=1), "minute": now - timedelta(minutes=1)}
        values |= {"most": _MOST, "newest": NEWEST}
        async with statement(self._database) as connection:
            found = (await connection.execute(_LOOK, values)).one()
        wish = None
        if found.wished_at is not None:
            wish = OptOut(found.wished_at, found.conversation, found.episode)
        keys, about = self._database.keys, f"line {claim.key.conversation.bot}"
        return Conduct(
            day=found.day,
            minute=found.minute,
            newest=tuple(keys.open(said or "", about) for said in orjson.loads(found.newest)),
            told=frozenset(orjson.loads(found.told)),
            opt_out=wish,
            answered=tuple(map(datetime.fromisoformat, orjson.loads(found.answered))),
        )

    async def tell(self, claim: Claim, notice: str) -> None:
        """See ``ConductStore.tell``."""
        values = _place(claim) | {"notice": notice, "now": self._clock.now()}
        async with transaction(self._database) as connection:
            await connection.execute(_TELL, values)

    async def opt_out(self, claim: Claim, person: Person) -> None:
        """See ``ConductStore.opt_out``."""
        values = _who(person) | {
            "conversation": clean_text(str(claim.key.conversation)),
            "episode": claim.state.episode,
            "now": self._clock.now(),
        }
        async with transaction(self._database) as connection:
            await connection.execute(_OPT_OUT, values)

    async def opt_in(self, person: Person) -> bool:
        """See ``ConductStore.opt_in``."""
        async with transaction(self._database) as connection:
            return (await connection.execute(_OPT_IN, _who(person))).rowcount == 1

    async def purge(self) -> int:
        """See ``ConductStore.purge``."""
        async with transaction(self._database) as connection:
            before = self._clock.now() - KEPT
            return (await connection.execute(_PURGE, {"before": before})).rowcount


def _place(claim: Claim) -> dict[str, Any]:
    return {
        "bot": claim.key.conversation.bot,
        "number": claim.key.conversation.number,
        "episode": claim.state.episode,
        "turn": claim.key.turn_id,
    }


def _who(person: Person | None) -> dict[str, Any]:
    if person is None:
        return {"tenant": "", "account": "", "contact": 0}
    return {"tenant": person.tenant, "account": person.account, "contact": person.contact}
