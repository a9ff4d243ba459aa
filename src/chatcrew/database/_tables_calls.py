"""The tables of tool calls that act, of approvals, and of timers."""

from sqlalchemy import BigInteger, Boolean, Column, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from chatcrew.database._metadata import Instant, metadata

tool_call = Table(
    "tool_call",
    metadata,
    # what operators write: /bot aprovar 12
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("turn_id", Text, nullable=False),
    # of the claim that wrote the row
    Column("fence", BigInteger, nullable=False),
    # one asking of a crew: two of them in one turn are two attempts
    Column("run", Text, nullable=False),
    Column("tool", Text, nullable=False),
    # of the arguments
    Column("digest", Text, nullable=False),
    Column("arguments", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("ok", Boolean),
    Column("result", Text),
    Column("made_at", Instant, nullable=False),
    Column("acted_at", Instant),
    Column("ended_at", Instant),
    # the rest is of approvals only
    Column("expires_at", Instant),
    Column("ruled_by", Text),
    Column("ruled_turn", Text),
    Column("reason", Text),
    Index("tool_call_turn", "turn_id"),
    Index("tool_call_conversation", "bot", "number"),
)

timer = Table(
    "timer",
    metadata,
    Column("key", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("ended_at", Instant),
    # fired, or why it was cancelled
    Column("ending", Text),
    Index("timer_due", "due_at", postgresql_where=text("ended_at is null")),
    Index("timer_conversation", "bot", "number"),
)
