"""``chatcrew api-token``: makes, lists and ends the tokens by which programs use the API."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

import orjson
import typer

from chatcrew.accounts import PostgresTokens, Role, Token, account_name
from chatcrew.app.configuration import load_directory
from chatcrew.app.storage import open_database
from chatcrew.cli._reasons import UnknownTenant, Unusable
from chatcrew.clock import SystemClock
from chatcrew.settings import Settings

_WORDS = {
    "pt-BR": {
        "made": "Token de {name} ({role}; {tenants}; {ends}). Guarde-o agora: ele não é mostrado "
        "de novo.",
        "name": "nome inválido: letras, números e . _ @ + -",
        "taken": "já há um token com o nome {name}: chatcrew api-token revoke {name}",
        "role": "papel desconhecido {role}: viewer, admin ou owner",
        "whose": "diga de quem: --tenant dominio/negocio, ou --all-tenants",
        "every": "todos os negócios",
        "never": "sem fim",
        "until": "até {day}",
        "ended": "acabou em {day}",
        "used": "usado em {day}",
        "unused": "nunca usado",
        "none": "Nenhum token. chatcrew api-token add NOME cria um.",
        "revoked": "O token de {name} não abre mais nada.",
        "unknown": "não há token com o nome {name}",
    },
    "en": {
        "made": "Token of {name} ({role}; {tenants}; {ends}). Keep it now: it is not shown again.",
        "name": "not a name: letters, digits and . _ @ + -",
        "taken": "there is a token called {name}: chatcrew api-token revoke {name}",
        "role": "unknown role {role}: viewer, admin or owner",
        "whose": "say whose: --tenant domain/name, or --all-tenants",
        "every": "every tenant",
        "never": "no end",
        "until": "until {day}",
        "ended": "ended {day}",
        "used": "used {day}",
        "unused": "never used",
        "none": "No token. chatcrew api-token add NAME makes one.",
        "revoked": "The token of {name} opens nothing any more.",
        "unknown": "there is no token called {name}",
    },
}


async def run_add(
    settings: Settings,
    *,
    name: str,
    role: str,
    tenants: Sequence[str],
    every: bool,
    days: int,
    lang: str,
) -> None:
    """Make a token and print it alone on the last line, so that a script can take it.

    Raises:
        Unusable: a name or role that is none.
        UnknownTenant: a tenant that is none.
    """
    words = _WORDS[lang]
    called = account_name(name)
    if called is None:
        raise _unusable("name")
    if role not in set(Role):
        raise _unusable("role", role=repr(role))
    if bool(tenants) == every:
        raise _unusable("whose")
    known = (await load_directory(settings)).current.tenants
    for one in tenants:
        if one not in known:
            raise UnknownTenant(one, known=", ".join(sorted(known)))
    async with _store(settings) as store:
        ends = SystemClock().now() + timedelta(days=days) if days else None
        seen = None if every else frozenset(tenants)
        secret = await store.add(called, role=Role(role), tenants=seen, expires_at=ends)
    if secret is None:
        raise _unusable("taken", name=called)
    told = words["made"].format(
        name=called, role=role, tenants=_tenants(seen, words), ends=_ends(ends, words)
    )
    typer.echo(told, err=True)
    typer.echo(secret)


async def run_list(settings: Settings, *, lang: str, as_json: bool) -> None:
    """Print every token, those that have ended too; none can be used with what is printed."""
    words = _WORDS[lang]
    async with _store(settings) as store:
        found = await store.tokens()
    for one in found:
        typer.echo(_json(one) if as_json else _line(one, words))
    if not found and not as_json:
        typer.echo(words["none"])


async def run_revoke(settings: Settings, *, name: str, lang: str) -> None:
    """End a token at once.

    Raises:
        Unusable: there is none of that name.
    """
    words = _WORDS[lang]
    async with _store(settings) as store:
        if not await store.revoke(name.strip().lower()):
            raise _unusable("unknown", name=repr(name))
    typer.echo(words["revoked"].format(name=name))


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[PostgresTokens]:
    async with AsyncExitStack() as stack:
        database = await open_database(settings, stack, name="chatcrew-api-token", may_own=True)
        yield PostgresTokens(database, SystemClock())


def _unusable(word: str, **values: str) -> Unusable:
    pt, en = (_WORDS[language][word].format(**values) for language in ("pt-BR", "en"))
    return Unusable(pt, en)


def _line(one: Token, words: dict[str, str]) -> str:
    ended = one.expires_at is not None and one.expires_at <= SystemClock().now()
    ends = (
        words["ended"].format(day=_day(one.expires_at)) if ended else _ends(one.expires_at, words)
    )
    used = words["used"].format(day=_day(one.used_at)) if one.used_at else words["unused"]
    tenants = _tenants(one.tenants, words)
    return f"{one.name}  {one.shown}…  {one.role}  {tenants}  {ends}  {used}"


def _tenants(tenants: frozenset[str] | None, words: dict[str, str]) -> str:
    return words["every"] if tenants is None else ", ".join(sorted(tenants))


def _ends(at: datetime | None, words: dict[str, str]) -> str:
    return words["never"] if at is None else words["until"].format(day=_day(at))


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d}"


def _json(one: Token) -> str:
    body = {
        "name": one.name,
        "shown": one.shown,
        "role": one.role.value,
        "tenants": None if one.tenants is None else sorted(one.tenants),
        "made_at": one.made_at,
        "expires_at": one.expires_at,
        "used_at": one.used_at,
    }
    return orjson.dumps(body).decode()
