"""``chatcrew console``: makes accounts, lists them, signs people out."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import orjson
import typer

from chatcrew.accounts import (
    SHORTEST_PASSWORD,
    Accounts,
    BadAccount,
    PostgresAccounts,
    Role,
    account_name,
)
from chatcrew.app.configuration import load_directory
from chatcrew.app.storage import open_database
from chatcrew.clock import SystemClock
from chatcrew.errors import ConfigErrors
from chatcrew.settings import Settings

_WORDS = {
    "pt-BR": {
        "password": f"Senha (pelo menos {SHORTEST_PASSWORD} caracteres)",
        "again": "A mesma de novo",
        "unreadable": "{file}: não dá para ler",
        "short": f"A senha precisa de {SHORTEST_PASSWORD} a 1000 caracteres.",
        "name": "O nome tem de 1 a 64 letras sem acento, números e . _ @ + -",
        "taken": "{name} já existe: `chatcrew console passwd {name}` troca a senha.",
        "tenant": "{tenant} não está nos arquivos; há: {known}.",
        "added": "{name} pode entrar em http://{where}/console como {role}.",
        "nobody": "Não há conta {name}.",
        "changed": "Senha trocada; quem estava dentro saiu.",
        "revoked": "{name} saiu de {count} navegador(es).",
        "removed": "A conta {name} foi apagada.",
        "none": "Ninguém pode entrar ainda: chatcrew console add-user NOME --role owner",
        "all": "todos",
        "never": "nunca",
        "viewer": "leitura (viewer)",
        "admin": "administração (admin)",
        "owner": "dono (owner)",
        "columns": f"{'nome':<20} {'papel':<22} {'última entrada':<18} dentro  negócios",
    },
    "en": {
        "password": f"Password (at least {SHORTEST_PASSWORD} characters)",
        "again": "The same again",
        "unreadable": "{file}: cannot be read",
        "short": f"A password has {SHORTEST_PASSWORD} to 1000 characters.",
        "name": "A name has 1 to 64 letters without accents, digits and . _ @ + -",
        "taken": "{name} exists: `chatcrew console passwd {name}` sets another password.",
        "tenant": "{tenant} is not in the files; there are: {known}.",
        "added": "{name} may sign in at http://{where}/console as {role}.",
        "nobody": "There is no account {name}.",
        "changed": "Password set; who was signed in is out.",
        "revoked": "{name} was signed out of {count} browser(s).",
        "removed": "The account {name} is deleted.",
        "none": "Nobody may enter yet: chatcrew console add-user NAME --role owner",
        "all": "all",
        "never": "never",
        "viewer": "viewer",
        "admin": "admin",
        "owner": "owner",
        "columns": f"{'name':<20} {'role':<22} {'last signed in':<18} in now  businesses",
    },
}


def role_of(said: str) -> Role:
    """Return a role by its name.

    Raises:
        typer.BadParameter: there is none of that name.
    """
    try:
        return Role(said.strip().lower())
    except ValueError:
        names = ", ".join(Role)
        raise typer.BadParameter(f"{said!r}: {names}") from None


def password(file: Path | None, *, lang: str) -> str:
    """Return the password that a file holds, else ask for it twice.

    Raises:
        typer.Exit: with 1 where the file cannot be read.
    """
    words = _words(lang)
    if file is None:
        again = words["again"]
        return str(typer.prompt(words["password"], hide_input=True, confirmation_prompt=again))
    try:
        return file.read_text("utf-8").partition("\n")[0].removesuffix("\r")
    except (OSError, UnicodeDecodeError):
        typer.echo(words["unreadable"].format(file=file), err=True)
        raise typer.Exit(1) from None


async def run_add(
    settings: Settings,
    *,
    name: str,
    role: Role,
    tenants: Sequence[str] | None,
    secret: str,
    lang: str,
) -> None:
    """Make an account.

    Raises:
        typer.Exit: with 1 where it cannot be made.
    """
    words = _words(lang)
    if tenants:
        await _known(settings, tenants, words)
    async with AsyncExitStack() as stack:
        accounts = await _accounts(settings, stack)
        try:
            made = await accounts.add(name, secret, role=role, tenants=tenants or None)
        except BadAccount as error:
            raise _no(words["short" if str(error) == "password" else "name"]) from None
    shown = account_name(name) or name
    if not made:
        raise _no(words["taken"].format(name=shown))
    where = f"{settings.admin_host}:{settings.admin_port}"
    typer.echo(words["added"].format(name=shown, where=where, role=words[role.value]))


async def run_users(settings: Settings, *, lang: str, as_json: bool) -> None:
    """List the accounts."""
    words = _words(lang)
    async with AsyncExitStack() as stack:
        found = await (await _accounts(settings, stack)).users()
    if as_json:
        for one in found:
            row = {"name": one.name, "role": one.role, "sessions": one.sessions}
            row |= {"tenants": None if one.tenants is None else sorted(one.tenants)}
            row |= {"made_at": one.made_at, "seen_at": one.seen_at}
            typer.echo(orjson.dumps(row).decode())
        return
    typer.echo(words["columns"] if found else words["none"])
    for one in found:
        seen = f"{one.seen_at.astimezone():%Y-%m-%d %H:%M}" if one.seen_at else words["never"]
        whose = words["all"] if one.tenants is None else ", ".join(sorted(one.tenants))
        typer.echo(
            f"{one.name:<20} {words[one.role.value]:<22} {seen:<18} {one.sessions:>6}  {whose}"
        )


async def run_passwd(settings: Settings, *, name: str, secret: str, lang: str) -> None:
    """Set a password.

    Raises:
        typer.Exit: with 1 where there is no such account or it can be no password.
    """
    words = _words(lang)
    async with AsyncExitStack() as stack:
        accounts = await _accounts(settings, stack)
        try:
            done = await accounts.set_password(name, secret)
        except BadAccount as error:
            raise _no(words["short" if str(error) == "password" else "name"]) from None
    if not done:
        raise _no(words["nobody"].format(name=name))
    typer.echo(words["changed"])


async def run_revoke(settings: Settings, *, name: str, remove: bool, lang: str) -> None:
    """Sign somebody out everywhere, and with ``remove`` for good.

    Raises:
        typer.Exit: with 1 where there is no such account.
    """
    words = _words(lang)
    async with AsyncExitStack() as stack:
        accounts = await _accounts(settings, stack)
        kept = account_name(name)
        if kept is None or kept not in {one.name for one in await accounts.users()}:
            raise _no(words["nobody"].format(name=name))
        count = await accounts.revoke(kept)
        if remove:
            await accounts.remove(kept)
    typer.echo(words["revoked"].format(name=kept, count=count))
    if remove:
        typer.echo(words["removed"].format(name=kept))


async def _accounts(settings: Settings, stack: AsyncExitStack) -> Accounts:
    database = await open_database(settings, stack, name="chatcrew-console", may_own=True)
    return Accounts(PostgresAccounts(database, SystemClock()))


async def _known(settings: Settings, tenants: Sequence[str], words: Mapping[str, str]) -> None:
    """Refuse a tenant that is not there: it would be an account that sees nothing."""
    try:
        known = (await load_directory(settings)).current.tenants
    except ConfigErrors:
        return  # the files are broken today; who is to see what need not wait for that
    for one in tenants:
        if one not in known:
            listed = ", ".join(sorted(known))
            raise _no(words["tenant"].format(tenant=one, known=listed))


def _no(text: str) -> typer.Exit:
    typer.echo(text, err=True)
    return typer.Exit(1)


def _words(lang: str) -> Mapping[str, str]:
    return _WORDS.get(lang, _WORDS["pt-BR"])
