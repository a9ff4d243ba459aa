"""Pairing on PostgreSQL."""

from typing import Any

from sqlalchemy import RowMapping, text

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.ids import ConversationId
from chatcrew.messages import clean_text
from chatcrew.pairing._port import Begun, Redeemed, Session
from chatcrew.pairing._rules import (
    CODE_LIFE,
    MOST_MISSES,
    MOST_WAITING,
    SESSION_LIFE,
    browser_secret,
    code_digest,
    digest,
    new_code,
)

_Values = dict[str, Any]
_COLUMNS = "account, tenant, user_id, user_name, paired_at, expires_at"

# One at a time in a conversation, so that its bound holds however many pages are opened at once
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:place, 19))")

_MAKE_ROOM = text("""
    delete from tab_waiting
    where account = :account and number = :number and (browser = :browser or code not in (
        select code from tab_waiting
        where account = :account and number = :number and browser <> :browser
        order by begun_at desc limit :most
    ))
""")

_BEGIN = text("""
    insert into tab_waiting (account, number, code, browser, begun_at, expires_at)
    values (:account, :number, :code, :browser, :now, :expires_at)
    on conflict do nothing
""")

_OBEYED = text("""
    select true from tab_session where account = :account and paired_by = :order limit 1
""")

_TAKE = text("""
    delete from tab_waiting
    where account = :account and number = :number and code = :code
      and expires_at > :now and misses < :most
    returning browser
""")

_MISS = text("""
    update tab_waiting set misses = misses + 1 where account = :account and number = :number
""")

_END_OTHERS = text("""
    delete from tab_session
    where browser = :browser and (account <> :account or user_id <> :user_id)
""")

_PAIR = text("""
    insert into tab_session (browser, account, tenant, user_id, user_name, paired_at, expires_at,
                             paired_by)
    values (:browser, :account, :tenant, :user_id, :user_name, :now, :expires_at, :order)
    on conflict (browser, account, tenant) do update set user_id = excluded.user_id,
        user_name = excluded.user_name, paired_at = excluded.paired_at,
        expires_at = excluded.expires_at, paired_by = excluded.paired_by
""")

_SESSION = text(f"""
    select {_COLUMNS} from tab_session
    where browser = :browser and account = :account and tenant = :tenant and expires_at > :now
""")  # noqa: S608 - constant

_LEAVE = text("delete from tab_session where browser = :browser")

_REVOKE = text("""
    delete from tab_session
    where account = :account and user_id = coalesce(cast(:user_id as bigint), user_id)
""")

_SESSIONS = text(f"""
    select {_COLUMNS} from tab_session where expires_at > :now order by paired_at desc
""")  # noqa: S608 - constant

_PURGE_WAITING = text("delete from tab_waiting where expires_at <= :now")
_PURGE_SESSIONS = text("delete from tab_session where expires_at <= :now")


class PostgresPairings:
    """``Pairings`` on PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, account: str, number: int, *, secret: str | None = None) -> Begun:
        """See ``Pairings.begin``."""
        secret, now = browser_secret(secret), self._clock.now()
        place = {"account": account, "number": number}
        values = {**place, "browser": digest(secret), "now": now, "expires_at": now + CODE_LIFE}
        async with transaction(self._database) as connection:
            await connection.execute(_LOCK, {"place": f"{account}/{number}"})
            room = {**place, "browser": digest(secret), "most": MOST_WAITING - 1}
            await connection.execute(_MAKE_ROOM, room)
            while True:
                code = new_code()
                fresh = {**values, "code": code_digest(account, number, code)}
                if (await connection.execute(_BEGIN, fresh)).rowcount:
                    return Begun(secret, code, now + CODE_LIFE)

    async def redeem(
        self,
        code: str,
        conversation: ConversationId,
        *,
        tenant: str,
        user_id: int,
        user_name: str,
        order: str,
    ) -> Redeemed:
        """See ``Pairings.redeem``."""
        now, account, number = self._clock.now(), conversation.account, conversation.number
        place = {"account": account, "number": number}
        wanted = {**place, "code": code_digest(account, number, code), "now": now}
        async with transaction(self._database) as connection:
            if await connection.scalar(_OBEYED, {"account": account, "order": order}):
                return Redeemed.PAIRED
            browser = await connection.scalar(_TAKE, {**wanted, "most": MOST_MISSES})
            if browser is None:
                await connection.execute(_MISS, place)
                return Redeemed.UNKNOWN
            whose = {"browser": browser, "account": account, "user_id": user_id}
            await connection.execute(_END_OTHERS, whose)
            session: _Values = {"tenant": tenant, "user_name": clean_text(user_name)}
            session |= {"now": now, "expires_at": now + SESSION_LIFE, "order": order}
            await connection.execute(_PAIR, {**whose, **session})
        return Redeemed.PAIRED

    async def session(self, secret: str, account: str, tenant: str) -> Session | None:
        """See ``Pairings.session``."""
        values: _Values = {"browser": digest(secret), "account": account, "tenant": tenant}
        values |= {"now": self._clock.now()}
        async with statement(self._database) as connection:
            found = (await connection.execute(_SESSION, values)).mappings().one_or_none()
        return None if found is None else _session(found)

    async def leave(self, secret: str) -> int:
        """See ``Pairings.leave``."""
        async with statement(self._database) as connection:
            return (await connection.execute(_LEAVE, {"browser": digest(secret)})).rowcount

    async def revoke(self, account: str, user_id: int | None = None) -> int:
        """See ``Pairings.revoke``."""
        values = {"account": account, "user_id": user_id}
        async with statement(self._database) as connection:
            return (await connection.execute(_REVOKE, values)).rowcount

    async def sessions(self) -> list[Session]:
        """See ``Pairings.sessions``."""
        async with statement(self._database) as connection:
            found = await connection.execute(_SESSIONS, {"now": self._clock.now()})
            return [_session(row) for row in found.mappings()]

    async def purge(self) -> int:
        """See ``Pairings.purge``."""
        now = {"now": self._clock.now()}
        async with transaction(self._database) as connection:
            over = (await connection.execute(_PURGE_WAITING, now)).rowcount
            return over + (await connection.execute(_PURGE_SESSIONS, now)).rowcount


def _session(row: RowMapping) -> Session:
    return Session(**row)
