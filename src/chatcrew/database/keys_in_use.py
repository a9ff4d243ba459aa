"""Checks at the start that every key which something is sealed with is at hand, and the right one.

Without that a missing key would show as customers who are answered by nobody, one row at a time.
"""

from datetime import datetime

from sqlalchemy import text

from chatcrew.database._database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.errors import StoreError
from chatcrew.privacy import Keyring, Unsealable

_KNOWN = text("select name, proof from sealing_key order by name")
_USE = text("""
    insert into sealing_key (name, proof, first_used_at) values (:name, :proof, :now)
    on conflict (name) do nothing
""")
_RETIRE = text("delete from sealing_key where name <> all(cast(:names as text[]))")

ABOUT_KEY = "key"
"""What the proof of a key is about, as ``Keyring.seal`` is told."""


class WrongKeys(StoreError):
    """Something is sealed with a key that is missing, or that is another of the same name.

    Attributes:
        missing: names of keys that are not configured.
        wrong: names of keys that are others than those in use.
    """

    def __init__(self, missing: tuple[str, ...], wrong: tuple[str, ...]) -> None:
        super().__init__(f"encryption keys missing: {missing!r}, wrong: {wrong!r}")
        self.missing = missing
        self.wrong = wrong


async def check_keys(database: Database, now: datetime) -> None:
    """See that the keys fit what is stored, and note that the first of them is used from here on.

    Raises:
        WrongKeys: see there; nothing may be read or written then.
        StoreError: the database is away.
    """
    keys = database.keys
    async with transaction(database) as connection:
        known = (await connection.execute(_KNOWN)).all()
        missing = tuple(row.name for row in known if row.name not in keys.names)
        wrong = tuple(row.name for row in known if not _fits(keys, row.name, row.proof))
        if missing or wrong:
            raise WrongKeys(missing, wrong)
        if keys.names:
            first = keys.names[0]
            proof = keys.seal(first, ABOUT_KEY)
            await connection.execute(_USE, {"name": first, "proof": proof, "now": now})


def _fits(keys: Keyring, name: str, proof: str) -> bool:
    """Whether our key of this name, if we have one, is the one that made the proof."""
    if name not in keys.names:
        return True
    try:
        keys.open(proof, ABOUT_KEY)
    except Unsealable:
        return False
    return True


async def retire_keys(database: Database, *, keep: tuple[str, ...]) -> int:
    """Note that nothing is sealed with other keys any more; return how many were retired."""
    async with statement(database) as connection:
        return (await connection.execute(_RETIRE, {"names": list(keep)})).rowcount
