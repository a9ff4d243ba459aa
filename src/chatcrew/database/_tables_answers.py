"""The table of answers that may be given again."""

from sqlalchemy import BigInteger, Boolean, Column, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from chatcrew.database._metadata import Instant, metadata

kept_answer = Table(
    "kept_answer",
    metadata,
    # what people write: chatcrew cache answers why 12
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("tenant", Text, nullable=False),
    # digests: of the very words, and of what they ask
    Column("exact", Text, nullable=False),
    Column("shape", Text, nullable=False),
    Column("scope", JSONB, nullable=False),
    Column("question", Text, nullable=False),
    # "": asked in vain
    Column("text", Text, nullable=False),
    Column("rests", JSONB, nullable=False),
    Column("knowledge", Text, nullable=False),
    Column("sure", Boolean, nullable=False),
    Column("turn_id", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("hits", BigInteger, nullable=False, server_default=text("0")),
    Column("last_hit_at", Instant),
    Index("kept_answer_exact", "tenant", "exact", unique=True),
    Index("kept_answer_shape", "tenant", "shape"),
    Index("kept_answer_expires", "expires_at"),
)
