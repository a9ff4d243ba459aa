"""The tables that analytics reads: moves of conversations, sessions, and days added up."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from chatcrew.database._metadata import Instant, metadata

_SPENT = (
    *("calls", "failed", "from_cache", "prompt_tokens", "completion_tokens"),
    *("cached_tokens", "nanos", "unpriced", "estimated"),
)


def spent() -> tuple[Column[int], ...]:
    """Return the columns of what model calls used."""
    return tuple(Column(name, BigInteger, nullable=False) for name in _SPENT)


conversation_move = Table(
    "conversation_move",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    Column("tenant", Text),
    Column("episode", Integer, nullable=False),
    # the new status, or ``spoke``: a person said the first public word
    Column("kind", Text, nullable=False),
    # by Chatwoot's clock where it told
    Column("at", Instant, nullable=False),
    Column("noted_at", Instant, nullable=False, server_default=text("now()")),
    Index("conversation_move_conversation", "bot", "number", "id"),
    Index("conversation_move_noted", "noted_at"),
)

session_fact = Table(
    "session_fact",
    metadata,
    Column("bot", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("episode", Integer, primary_key=True, autoincrement=False),
    Column("account", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("contact", BigInteger),
    Column("began_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("reopened_at", Instant),
    # a person's first public word
    Column("taken_at", Instant),
    Column("turns", Integer, nullable=False),
    Column("replied", Integer, nullable=False),
    Column("handed", Integer, nullable=False),
    Column("heard", Integer, nullable=False),
    Column("said", Integer, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("answered_ms", BigInteger, nullable=False),
    Column("first_reply_ms", BigInteger),
    # the last answer asked for something that the bot needs
    Column("waits", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("intent", Text, nullable=False),
    # thousandths
    Column("mood", Integer),
    Column("rating", Integer),
    Column("rated_at", Instant),
    Column("function", Text, nullable=False),
    Column("crew", Text, nullable=False),
    Column("config", Text, nullable=False),
    Column("variant", Text, nullable=False),
    *spent(),
    Index(
        "session_fact_began",
        *("began_at", "bot", "number", "episode"),
        postgresql_include=["tenant", "account", "contact"],
    ),
    Index(
        "session_fact_tenant",
        *("tenant", "began_at", "bot", "number", "episode"),
        postgresql_include=["account", "contact"],
    ),
    Index("session_fact_last", "last_at", postgresql_where=text("closed_at is null")),
)

day_fact = Table(
    "day_fact",
    metadata,
    Column("measure", Text, primary_key=True),
    # of the tenant's calendar
    Column("day", Date, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("bot", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    # of the scale of times, 0 for what is no time
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
)

day_spend = Table(
    "day_spend",
    metadata,
    Column("day", Date, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("bot", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    *spent(),
)

fact_mark = Table(
    "fact_mark",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

fact_zone = Table(
    "fact_zone",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("zone", Text, nullable=False),
)
