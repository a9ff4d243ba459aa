"""The tables of knowledge, as SQLAlchemy sees them."""

from sqlalchemy import (
    Column,
    Date,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from chatcrew.database._metadata import Instant, metadata

knowledge_source = Table(
    "knowledge_source",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("entries", Integer, nullable=False),
    # stem -> in how many entries it stands: what a word weighs
    Column("frequencies", JSONB, nullable=False),
    # when a process last said that it uses the version
    Column("touched_at", Instant, nullable=False, server_default=text("now()")),
    Column("documents", Integer, nullable=False, server_default=text("0")),
    Column("passages", Integer, nullable=False, server_default=text("0")),
    Column("length", Double, nullable=False, server_default=text("0")),
    # stem or root -> in how many passages it stands
    Column("vocabulary", JSONB, nullable=False, server_default=text("'{}'")),
)

knowledge_entry = Table(
    "knowledge_entry",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("wordings", JSONB, nullable=False),
    Column("keywords", JSONB, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("document", TSVECTOR, nullable=False),
    Column("expires", Date),
    ForeignKeyConstraint(
        ["tenant", "version"],
        ["knowledge_source.tenant", "knowledge_source.version"],
        ondelete="cascade",
    ),
    Index("knowledge_entry_document", "document", postgresql_using="gin"),
)

knowledge_document = Table(
    "knowledge_document",
    metadata,
    Column("tenant", Text, primary_key=True),
    # of name and bytes: the same file in a new version is the same document
    Column("digest", Text, primary_key=True),
    # until when the process that reads it is waited for
    Column("claimed_until", Instant, nullable=False, server_default=text("now()")),
    Column("touched_at", Instant, nullable=False, server_default=text("now()")),
    # null: not read yet
    Column("passages", Integer),
    Column("length", Double, nullable=False, server_default=text("0")),
    Column("frequencies", JSONB, nullable=False, server_default=text("'{}'")),
    Column("fault", Text),
)

knowledge_passage = Table(
    "knowledge_passage",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("mark", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("headings", JSONB, nullable=False),
    Column("body", Text, nullable=False),
    Column("question", Text),
    Column("asked", JSONB, nullable=False, server_default=text("'{}'")),
    Column("expires", Date),
    Column("length", Double, nullable=False),
    Column("counts", JSONB, nullable=False),
    # each with its tenant before it, so that nobody walks through another's passages
    Column("keys", TSVECTOR, nullable=False),
    # digest of what is embedded
    Column("meaning", Text, nullable=False),
    ForeignKeyConstraint(
        ["tenant", "digest"],
        ["knowledge_document.tenant", "knowledge_document.digest"],
        ondelete="cascade",
    ),
    Index("knowledge_passage_keys", "keys", postgresql_using="gin"),
)

knowledge_listed = Table(
    "knowledge_listed",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    ForeignKeyConstraint(
        ["tenant", "version"],
        ["knowledge_source.tenant", "knowledge_source.version"],
        ondelete="cascade",
    ),
    Index("knowledge_listed_digest", "tenant", "digest"),
)

knowledge_gap = Table(
    "knowledge_gap",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("count", Integer, nullable=False, server_default=text("1")),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)
