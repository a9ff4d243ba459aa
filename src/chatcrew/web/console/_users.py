"""The page of who may enter: seen and changed by owners only (S2-20)."""

from collections.abc import Sequence

from aiohttp import web

from chatcrew.accounts import Accounts, BadAccount, Role, User, account_name
from chatcrew.web.console._asking import Act, Asked, Missing, Page, Shown
from chatcrew.web.console._sheets import Column, Sheet, file_of
from chatcrew.web.console._words_users import WORDS

COLUMNS = ("name", "role", "tenants", "made_at", "seen_at", "sessions")
"""Of its file; ``tenants`` are keys with a space between them, or ``*`` for all."""

_ALL = "*"


class UsersPage:
    """Accounts of the console.

    Args:
        accounts: who may enter.
    """

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def page(self) -> Page:
        """Return the page."""
        acts = {
            "add": self.add,
            "change": self.change,
            "revoke": self.revoke,
            "remove": self.remove,
        }
        return Page(
            "users",
            group="house",
            icon="key",
            show=self.show,
            words=WORDS,
            detail=self.file,
            acts={name: Act(do, Role.OWNER) for name, do in acts.items()},
            needs=Role.OWNER,
            filters=(),
            everywhere=True,
        )

    async def show(self, _: Asked) -> Shown:
        """Return all accounts."""
        users = await self._accounts.users()
        values = {"users": users, "roles": list(Role), "sheet": _sheet(users)}
        return Shown("users.html", values)

    async def file(self, asked: Asked) -> web.StreamResponse:
        """Return all accounts as a file."""
        made = file_of(asked, [_sheet(await self._accounts.users())])
        await asked.audited("users.exported")
        return made

    async def add(self, asked: Asked) -> str:
        """Make an account."""
        name, role, tenants = asked.form.get("name", ""), self._role(asked), self._tenants(asked)
        await self._note(asked, "user.added", name, f"{role}")
        try:
            password = asked.form.get("password", "")
            made = await self._accounts.add(name, password, role=role, tenants=tenants)
        except BadAccount as error:
            return "user.bad_name" if str(error) == "name" else "user.bad_password"
        return "user.added" if made else "user.taken"

    async def change(self, asked: Asked) -> str:
        """Set what somebody may do and see; an owner cannot take his own rights away."""
        name = self._other(asked)
        if name is None:
            return "user.self"
        role, tenants = self._role(asked), self._tenants(asked)
        await self._note(asked, "user.changed", name, f"{role}")
        changed = await self._accounts.change(name, role=role, tenants=tenants)
        return "user.changed" if changed else "user.gone"

    async def revoke(self, asked: Asked) -> str:
        """Sign somebody out everywhere."""
        name = self._named(asked)
        await self._note(asked, "user.revoked", name)
        await self._accounts.revoke(name)
        return "user.revoked"

    async def remove(self, asked: Asked) -> str:
        """Delete an account; nobody deletes his own, so that one owner is always left."""
        name = self._other(asked)
        if name is None:
            return "user.self"
        await self._note(asked, "user.removed", name)
        return "user.removed" if await self._accounts.remove(name) else "user.gone"

    async def _note(self, asked: Asked, action: str, name: str, detail: str = "") -> None:
        await asked.audited(action, target=account_name(name) or "", detail=detail)

    def _named(self, asked: Asked) -> str:
        name = account_name(asked.form.get("name", ""))
        if name is None:
            raise Missing
        return name

    def _other(self, asked: Asked) -> str | None:
        name = self._named(asked)
        return None if name == asked.who.name else name

    def _role(self, asked: Asked) -> Role:
        said = asked.form.get("role", "")
        if said not in tuple(Role):
            raise Missing
        return Role(said)

    def _tenants(self, asked: Asked) -> list[str] | None:
        """Return the chosen tenant as a scope, None for all of them."""
        said = asked.form.get("tenant", "")
        if not said:
            raise Missing
        return None if said == _ALL else said.split()


def _sheet(users: Sequence[User]) -> Sheet:
    rows = tuple(
        (
            one.name,
            str(one.role),
            _ALL if one.tenants is None else " ".join(sorted(one.tenants)),
            one.made_at,
            one.seen_at,
            one.sessions,
        )
        for one in users
    )
    return Sheet("accounts", tuple(map(Column, COLUMNS)), rows)
