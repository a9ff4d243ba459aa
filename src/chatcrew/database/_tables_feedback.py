"""The tables of what customers were dissatisfied with."""

from sqlalchemy import BigInteger, Column, Date, Double, Index, Table, Text, text

from chatcrew.database._metadata import Instant, metadata

feedback_signal = Table(
    "feedback_signal",
    metadata,
    Column("turn_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("about", Text, nullable=False, server_default=text("''")),
    Column("function", Text, nullable=False, server_default=text("''")),
    Column("mood", Double, nullable=False, server_default=text("0")),
    # without what identifies people
    Column("said", Text, nullable=False, server_default=text("''")),
    Index("feedback_signal_tenant", "tenant", "at"),
    Index("feedback_signal_conversation", "bot", "number"),
)

feedback_digest = Table(
    "feedback_digest",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("taken_at", Instant, nullable=False),
    # null: whoever took it is at it, or died
    Column("sent_at", Instant),
)
