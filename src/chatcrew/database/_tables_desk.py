"""The table of what was given to whom among people."""

from sqlalchemy import BigInteger, Column, Identity, Index, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from chatcrew.database._metadata import Instant, metadata

desk_given = Table(
    "desk_given",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("account", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("turn_id", Text, nullable=False),
    Column("agent_id", BigInteger),
    Column("team_id", BigInteger),
    Column("method", Text, nullable=False),
    # what the method chose, and all among which it could
    Column("unit", Text, nullable=False),
    Column("pool", JSONB, nullable=False),
    Column("at", Instant, nullable=False),
    Index("desk_given_turn", "turn_id", unique=True),
    Index("desk_given_at", "account", "at"),
    Index("desk_given_agent", "account", "tenant", "agent_id", "at"),
)
