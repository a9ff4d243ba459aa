"""Who may enter: makes accounts, signs people in, counts who tries too often."""

from collections.abc import Iterable
from dataclasses import dataclass

from chatcrew.accounts._passwords import Passwords
from chatcrew.accounts._port import AccountStore, Session, User
from chatcrew.accounts._principal import Principal, Role
from chatcrew.accounts._rules import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    account_name,
    is_secret,
    new_secret,
    try_keys,
)


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody has signed in.

    Attributes:
        secret: what his browser keeps; nobody else does.
        who: the person.
    """

    secret: str
    who: Principal


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody has signed in.

    Attributes:
        wait: seconds after which it may be tried again; 0.0: name or password are wrong.
    """

    wait: float = 0.0


class BadAccount(ValueError):
    """A name or a password that cannot be one; the text says ``name`` or ``password``."""


class Accounts:
    """People and their sessions.

    Args:
        store: where they are kept.
        passwords: makes and compares hashes.
    """

    def __init__(self, store: AccountStore, passwords: Passwords | None = None) -> None:
        self._store = store
        self._passwords = passwords or Passwords()

    async def add(
        self, name: str, password: str, *, role: Role, tenants: Iterable[str] | None = None
    ) -> bool:
        """Make an account; False where the name is taken.

        Raises:
            BadAccount: the name or the password cannot be one.
        """
        kept, scope = _named(name), None if tenants is None else frozenset(tenants)
        made = await self._passwords.hashed(_strong(password))
        return await self._store.add(kept, role=role, tenants=scope, password=made)

    async def set_password(self, name: str, password: str) -> bool:
        """Give somebody a new password and sign him out everywhere; False: there is nobody.

        Raises:
            BadAccount: the password cannot be one.
        """
        made = await self._passwords.hashed(_strong(password))
        return await self._store.set_password(_named(name), made)

    async def change(self, name: str, *, role: Role, tenants: Iterable[str] | None = None) -> bool:
        """Set what somebody may do and see, from his next click on; False: there is nobody."""
        scope = None if tenants is None else frozenset(tenants)
        return await self._store.change(_named(name), role=role, tenants=scope)

    async def remove(self, name: str) -> bool:
        """Delete an account and sign it out everywhere; False: there is none."""
        return await self._store.remove(_named(name))

    async def revoke(self, name: str) -> int:
        """Sign somebody out everywhere; return of how many browsers."""
        return await self._store.revoke(_named(name))

    async def users(self) -> list[User]:
        """Return all accounts by name."""
        return await self._store.users()

    async def enter(self, name: str, password: str, *, address: str) -> Entered | Refused:
        """Sign somebody in, or say how long he has to wait before he may try again.

        An unknown name takes as long as a wrong password and looks the same.

        Args:
            name: as it was typed.
            password: as it was typed.
            address: from where, for counting only; kept as a digest.
        """
        keys, kept = try_keys(name, address), account_name(name)
        wait = await self._store.try_in(keys)
        if wait > 0:
            return Refused(wait)
        known = None if kept is None else await self._store.password(kept)
        fits = len(password) <= LONGEST_PASSWORD
        if not await self._passwords.right(known, password if fits else "") or not fits:
            return Refused()
        assert kept is not None
        assert known is not None
        secret = new_secret()
        session = await self._store.open(kept, secret)
        if session is None:
            return Refused()
        await self._store.let_in(keys)
        if await self._passwords.outdated(known):
            again = await self._passwords.hashed(password)
            await self._store.set_password(kept, again, keep_sessions=True)
        return Entered(secret, session.who)

    async def session(self, secret: str | None) -> Session | None:
        """Return the session of a browser's secret, None where it has none or it ended."""
        if secret is None or not is_secret(secret):
            return None
        return await self._store.session(secret)

    async def leave(self, secret: str) -> bool:
        """Sign one browser out."""
        return await self._store.close(secret)


def _named(name: str) -> str:
    kept = account_name(name)
    if kept is None:
        raise BadAccount("name")
    return kept


def _strong(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadAccount("password")
    return password
