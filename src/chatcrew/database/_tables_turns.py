"""The tables of turns and of what they send."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chatcrew.database._metadata import Instant, metadata

turn = Table(
    "turn",
    metadata,
    Column("id", Text, primary_key=True),
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("worker", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("started_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("finished_at", Instant),
    Column("outcome", Text),
    Column("reason", Text),
    Column("tenant", Text),
    Column("crew", Text),
    Column("function", Text),
    Column("engine", Text),
    Column("config", Text),
    Column("stage_ms", JSONB),
    Column("details", JSONB),
    Index(
        "turn_unfinished",
        "bot",
        "number",
        unique=True,
        postgresql_where=text("state <> 'finished'"),
    ),
    Index("turn_conversation", "bot", "number", "started_at"),
    Index("turn_finished", "finished_at", postgresql_where=text("finished_at is not null")),
    Index("turn_tenant", "tenant", "finished_at", postgresql_where=text("finished_at is not null")),
)

outbox_part = Table(
    "outbox_part",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("turn_id", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("gated", Boolean, nullable=False),
    Column("tag", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("planned_at", Instant, nullable=False),
    Column("sending_at", Instant),
    Column("sent_at", Instant),
    Column("message_id", BigInteger),
    Column("error", Text),
    Index("outbox_part_tag", "tag", unique=True),
    Index("outbox_part_turn", "turn_id", "position", unique=True),
    Index(
        "outbox_part_undelivered",
        "state",
        postgresql_where=text("state in ('planned', 'sending', 'unknown')"),
    ),
)
