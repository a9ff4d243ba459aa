"""The tables of what is remembered of people and episodes."""

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

contact_fact = Table(
    "contact_fact",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("contact", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    # the subject: a person has one fact about it
    Column("about", Text),
    Column("body", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("confidence", Double, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("expires_at", Instant, nullable=False),
    Index("contact_fact_person", "tenant", "account", "contact"),
    Index(
        "contact_fact_about",
        "tenant",
        "account",
        "contact",
        "about",
        unique=True,
        postgresql_where=text("about is not null"),
    ),
    Index("contact_fact_expires", "expires_at"),
)

contact_consent = Table(
    "contact_consent",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("contact", BigInteger, primary_key=True, autoincrement=False),
    Column("given", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    # which text was agreed to
    Column("version", Text, nullable=False),
    Column("source", Text, nullable=False),
)

episode_memory = Table(
    "episode_memory",
    metadata,
    Column("bot", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("episode", Integer, primary_key=True, autoincrement=False),
    Column("account", Text, nullable=False),
    Column("tenant", Text),
    Column("contact", BigInteger),
    # whether facts of the person may be kept
    Column("remember", Boolean, nullable=False, server_default=text("false")),
    Column("marked", BigInteger, nullable=False, server_default=text("0")),
    Column("beyond", BigInteger, nullable=False, server_default=text("0")),
    Column("summary", Text, nullable=False, server_default=text("''")),
    Column("summary_up_to", BigInteger, nullable=False, server_default=text("0")),
    Column("extracted_up_to", BigInteger, nullable=False, server_default=text("0")),
    Column("read_up_to", BigInteger, nullable=False, server_default=text("0")),
    Column("due_at", Instant),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("fence", BigInteger, nullable=False, server_default=text("0")),
    Column("touched_at", Instant, nullable=False, server_default=text("now()")),
    Index("episode_memory_due", "due_at", postgresql_where=text("due_at is not null")),
    Index("episode_memory_contact", "tenant", "account", "contact"),
)
