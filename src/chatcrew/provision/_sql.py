"""``Records`` and ``Examinations`` on PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson
from sqlalchemy import text

from chatcrew.chatwoot import webhook
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.errors import WebhookError
from chatcrew.provision.findings import Finding, findings_of
from chatcrew.provision.ports import Actor, Examined, LostRight, Turn
from chatcrew.tenancy.model import Bot

# What the sweep recovered came without a delivery's number, which Chatwoot gives since 4.11.2, and
# its own marks are none at all: neither proves that webhooks arrive.
_LAST_DELIVERY = text("""
    select coalesce(max(at) filter (where key like 'd:%'), max(at)) from seen
    where bot = :bot and key not like 'e:chatcrew\\_%'
""")
_REFUSED = text(
    "select body from quarantine where bot = :bot and reason = 'unmapped_inbox' "
    "order by at desc limit 200"
)

# Of many that ask at the same moment one gets the row: the second sees what the first wrote
_CLAIM = text("""
    insert into examination (account, fingerprint, claimed_at, due_at)
    values (:account, :fingerprint, :now, :until)
    on conflict (account) do update set
        fingerprint = excluded.fingerprint, claimed_at = excluded.claimed_at,
        due_at = excluded.due_at
    where examination.due_at <= :now
       or examination.claimed_at <= cast(:before as timestamptz)
       or (examination.fingerprint <> excluded.fingerprint and examination.claimed_at <= :settled)
    returning account
""")
_FINISH = text("""
    update examination set examined_at = :now, due_at = :due,
        findings = cast(cast(:findings as text) as jsonb)
    where account = :account
""")
_AGAIN = text("update examination set due_at = least(due_at, :due) where account = :account")
_KEPT = text("""
    select account, examined_at, findings::text as findings from examination
    where examined_at is not null order by account
""")
_LOST = text("select bot, actor, name, reason, at, tried from lost_right order by bot, actor, name")
_LOSE = text("""
    insert into lost_right (bot, actor, name, reason, at, tried)
    values (:bot, :actor, :name, :reason, :at, :tried)
    on conflict do nothing
""")
_FORGET = text("delete from lost_right where bot = any(:bots)")


class PostgresRecords:
    """Satisfies ``Records``; read only, so that looking changes nothing.

    Args:
        database: open; its schema is as it is.
        bots: by label, to read what is in quarantine.
    """

    def __init__(self, database: Database, bots: Mapping[str, Bot]) -> None:
        self._database = database
        self._bots = bots

    async def last_delivery(self, bot: str) -> datetime | None:
        """See ``Records.last_delivery``."""
        async with statement(self._database) as connection:
            found = (await connection.execute(_LAST_DELIVERY, {"bot": bot})).scalar_one()
        return found if isinstance(found, datetime) else None

    async def refused_inboxes(self, bot: str) -> tuple[int, ...]:
        """See ``Records.refused_inboxes``."""
        known = self._bots.get(bot)
        if known is None:
            return ()
        async with statement(self._database) as connection:
            bodies = (await connection.execute(_REFUSED, {"bot": bot})).scalars().all()
        found: set[int] = set()
        for body in bodies:
            try:
                inbox = webhook.classify(webhook.parse(bytes(body)), bot=known).inbox_id
            except WebhookError:
                continue
            if inbox is not None:
                found.add(inbox)
        return tuple(sorted(found))


class PostgresExaminations:
    """Satisfies ``Examinations``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, account: str, turn: Turn) -> bool:
        """See ``Examinations.claim``."""
        values = {
            "account": account,
            "fingerprint": turn.fingerprint,
            "now": turn.now,
            "until": turn.until,
            "before": turn.before,
            "settled": turn.settled,
        }
        async with transaction(self._database) as connection:
            return (await connection.execute(_CLAIM, values)).first() is not None

    async def finish(
        self, account: str, findings: Sequence[Finding], *, now: datetime, due: datetime
    ) -> None:
        """See ``Examinations.finish``."""
        rows = orjson.dumps([one.as_json() for one in findings]).decode()
        values = {"account": account, "now": now, "due": due, "findings": rows}
        async with transaction(self._database) as connection:
            await connection.execute(_FINISH, values)

    async def again(self, account: str, *, due: datetime) -> None:
        """See ``Examinations.again``."""
        async with transaction(self._database) as connection:
            await connection.execute(_AGAIN, {"account": account, "due": due})

    async def kept(self) -> tuple[Examined, ...]:
        """See ``Examinations.kept``."""
        async with statement(self._database) as connection:
            rows = (await connection.execute(_KEPT)).all()
        return tuple(
            Examined(row.account, row.examined_at, findings_of(orjson.loads(row.findings)))
            for row in rows
        )

    async def lost(self) -> tuple[LostRight, ...]:
        """See ``Examinations.lost``."""
        async with statement(self._database) as connection:
            rows = (await connection.execute(_LOST)).all()
        return tuple(
            LostRight(row.bot, _actor(row.actor), row.name, row.reason, row.at, row.tried)
            for row in rows
        )

    async def lose(self, right: LostRight) -> None:
        """See ``Examinations.lose``."""
        async with transaction(self._database) as connection:
            await connection.execute(_LOSE, _row(right))

    async def replace_lost(self, bots: Sequence[str], rights: Sequence[LostRight]) -> None:
        """See ``Examinations.replace_lost``."""
        async with transaction(self._database) as connection:
            await connection.execute(_FORGET, {"bots": list(bots)})
            for right in rights:
                await connection.execute(_LOSE, _row(right))


def _actor(name: str) -> Actor:
    return "user" if name == "user" else "bot"


def _row(right: LostRight) -> dict[str, object]:
    return {
        "bot": right.bot,
        "actor": right.actor,
        "name": right.name,
        "reason": right.reason,
        "at": right.at,
        "tried": right.tried,
    }
