"""The statements that write what deliveries change."""

import re
from enum import Enum
from functools import lru_cache

from sqlalchemy import TextClause, text

from chatcrew.mailbox._look_sql import PLACES, WANTED
from chatcrew.mailbox._rows_sql import MAKE, SAVE, SAVE_ONE

CHANNEL = "chatcrew_mailbox"
"""Where ``NOTIFY`` says that something is due."""

NOTIFY = text(f"select pg_notify('{CHANNEL}', '')")

_ADD_LINES = """
    insert into message (bot, message_id, part, number, episode, private, deleted, line)
    select bot, message_id, part, number, episode, private, deleted, line
    from json_to_recordset(cast(cast(:lines as text) as json)) as fresh (
        bot text, message_id bigint, part smallint, number bigint, episode integer,
        private boolean, deleted boolean, line jsonb
    )
    where %s
    order by bot, message_id, part
    on conflict (bot, message_id, part) do update set
        line = excluded.line, private = excluded.private, deleted = excluded.deleted,
        provisional = false
    where not message.deleted
"""

_ADD_EVENTS = """
    insert into event (bot, number, account, kind, name, message_id, part, object_id,
                       delivery_id, received_at, digest, body)
    select bot, number, account, kind, name, message_id, part, object_id,
           delivery_id, received_at, decode(digest, 'hex'), body
    from rows from (
        json_to_recordset(cast(cast(:events as text) as json)) as (
            bot text, number bigint, account text, kind text, name text, message_id bigint,
            part smallint, object_id bigint, delivery_id text, received_at timestamptz,
            digest text
        ),
        unnest(cast(:bodies as bytea[]))
    ) as fresh (bot, number, account, kind, name, message_id, part, object_id, delivery_id,
                received_at, digest, body)
    where %s
"""

_RECEIVE = """
    update message set status = fresh.status, status_error = fresh.error
    from json_to_recordset(cast(cast(:receipts as text) as json))
        as fresh (bot text, message_id bigint, status text, error text)
    where message.bot = fresh.bot and message.message_id = fresh.message_id and message.part = 0
      and coalesce(array_position(cast(:states as text[]), message.status), 0)
          <= array_position(cast(:states as text[]), fresh.status)
      and %s
"""
RECEIPTS = text(_RECEIVE % "true")

FORGET_LINE = text("""
    update message set deleted = true,
        line = line || jsonb_build_object('text', '', 'attachments', jsonb_build_array(),
                                          'deleted', true)
    where bot = :bot and message_id = :message_id
""")
FORGET_BODY = text("update event set body = null where bot = :bot and message_id = :message_id")

RATE = text("""
    insert into rating (bot, message_id, number, tenant, rating, feedback, at)
    values (:bot, :message_id, :number, :tenant, :rating, :feedback, :at)
    on conflict (bot, message_id) do update set rating = excluded.rating,
        feedback = excluded.feedback, at = excluded.at
""")

_ECHO = """
    update outbox_part set state = 'sent', message_id = fresh.message_id,
        sent_at = cast(:at as timestamptz), error = null
    from json_to_recordset(cast(cast(:echoes as text) as json))
        as fresh (bot text, number bigint, tag text, message_id bigint)
    where outbox_part.tag = fresh.tag and outbox_part.bot = fresh.bot
      and outbox_part.number = fresh.number
      and outbox_part.state in ('planned', 'sending', 'unknown')
      and %s
"""

_SEEN = f"""
    insert into seen (bot, key, at) select bot, key, cast(:at as timestamptz) from {WANTED}
    where %s
    order by bot, key
"""  # noqa: S608 - constants of this house, no values
NOTE = text(_SEEN % "true" + "on conflict do nothing")


def _one(sql: str, name: str) -> str:
    """Return the statement for one row: for a hundred, as PostgreSQL takes it, it reads a table."""
    return re.sub(r"json_to_recordset\(cast\(cast\(:\w+", f"json_to_record(cast(cast(:{name}", sql)


PARTS = {
    "keys": f"noted as ({_SEEN})",
    "lines": f"kept as ({_ADD_LINES} and message.provisional)",
    "replaced": f"replaced as ({_ADD_LINES.replace(':lines', ':replaced')})",
    "events": f"added as ({_ADD_EVENTS})",
    "receipt": _one(f"received as ({_RECEIVE})", "receipt"),
    "receipts": f"received as ({_RECEIVE})",
    "echo": _one(f"echoed as ({_ECHO})", "echo"),
    "echoes": f"echoed as ({_ECHO})",
}

# Only rows that still are what was read; who waits here for another's change finds another version
_HELD = f"""
    held as materialized (
        select from (
            select * from {PLACES} (bot text, number bigint, version xid) order by bot, number
        ) as place cross join lateral (
            select from conversation
            where conversation.bot = place.bot and conversation.number = place.number
              and conversation.xmin = place.version
            limit 1
            for update
        ) as found
    )
"""  # noqa: S608 - constants of this house, no values
_ALL_HELD = "(select count(*) from held) = :count"
_SAVED = "(select count(*) from saved) = 1"


class Way(Enum):
    """How a statement makes sure of the rows that it writes.

    Each has what it begins with, and what must hold of that, or nothing is written.
    """

    LOCKED_ONE = (f"saved as ({SAVE_ONE})", "true")
    LOCKED = (f"saved as ({SAVE})", "true")
    READ_ONE = (
        f"saved as ({SAVE_ONE} and conversation.xmin = cast(:version as xid) returning fresh.bot)",
        _SAVED,
    )
    READ = (f"{_HELD}, saved as ({SAVE} and {_ALL_HELD})", _ALL_HELD)
    NONE_YET = (f"saved as ({MAKE})", _SAVED)


@lru_cache(maxsize=128)
def write(way: Way, parts: tuple[str, ...]) -> TextClause:
    """Return what writes a group: conversations and those ``PARTS`` for which it has rows.

    One statement, so one way to the server and back: its parts write to different rows. It returns
    a row if it wrote them.
    """
    begun, gate = way.value
    written = ", ".join([begun, *(PARTS[part] % gate for part in parts)])
    woken = f"pg_notify('{CHANNEL}', '')" if "events" in parts else "true"
    return text(f"with {written} select {woken} where {gate}")
