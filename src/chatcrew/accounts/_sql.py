"""Accounts on PostgreSQL."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import RowMapping, text

from chatcrew.accounts._port import Session, User
from chatcrew.accounts._principal import Principal, Role
from chatcrew.accounts._rules import SESSION_LIFE, TRY_WINDOW, digest
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction

_ADD = text("""
    insert into console_user (name, role, tenants, password, made_at)
    values (:name, :role, :tenants, :password, :now) on conflict do nothing
""")

_USERS = text("""
    select name, role, tenants, made_at, seen_at,
        (select count(*) from console_session
         where console_session.name = console_user.name and expires_at > :now) as sessions
    from console_user order by name
""")

_PASSWORD = text("select password from console_user where name = :name")
_SET_PASSWORD = text("update console_user set password = :password where name = :name")
_CHANGE = text("update console_user set role = :role, tenants = :tenants where name = :name")
_REMOVE = text("delete from console_user where name = :name")

_SEEN = text("update console_user set seen_at = :now where name = :name")

_OPEN = text("""
    insert into console_session (browser, name, opened_at, expires_at)
    values (:browser, :name, :now, :expires_at)
""")

_SESSION = text("""
    select console_user.name, role, tenants, opened_at, expires_at
    from console_session join console_user on console_user.name = console_session.name
    where browser = :browser and expires_at > :now
""")

_CLOSE = text("delete from console_session where browser = :browser")
_REVOKE = text("delete from console_session where name = :name")

# Sorted, so that two who try at the same moment do not wait for each other in a ring
_START_TRIES = text("""
    insert into console_try (key, tries, since)
    select key, 0, :now from unnest(cast(:keys as text[])) as key order by key
    on conflict (key) do nothing
""")

_LOCK_TRIES = text("""
    select key, case when since <= :over then 0 else tries end as tries,
        case when since <= :over then :now else since end as since
    from console_try where key = any(:keys) order by key for update
""")

_COUNT_TRY = text("""
    update console_try set
        tries = case when since <= :over then 1 else tries + 1 end,
        since = case when since <= :over then :now else since end
    where key = any(:keys)
""")

_TAKE_BACK = text("""
    with mine as (select key from console_try where key = any(:keys) order by key for update)
    update console_try set tries = greatest(tries - 1, 0) where key in (select key from mine)
""")

_PURGE_SESSIONS = text("delete from console_session where expires_at <= :now")
_PURGE_TRIES = text("delete from console_try where since <= :over")


class PostgresAccounts:
    """``AccountStore`` on PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(
        self, name: str, *, role: Role, tenants: frozenset[str] | None, password: str
    ) -> bool:
        """See ``AccountStore.add``."""
        values = {
            "name": name,
            "role": role.value,
            "tenants": _list(tenants),
            "password": password,
            "now": self._clock.now(),
        }
        async with statement(self._database) as connection:
            return bool((await connection.execute(_ADD, values)).rowcount)

    async def users(self) -> list[User]:
        """See ``AccountStore.users``."""
        async with statement(self._database) as connection:
            found = await connection.execute(_USERS, {"now": self._clock.now()})
            return [
                User(
                    row["name"],
                    Role(row["role"]),
                    _set(row["tenants"]),
                    row["made_at"],
                    row["seen_at"],
                    row["sessions"],
                )
                for row in found.mappings()
            ]

    async def password(self, name: str) -> str | None:
        """See ``AccountStore.password``."""
        async with statement(self._database) as connection:
            found = await connection.scalar(_PASSWORD, {"name": name})
        return None if found is None else str(found)

    async def set_password(self, name: str, password: str, *, keep_sessions: bool = False) -> bool:
        """See ``AccountStore.set_password``."""
        values = {"name": name, "password": password}
        async with transaction(self._database) as connection:
            changed = bool((await connection.execute(_SET_PASSWORD, values)).rowcount)
            if not keep_sessions:
                await connection.execute(_REVOKE, {"name": name})
        return changed

    async def change(self, name: str, *, role: Role, tenants: frozenset[str] | None) -> bool:
        """See ``AccountStore.change``."""
        values = {"name": name, "role": role.value, "tenants": _list(tenants)}
        async with statement(self._database) as connection:
            return bool((await connection.execute(_CHANGE, values)).rowcount)

    async def remove(self, name: str) -> bool:
        """See ``AccountStore.remove``."""
        async with transaction(self._database) as connection:
            gone = bool((await connection.execute(_REMOVE, {"name": name})).rowcount)
            await connection.execute(_REVOKE, {"name": name})
        return gone

    async def open(self, name: str, secret: str) -> Session | None:
        """See ``AccountStore.open``."""
        now = self._clock.now()
        values = {"browser": digest(secret), "name": name, "now": now}
        async with transaction(self._database) as connection:
            # It also waits for who removes the account at this moment
            if not (await connection.execute(_SEEN, {"name": name, "now": now})).rowcount:
                return None
            await connection.execute(_OPEN, {**values, "expires_at": now + SESSION_LIFE})
        return await self.session(secret)

    async def session(self, secret: str) -> Session | None:
        """See ``AccountStore.session``."""
        values = {"browser": digest(secret), "now": self._clock.now()}
        async with statement(self._database) as connection:
            row = (await connection.execute(_SESSION, values)).mappings().first()
        return None if row is None else _session(row)

    async def close(self, secret: str) -> bool:
        """See ``AccountStore.close``."""
        async with statement(self._database) as connection:
            return bool((await connection.execute(_CLOSE, {"browser": digest(secret)})).rowcount)

    async def revoke(self, name: str) -> int:
        """See ``AccountStore.revoke``."""
        async with statement(self._database) as connection:
            return int((await connection.execute(_REVOKE, {"name": name})).rowcount)

    async def try_in(self, keys: Mapping[str, int]) -> float:
        """See ``AccountStore.try_in``."""
        now = self._clock.now()
        values = {"keys": list(keys), "now": now, "over": now - TRY_WINDOW}
        async with transaction(self._database) as connection:
            await connection.execute(_START_TRIES, {"keys": list(keys), "now": now})
            locked = (await connection.execute(_LOCK_TRIES, values)).mappings().all()
            full = [row["since"] for row in locked if row["tries"] >= keys[row["key"]]]
            if full:
                wait: timedelta = max(full) + TRY_WINDOW - now
                return wait.total_seconds()
            await connection.execute(_COUNT_TRY, values)
        return 0.0

    async def let_in(self, keys: Mapping[str, int]) -> None:
        """See ``AccountStore.let_in``."""
        async with transaction(self._database) as connection:
            await connection.execute(_TAKE_BACK, {"keys": list(keys)})

    async def purge(self) -> int:
        """See ``AccountStore.purge``."""
        now = self._clock.now()
        async with transaction(self._database) as connection:
            sessions = (await connection.execute(_PURGE_SESSIONS, {"now": now})).rowcount
            over = {"over": now - TRY_WINDOW}
            return int(sessions + (await connection.execute(_PURGE_TRIES, over)).rowcount)


def _session(row: RowMapping) -> Session:
    who = Principal(row["name"], Role(row["role"]), _set(row["tenants"]))
    return Session(who, row["opened_at"], row["expires_at"])


def _list(tenants: frozenset[str] | None) -> list[str] | None:
    return None if tenants is None else sorted(tenants)


def _set(stored: list[str] | None) -> frozenset[str] | None:
    return None if stored is None else frozenset(stored)
