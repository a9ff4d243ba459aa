"""Tells a database that will not do, which only the admin can mend, from one that is away."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from chatcrew.database import NewerSchema
from chatcrew.errors import ConfigError, ConfigErrors, StoreError
from chatcrew.settings import Settings

_SETTING = "CHATCREW_DATABASE_URL"

# PostgreSQL manual, appendix A
_REFUSED = {
    "28P01": (
        "o PostgreSQL recusou a senha de {user!r} / the password of {user!r} is refused",
        "confira usuário e senha / check user and password",
    ),
    "28000": (
        "o PostgreSQL não deixa {user!r} entrar / {user!r} may not log in",
        "confira o usuário e o pg_hba.conf / check the user and pg_hba.conf",
    ),
    "3D000": (
        "o banco {database!r} não existe / there is no database {database!r}",
        "crie o banco, ou corrija o nome / create it, or mend its name",
    ),
    "42501": (
        "{user!r} não tem acesso ao banco {database!r} / {user!r} may not use {database!r}",
        "dê a permissão CONNECT / grant CONNECT",
    ),
}


def refusal(error: StoreError, settings: Settings) -> ConfigErrors | None:
    """Return the fault of the admin's that an unsuccessful opening shows, or None: it may pass.

    Neither password nor host are in it.
    """
    if isinstance(error, NewerSchema):
        return ConfigErrors([_newer(error, settings)])
    if settings.database_url is None:
        return None
    for cause in _causes(error):
        found = _REFUSED.get(str(getattr(cause, "sqlstate", "")))
        if found is not None:
            address = urlsplit(settings.database_url.get_secret_value())
            names = {"user": unquote(address.username or "")}
            names["database"] = unquote(address.path.removeprefix("/"))
            message, hint = (words.format(**names) for words in found)
            return ConfigErrors([ConfigError(message, path=_SETTING, hint=hint)])
    return None


def _newer(error: NewerSchema, settings: Settings) -> ConfigError:
    """Return what is said of tables that a newer chatcrew has changed."""
    own = settings.database_url is not None
    return ConfigError(
        f"o banco de dados é de um chatcrew mais novo: revisão {error.revision!r}, este conhece "
        f"até {error.known!r} / the database belongs to a newer chatcrew: revision "
        f"{error.revision!r}, this one knows up to {error.known!r}",
        file="" if own else str(settings.data_dir),
        path=_SETTING if own else "",
        hint="rode o chatcrew mais novo, ou restaure uma cópia feita antes dele / run the newer "
        "chatcrew, or restore a backup made before it",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came from; SQLAlchemy keeps the driver's as ``orig``."""
    seen: list[BaseException | None] = [error]
    while seen:
        one = seen.pop()
        if one is not None:
            yield one
            seen += [one.__cause__, getattr(one, "orig", None)]
