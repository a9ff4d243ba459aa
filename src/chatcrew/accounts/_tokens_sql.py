"""Tokens on PostgreSQL."""

from datetime import datetime

from sqlalchemy import text

from chatcrew.accounts._principal import Principal, Role
from chatcrew.accounts._rules import digest
from chatcrew.accounts._tokens import USED_EVERY, Token, new_token, shown
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import statement

_ADD = text("""
    insert into api_token (name, digest, shown, role, tenants, made_at, expires_at)
    values (:name, :digest, :shown, :role, :tenants, :now, :expires_at)
    on conflict (name) do nothing
""")

_TOKENS = text("""
    select name, shown, role, tenants, made_at, expires_at, used_at from api_token order by name
""")

_REVOKE = text("delete from api_token where name = :name")

_WHOSE = text("""
    select name, role, tenants, used_at from api_token
    where digest = :digest and (expires_at is null or expires_at > :now)
""")

_USED = text("update api_token set used_at = :now where digest = :digest")


class PostgresTokens:
    """``TokenStore`` on PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(
        self,
        name: str,
        *,
        role: Role,
        tenants: frozenset[str] | None,
        expires_at: datetime | None = None,
    ) -> str | None:
        """See ``TokenStore.add``."""
        secret = new_token()
        values = {
            "name": name,
            "digest": digest(secret),
            "shown": shown(secret),
            "role": role.value,
            "tenants": None if tenants is None else sorted(tenants),
            "now": self._clock.now(),
            "expires_at": expires_at,
        }
        async with statement(self._database) as connection:
            made = (await connection.execute(_ADD, values)).rowcount
        return secret if made else None

    async def tokens(self) -> list[Token]:
        """See ``TokenStore.tokens``."""
        async with statement(self._database) as connection:
            rows = (await connection.execute(_TOKENS)).all()
        return [
            Token(
                row.name,
                row.shown,
                Role(row.role),
                _tenants(row.tenants),
                row.made_at,
                row.expires_at,
                row.used_at,
            )
            for row in rows
        ]

    async def revoke(self, name: str) -> bool:
        """See ``TokenStore.revoke``."""
        async with statement(self._database) as connection:
            return bool((await connection.execute(_REVOKE, {"name": name})).rowcount)

    async def whose(self, secret: str) -> Principal | None:
        """See ``TokenStore.whose``."""
        now, kept = self._clock.now(), digest(secret)
        async with statement(self._database) as connection:
            row = (await connection.execute(_WHOSE, {"digest": kept, "now": now})).one_or_none()
            if row is None:
                return None
            if row.used_at is None or row.used_at <= now - USED_EVERY:
                await connection.execute(_USED, {"digest": kept, "now": now})
        return Principal(row.name, Role(row.role), _tenants(row.tenants))


def _tenants(kept: list[str] | None) -> frozenset[str] | None:
    return None if kept is None else frozenset(kept)
