"""The tables of what is proposed: drafts of answers to people, corrections to the admin."""

from sqlalchemy import BigInteger, Boolean, Column, Double, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from chatcrew.database._metadata import Instant, metadata

suggestion = Table(
    "suggestion",
    metadata,
    Column("turn_id", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    # "" once its fate is known: what was sent stands in the conversation
    Column("text", Text, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("after", BigInteger, nullable=False),
    Column("config", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("fate", Text),
    Column("likeness", Double),
    Index("suggestion_open", "made_at", postgresql_where=text("fate is null")),
    Index("suggestion_conversation", "bot", "number"),
)

proposal = Table(
    "proposal",
    metadata,
    # what admins write: chatcrew proposals accept 3
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    # what it is about: of one reply there is one open proposal
    Column("key", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    # question, answer, reply, sources: what the operator said and what it is about
    Column("content", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("ended_at", Instant),
    Column("reason", Text),
    Index("proposal_open", "key", unique=True, postgresql_where=text("state = 'open'")),
    Index("proposal_key", "key"),
    Index("proposal_tenant", "tenant", "state"),
)
