"""The table of signed bodies that could not be read."""

from sqlalchemy import BigInteger, Column, Identity, Index, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from chatcrew.database._metadata import Instant, metadata

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("bot", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Index("quarantine_at", "at"),
)
