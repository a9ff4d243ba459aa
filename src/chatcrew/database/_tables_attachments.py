"""The tables of what attachments say."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from chatcrew.database._metadata import Instant, metadata

attachment_content = Table(
    "attachment_content",
    metadata,
    Column("tenant", Text, primary_key=True),
    # sha256 of the file, in hex
    Column("digest", Text, primary_key=True),
    # null: somebody is reading it, until claimed_until
    Column("text", Text),
    Column("how", Text),
    Column("read_at", Instant),
    Column("claimed_until", Instant),
)

attachment_seen = Table(
    "attachment_seen",
    metadata,
    Column("account", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("digest", Text, nullable=False),
    # whose file it is: to export or delete what is known of a person
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Index("attachment_seen_conversation", "bot", "number"),
    Index("attachment_seen_content", "tenant", "digest"),
)
