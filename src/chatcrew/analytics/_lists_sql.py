"""Lists of sessions, gaps, parked turns and debts, page by page."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import TextClause, text

from chatcrew.analytics import _endings_sql as endings
from chatcrew.analytics._days_sql import narrowed
from chatcrew.analytics._lists import (
    GapFigures,
    Session,
    Sought,
)
from chatcrew.analytics._reading_sql import Found, Reading, spend
from chatcrew.analytics._scope import Page
from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.ids import ConversationId
from chatcrew.messages import Person

_LATELY = "interval '30 minutes'"
_CONDITIONS = {
    "ending": f"({endings.ENDING}) = :ending",
    "intent": "intent = :intent",
    "function": "function = :function",
    "number": "number = :number",
    "rated": "(rating is not null) = cast(:rated as boolean)",
    "unhappy": f"{endings.UNHAPPY} = cast(:unhappy as boolean)",
}
_WHOLE = range(2**31)
_PAST = """
    (began_at, bot, number, episode)
        < (cast(cast(:at as text) as timestamptz), :past_bot, :past_number, :past_episode)
"""


async def sessions(
    look: Reading, now: datetime, *, sought: Sought, after: str | None, limit: int
) -> Page[Session]:
    """Return one page of sessions, newest first."""
    values: dict[str, object] = {"now": now, "limit": limit + 1}
    conditions = ["true"]
    for name, condition in _CONDITIONS.items():
        value = getattr(sought, name)
        if value is not None:
            conditions.append(condition)
            values[name] = value
    if after is not None:
        at, bot, number, episode = _unpacked(after, str, str, int, int)
        _moment(at)
        conditions.append(_PAST)
        values |= {"at": at, "past_bot": bot, "past_number": number, "past_episode": episode}
    rows = await look.sessions(
        f"""
        select *, {endings.ENDING} as ending from chosen where {" and ".join(conditions)}
        order by began_at desc, bot desc, number desc, episode desc limit :limit
        """,  # noqa: S608 - constants of this file
        **values,
    )
    items = tuple(session(row) for row in rows[:limit])
    if len(rows) <= limit:
        return Page(items)
    last = items[-1]
    return Page(items, _packed(last.began_at.isoformat(), last.bot, last.number, last.episode))


def session(row: Found) -> Session:
    """Return the session that a row says."""
    return Session(
        account=row.account,
        bot=row.bot,
        number=row.number,
        episode=row.episode,
        tenant=row.tenant,
        channel=row.channel,
        contact=row.contact,
        began_at=row.began_at,
        last_at=row.last_at,
        closed_at=row.closed_at,
        ending=row.ending,
        reason=row.reason,
        turns=row.turns,
        replies=row.replied + row.handed,
        heard=row.heard,
        said=row.said,
        intent=row.intent,
        mood=None if row.mood is None else row.mood / 1000,
        rating=row.rating,
        function=row.function,
        config=row.config,
        variant=row.variant,
        spend=spend(row),
    )


_STANDING = text("""
    select tenant, cast(snapshot -> 'contact' ->> 'id' as bigint) as contact from conversation
    where bot = :bot and number = :number and account = :account
""")
_OF_ONE = text(f"""
    select *, {endings.ENDING} as ending from session_fact
    where bot = :bot and number = :number order by episode desc
""")  # noqa: S608 - constants of this house


async def standing(
    database: Database, conversation: ConversationId, now: datetime
) -> tuple[str | None, Person | None, Sequence[Session]]:
    """Return whose a conversation is, with whom, and its sessions, newest first."""
    place = {"bot": conversation.bot, "number": conversation.number}
    async with statement(database) as connection:
        whose = {**place, "account": conversation.account}
        row = (await connection.execute(_STANDING, whose)).one_or_none()
        found = (await connection.execute(_OF_ONE, {**place, "now": now})).all()
    tenant, contact = (None, None) if row is None else (row.tenant, row.contact)
    person = None
    if tenant is not None and contact is not None:
        person = Person(tenant, conversation.account, contact)
    return tenant, person, [session(row) for row in found]


async def lately(look: Reading, now: datetime) -> Mapping[str, int]:
    """Return by tenant how many sessions had a turn within the last 30 minutes (S2-21)."""
    wanted = look.scope.tenants is not None, look.scope.bot is not None
    found = await look.connection.execute(_active(wanted), values_of(look, now=now))
    return {row.tenant: row.n for row in found}


@cache
def _active(wanted: tuple[bool, bool]) -> TextClause:
    return text(f"""
        select tenant, count(*) as n from session_fact
        where closed_at is null and last_at > cast(:now as timestamptz) - {_LATELY}
        {narrowed(wanted, table="session_fact")} group by tenant
    """)  # noqa: S608 - constants of this house


async def gaps(look: Reading, *, after: str | None, limit: int) -> Page[GapFigures]:
    """Return one page of questions that nothing answered, most frequent first.

    The place where a page ends stands in an address, so that it has no customer's words in it.
    """
    values: dict[str, Any] = {"since": look.scope.since, "until": look.scope.until}
    values |= {"limit": limit + 1}
    tenants = look.scope.tenants
    if tenants is not None:
        values["tenants"] = sorted(tenants)
    past = ""
    if after is not None:
        count, tenant, asked = _unpacked(after, int, str, str)
        past = "and (-count, tenant, md5(question)) > (-cast(:count as integer), :tenant, :asked)"
        values |= {"count": count, "tenant": tenant, "asked": asked}
    query = text(f"""
        select tenant, question, count, first_at, last_at, md5(question) as asked
        from knowledge_gap
        where last_at >= :since and last_at < :until
          {narrowed((tenants is not None, False), table="knowledge_gap")} {past}
        order by -count, tenant, md5(question) limit :limit
    """)  # noqa: S608 - constants of this file
    rows = (await look.connection.execute(query, values)).all()
    items = tuple(GapFigures(*row[:-1]) for row in rows[:limit])
    if len(rows) <= limit:
        return Page(items)
    return Page(items, _packed(items[-1].count, items[-1].tenant, rows[limit - 1].asked))


def values_of(look: Reading, **more: object) -> dict[str, object]:
    """Return what ``narrowed`` conditions are asked with."""
    values: dict[str, object] = dict(more)
    if look.scope.tenants is not None:
        values["tenants"] = sorted(look.scope.tenants)
    if look.scope.bot is not None:
        values["bot"] = look.scope.bot
    return values


def _packed(*place: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def _fits(one: object, kind: type) -> bool:
    """Return whether a page can have given it; the database refuses what is larger, and NUL."""
    if type(one) is not kind:
        return False
    return "\0" not in one if isinstance(one, str) else one in _WHOLE


def _moment(said: str) -> None:
    """Raise ``ValueError`` where it is no moment that a session can have begun at."""
    try:
        right = datetime.fromisoformat(said).tzinfo is not None
    except ValueError:
        right = False
    if not right:
        raise ValueError("this is no place in a list")


def _unpacked(after: str, *kinds: type) -> list[Any]:
    """Return where a page ended.

    Raises:
        ValueError: a page never gave this.
    """
    try:
        place = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (binascii.Error, orjson.JSONDecodeError, ValueError) as error:
        raise ValueError("this is no place in a list") from error
    right = isinstance(place, list) and len(place) == len(kinds)
    if not right or not all(map(_fits, place, kinds)):
        raise ValueError("this is no place in a list")
    found: list[Any] = place
    return found
