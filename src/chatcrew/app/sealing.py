"""Reads the keys that seal what is stored, with faults that name the way out."""

import asyncio

from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.database.keys_in_use import WrongKeys, check_keys
from chatcrew.errors import ConfigError, ConfigErrors
from chatcrew.privacy import BadKeys, Keyring, keyring
from chatcrew.settings import Settings, from_file

SETTING = "CHATCREW_ENCRYPTION_KEYS"
_HINT = (
    "a forma é nome:base64 de 32 bytes; `chatcrew keys new NOME` faz uma / "
    "the form is name:base64 of 32 bytes; `chatcrew keys new NAME` makes one"
)
_WHY = {
    "form": "falta o nome antes de ':' / there is no name before ':'",
    "name": "nome inválido: a-z, 0-9, - e _ / not a name: a-z, 0-9, - and _",
    "base64": "não é base64 / is no base64",
    "length": "não tem 32 bytes / has not 32 bytes",
    "twice": "o nome está duas vezes / the name stands there twice",
}


async def keys_of(settings: Settings) -> Keyring:
    """Return the keys that the settings say; none where they say none.

    Raises:
        ConfigErrors: they cannot be read; no key is in it.
    """
    if settings.encryption_keys is None:
        return Keyring()
    try:
        said = await asyncio.to_thread(from_file, settings.encryption_keys.get_secret_value())
    except ValueError as error:
        raise ConfigErrors([ConfigError(str(error), path=SETTING)]) from None
    try:
        return keyring(said)
    except BadKeys as error:
        message = f"chave {error.place} / key {error.place}: {_WHY[error.kind]}"
        raise ConfigErrors([ConfigError(message, path=SETTING, hint=_HINT)]) from None


async def prove_keys(database: Database) -> None:
    """See that the keys fit what is stored.

    Raises:
        ConfigErrors: a key is missing or another; whoever has it must give it.
        StoreError: the database is away.
    """
    try:
        await check_keys(database, SystemClock().now())
    except WrongKeys as error:
        faults = [
            *(
                f"falta a chave {name!r}, com que há dados cifrados / "
                f"the key {name!r} is missing, which data is sealed with"
                for name in error.missing
            ),
            *(
                f"a chave {name!r} é outra que a dos dados cifrados / "
                f"the key {name!r} is another than the one that data is sealed with"
                for name in error.wrong
            ),
        ]
        hint = "guarde chaves antigas até `chatcrew keys rotate` / keep old keys until then"
        raise ConfigErrors([ConfigError(one, path=SETTING, hint=hint) for one in faults]) from None
