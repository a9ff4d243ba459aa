"""The table of conversations that people owe an answer to."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from chatcrew.database._metadata import Instant, metadata

debt = Table(
    "debt",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("account", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("turn_id", Text),
    Column("team_id", BigInteger),
    Column("opened_at", Instant, nullable=False),
    # people were not at work then
    Column("closed_then", Boolean, nullable=False),
    # the conversation at that moment: what is newer ends the debt
    Column("episode", Integer, nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("handed_version", Double),
    Column("again", Boolean, nullable=False),
    # what the customer was told, in seconds of time at work
    Column("soonest", Double),
    Column("likely", Double),
    Column("at_most", Double),
    Column("step", Integer, nullable=False, server_default=text("0")),
    Column("step_turn", Text),
    # the step that an input was made for
    Column("woken", Integer, nullable=False, server_default=text("0")),
    Column("next_at", Instant),
    Column("ended_at", Instant),
    Column("ending", Text),
    Column("waited", Double),
    # Chatwoot's user who answered
    Column("by_user", BigInteger),
    # an answer and the end of the talk may be owed at once
    Index(
        "debt_standing",
        "bot",
        "number",
        text("(kind = 'resolution')"),
        unique=True,
        postgresql_where=text("ended_at is null"),
    ),
    Index(
        "debt_due",
        "next_at",
        postgresql_where=text("ended_at is null and next_at is not null"),
    ),
    Index("debt_tenant", "tenant", "opened_at"),
    Index("debt_conversation", "bot", "number"),
)
