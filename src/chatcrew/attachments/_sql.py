"""What was read, on PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text

from chatcrew.attachments._port import Owned
from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.messages import Reading, clean_text

_OF = text("""
    select seen.ref, content.text, content.how
    from attachment_seen as seen
    join attachment_content as content
        on content.tenant = seen.tenant and content.digest = seen.digest
    where seen.account = :account and seen.tenant = :tenant and content.text is not null
      and seen.ref = any(cast(:refs as text[]))
""")

# One statement: of two who come at once, one inserts or takes over a claim that ran out. The
# other's update finds a claim that holds and returns no row.
_CLAIM = text("""
    insert into attachment_content as content (tenant, digest, claimed_until)
    values (:tenant, :digest, clock_timestamp() + make_interval(secs => :seconds))
    on conflict (tenant, digest) do update set claimed_until = excluded.claimed_until
        where content.text is null
          and (content.claimed_until is null or content.claimed_until <= clock_timestamp())
    returning digest
""")
_CONTENT = text("""
    select text, how from attachment_content
    where tenant = :tenant and digest = :digest and text is not null
""")
_GIVE_UP = text("""
    update attachment_content set claimed_until = null
    where tenant = :tenant and digest = :digest and text is null
""")
_KEEP = text("""
    insert into attachment_content as content (tenant, digest, text, how, read_at)
    values (:tenant, :digest, :text, :how, clock_timestamp())
    on conflict (tenant, digest) do update
        set text = excluded.text, how = excluded.how, read_at = excluded.read_at,
            claimed_until = null
        where content.text is null
""")
_SAW = text("""
    insert into attachment_seen
        (account, ref, tenant, digest, bot, number, message_id, seen_at)
    values (:account, :ref, :tenant, :digest, :bot, :number, :message_id, clock_timestamp())
    on conflict (account, ref) do update
        set tenant = excluded.tenant, digest = excluded.digest, seen_at = excluded.seen_at
""")


class PostgresReadings:
    """``Readings`` on PostgreSQL; tables ``attachment_content`` and ``attachment_seen``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, account: str, refs: Sequence[str], *, tenant: str) -> Mapping[str, Reading]:
        """See ``Readings.of``."""
        if not refs:
            return {}
        values = {"account": account, "tenant": tenant, "refs": list(refs)}
        async with statement(self._database) as connection:
            found = (await connection.execute(_OF, values)).all()
        return {row.ref: self._reading(tenant, row) for row in found}

    async def claim(self, tenant: str, digest: str, *, seconds: float) -> Reading | bool:
        """See ``Readings.claim``."""
        values = {"tenant": tenant, "digest": digest}
        async with statement(self._database) as connection:
            mine = await connection.scalar(_CLAIM, values | {"seconds": seconds})
        if mine is not None:
            return True
        async with statement(self._database) as connection:
            row = (await connection.execute(_CONTENT, values)).one_or_none()
        return False if row is None else self._reading(tenant, row)

    async def give_up(self, tenant: str, digest: str) -> None:
        """See ``Readings.give_up``."""
        async with statement(self._database) as connection:
            await connection.execute(_GIVE_UP, {"tenant": tenant, "digest": digest})

    async def keep(self, tenant: str, digest: str, reading: Reading) -> None:
        """See ``Readings.keep``."""
        values = {
            "tenant": tenant,
            "digest": digest,
            "text": self._database.keys.seal(clean_text(reading.text), f"file {tenant}"),
            "how": reading.how,
        }
        async with statement(self._database) as connection:
            await connection.execute(_KEEP, values)

    def _reading(self, tenant: str, row: Row[Any]) -> Reading:
        return Reading(self._database.keys.open(row.text, f"file {tenant}"), row.how)

    async def saw(self, owned: Owned, digest: str) -> None:
        """See ``Readings.saw``."""
        values = {
            "account": owned.conversation.account,
            "ref": owned.file.ref,
            "tenant": owned.tenant,
            "digest": digest,
            "bot": owned.conversation.bot,
            "number": owned.conversation.number,
            "message_id": owned.file.message_id,
        }
        async with statement(self._database) as connection:
            await connection.execute(_SAW, values)
