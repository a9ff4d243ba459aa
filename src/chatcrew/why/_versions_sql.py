"""The files of each version on PostgreSQL; table ``configuration_version``."""

from sqlalchemy import text

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.why._versions import NEWEST, packed, unpacked

# Every process of an installation says the same of the same version, so the first one's files stand
_TOUCH = text("update configuration_version set used_at = :now where version = :version")
_KEEP = text("""
    insert into configuration_version (version, files, used_at) values (:version, :files, :now)
    on conflict (version) do update set used_at = excluded.used_at
""")
_BOUND = text("""
    delete from configuration_version where version in (
        select version from configuration_version order by used_at desc, version offset :newest
    )
""")
_FILES = text("select files from configuration_version where version = :version")


class PostgresVersions:
    """Satisfies ``Versions``.

    Args:
        database: migrated.
        clock: says when a version was last used.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def keep(self, version: str, raw: bytes) -> None:
        """See ``Versions.keep``."""
        row = {"version": version, "now": self._clock.now()}
        async with transaction(self._database) as connection:
            if (await connection.execute(_TOUCH, row)).rowcount:
                return
            await connection.execute(_KEEP, {**row, "files": packed(raw)})
            await connection.execute(_BOUND, {"newest": NEWEST})

    async def files(self, version: str) -> bytes | None:
        """See ``Versions.files``."""
        async with statement(self._database) as connection:
            found = await connection.scalar(_FILES, {"version": version})
        return None if found is None else unpacked(bytes(found))
