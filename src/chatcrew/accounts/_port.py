"""What is kept of people who may enter the console: accounts, sessions, tries to sign in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chatcrew.accounts._principal import Principal, Role


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in.

    Attributes:
        name: as he signs in, lower case.
        role: what he may do.
        tenants: keys of the tenants he may see; None: all of them.
        made_at: when the account was made, UTC.
        seen_at: when he last signed in, or None.
        sessions: browsers in which he is signed in now.
    """

    name: str
    role: Role
    tenants: frozenset[str] | None
    made_at: datetime
    seen_at: datetime | None = None
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody is signed in.

    Attributes:
        who: the person as his account is now, and not as it was when he signed in.
        opened_at: when, UTC.
        expires_at: when it ends, UTC.
    """

    who: Principal
    opened_at: datetime
    expires_at: datetime


class AccountStore(Protocol):
    """Where accounts are kept; every method raises ``StoreError`` while storage is away.

    Nothing that proves anything is stored: passwords as argon2id, secrets as digests.
    """

    async def add(
        self, name: str, *, role: Role, tenants: frozenset[str] | None, password: str
    ) -> bool:
        """Make an account; False where the name is taken. ``password`` is its hash."""
        ...

    async def users(self) -> list[User]:
        """Return all accounts by name."""
        ...

    async def password(self, name: str) -> str | None:
        """Return the hash of somebody's password, or None where there is no such account."""
        ...

    async def set_password(self, name: str, password: str, *, keep_sessions: bool = False) -> bool:
        """Replace a hash and end all sessions of that person; False: there is no such account.

        Args:
            name: whose.
            password: the new hash.
            keep_sessions: where the password itself is the same, hashed anew.
        """
        ...

    async def change(self, name: str, *, role: Role, tenants: frozenset[str] | None) -> bool:
        """Set what somebody may do, from his next click on; False: there is no such account."""
        ...

    async def remove(self, name: str) -> bool:
        """Delete an account with its sessions; False: there is none."""
        ...

    async def open(self, name: str, secret: str) -> Session | None:
        """Keep the digest of a browser's secret; None where the account is gone meanwhile."""
        ...

    async def session(self, secret: str) -> Session | None:
        """Return the session of a browser, None where it has none or it ended."""
        ...

    async def close(self, secret: str) -> bool:
        """End the session of a browser."""
        ...

    async def revoke(self, name: str) -> int:
        """End all sessions of somebody; return how many."""
        ...

    async def try_in(self, keys: Mapping[str, int]) -> float:
        """Count one try under each key, if none is used up; else count nothing.

        Counted before the password is looked at, in one transaction: tries at the same moment
        cannot all be the last one.

        Returns:
            Seconds after which it may be tried again, 0.0 where it may be now.
        """
        ...

    async def let_in(self, keys: Mapping[str, int]) -> None:
        """Take back the tries that ``try_in`` counted: the password was right."""
        ...

    async def purge(self) -> int:
        """Delete sessions and tries that have run out; return rows."""
        ...
