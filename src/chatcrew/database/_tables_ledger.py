"""The tables of the ledger: every model call, and what customers thought of conversations."""

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

rating = Table(
    "rating",
    metadata,
    Column("bot", Text, primary_key=True),
    Column("message_id", BigInteger, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("tenant", Text),
    Column("rating", Integer, nullable=False),
    Column("feedback", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("rating_conversation", "bot", "number"),
    Index("rating_at", "at"),
)

model_call = Table(
    "model_call",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("turn_id", Text),
    Column("tenant", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt_tokens", BigInteger, nullable=False),
    Column("completion_tokens", BigInteger, nullable=False),
    Column("cached_tokens", BigInteger, nullable=False),
    Column("from_cache", Boolean, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("error", Text),
    Column("at", Instant, nullable=False),
    Column("cost", Double),
    Column("estimated", Boolean, nullable=False, server_default=text("false")),
    Column("audio_seconds", Double, nullable=False, server_default=text("0")),
    Column("spared", Double),
    Index("model_call_turn", "turn_id"),
    Index("model_call_tenant", "tenant", "at"),
    Index("model_call_at", "at"),
)
