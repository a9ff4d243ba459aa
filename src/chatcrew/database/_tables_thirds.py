"""The tables of figures added up by thirds of months, and of what was not spent."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import BIT

from chatcrew.database._metadata import Instant, metadata
from chatcrew.database._tables_facts import spent

_COUNTS = ("n", "nanos", "unknown", "more")
_KEPT = ("kept_n", "kept", "kept_unknown", "s_count")


def _sums(*names: str) -> tuple[Column[int], ...]:
    return tuple(Column(name, BigInteger, nullable=False) for name in names)


def _large(*names: str) -> tuple[Column[int], ...]:
    return tuple(Column(name, Numeric, nullable=False) for name in names)


def _saving(name: str, span: str) -> Table:
    return Table(
        name,
        metadata,
        Column(span, Date, primary_key=True),
        Column("tenant", Text, primary_key=True),
        Column("bot", Text, primary_key=True),
        # ``turn`` or ``call``
        Column("source", Text, primary_key=True),
        # the function of turns, role and model of calls
        Column("part", Text, primary_key=True),
        # see ``analytics.SAVERS``
        Column("kind", Text, primary_key=True),
        *_sums(*_COUNTS),
        *_large("chars"),
        *_sums("uncounted"),
        *_large("more_chars"),
        *_sums("more_uncounted", *_KEPT),
        *_large("s_chars", "s_nanos", "s_squares", "s_products"),
    )


day_saving = _saving("day_saving", "day")
third_saving = _saving("third_saving", "third")

third_fact = Table(
    "third_fact",
    metadata,
    Column("measure", Text, primary_key=True),
    # its first day, of the tenant's calendar
    Column("third", Date, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("bot", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    *_sums("n", "total"),
)

third_spend = Table(
    "third_spend",
    metadata,
    Column("third", Date, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("bot", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    *spent(),
)

session_third = Table(
    "session_third",
    metadata,
    # its first day, UTC's
    Column("third", Date, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("bot", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("function", Text, nullable=False),
    Column("crew", Text, nullable=False),
    Column("config", Text, nullable=False),
    Column("variant", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # once they are over
    Column("ending", Text),
    Column("closed", Boolean, nullable=False),
    Column("back", Boolean, nullable=False),
    # from when on the ending holds, or the solution is durable; null: it did when this was made
    Column("settles_at", Instant),
    *_sums("n", "replies", "rated", "rating_total", "satisfied", "answers", "answered_ms"),
    Column("newest", Instant, nullable=False),
    *spent(),
    Index("session_third_settles", "settles_at", postgresql_where=text("settles_at is not null")),
)

session_pace = Table(
    "session_pace",
    metadata,
    Column("third", Date, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("bot", Text, primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    *_sums("n", "total"),
)

session_set = Table(
    "session_set",
    metadata,
    Column("third", Date, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("bot", Text, primary_key=True),
    # ``user`` or ``conversation``
    Column("kind", Text, primary_key=True),
    # of users; numbers of conversations are their bot's
    Column("account", Text, primary_key=True),
    # numbers from 256 times this on, a bit for each
    Column("chunk", BigInteger, primary_key=True, autoincrement=False),
    Column("members", BIT(256), nullable=False),
)

session_touched = Table(
    "session_touched",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("third", Date, nullable=False),
)
