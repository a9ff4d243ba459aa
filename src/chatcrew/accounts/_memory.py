"""Accounts in memory, for tests."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chatcrew.accounts._port import Session, User
from chatcrew.accounts._principal import Principal, Role
from chatcrew.accounts._rules import SESSION_LIFE, TRY_WINDOW, digest
from chatcrew.clock import Clock


@dataclass(slots=True)
class _Open:
    name: str
    opened_at: datetime
    expires_at: datetime


@dataclass(slots=True)
class _Tries:
    count: int
    since: datetime


class MemoryAccounts:
    """In-memory twin of ``PostgresAccounts``; see ``AccountStore``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._users: dict[str, User] = {}
        self._passwords: dict[str, str] = {}
        self._open: dict[str, _Open] = {}
        self._tries: dict[str, _Tries] = {}

    async def add(
        self, name: str, *, role: Role, tenants: frozenset[str] | None, password: str
    ) -> bool:
        """See ``AccountStore.add``."""
        if name in self._users:
            return False
        self._users[name] = User(name, role, tenants, self._clock.now())
        self._passwords[name] = password
        return True

    async def users(self) -> list[User]:
        """See ``AccountStore.users``."""
        now = self._clock.now()
        live = [one.name for one in self._open.values() if one.expires_at > now]
        found = sorted(self._users.values(), key=lambda one: one.name)
        return [replace(one, sessions=live.count(one.name)) for one in found]

    async def password(self, name: str) -> str | None:
        """See ``AccountStore.password``."""
        return self._passwords.get(name)

    async def set_password(self, name: str, password: str, *, keep_sessions: bool = False) -> bool:
        """See ``AccountStore.set_password``."""
        if name not in self._users:
            return False
        self._passwords[name] = password
        if not keep_sessions:
            await self.revoke(name)
        return True

    async def change(self, name: str, *, role: Role, tenants: frozenset[str] | None) -> bool:
        """See ``AccountStore.change``."""
        if name not in self._users:
            return False
        self._users[name] = replace(self._users[name], role=role, tenants=tenants)
        return True

    async def remove(self, name: str) -> bool:
        """See ``AccountStore.remove``."""
        await self.revoke(name)
        self._passwords.pop(name, None)
        return self._users.pop(name, None) is not None

    async def open(self, name: str, secret: str) -> Session | None:
        """See ``AccountStore.open``."""
        if name not in self._users:
            return None
        now = self._clock.now()
        self._users[name] = replace(self._users[name], seen_at=now)
        self._open[digest(secret)] = _Open(name, now, now + SESSION_LIFE)
        return await self.session(secret)

    async def session(self, secret: str) -> Session | None:
        """See ``AccountStore.session``."""
        found = self._open.get(digest(secret))
        if found is None or found.expires_at <= self._clock.now():
            return None
        user = self._users[found.name]
        who = Principal(user.name, user.role, user.tenants)
        return Session(who, found.opened_at, found.expires_at)

    async def close(self, secret: str) -> bool:
        """See ``AccountStore.close``."""
        return self._open.pop(digest(secret), None) is not None

    async def revoke(self, name: str) -> int:
        """See ``AccountStore.revoke``."""
        ended = [key for key, one in self._open.items() if one.name == name]
        for key in ended:
            del self._open[key]
        return len(ended)

    async def try_in(self, keys: Mapping[str, int]) -> float:
        """See ``AccountStore.try_in``."""
        now = self._clock.now()
        tries = {key: self._tries.get(key) for key in keys}
        live = {key: one for key, one in tries.items() if one and one.since + TRY_WINDOW > now}
        full = [one for key, one in live.items() if one.count >= keys[key]]
        if full:
            return max((one.since + TRY_WINDOW - now).total_seconds() for one in full)
        for key in keys:
            self._tries[key] = live.get(key) or _Tries(0, now)
            self._tries[key].count += 1
        return 0.0

    async def let_in(self, keys: Mapping[str, int]) -> None:
        """See ``AccountStore.let_in``."""
        for key in keys:
            if key in self._tries and self._tries[key].count > 0:
                self._tries[key].count -= 1

    async def purge(self) -> int:
        """See ``AccountStore.purge``."""
        now = self._clock.now()
        over = [key for key, one in self._open.items() if one.expires_at <= now]
        old = [key for key, one in self._tries.items() if one.since + TRY_WINDOW <= now]
        for key in over:
            del self._open[key]
        for key in old:
            del self._tries[key]
        return len(over) + len(old)
