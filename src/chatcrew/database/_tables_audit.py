"""The tables of who did what, whose data was erased, and which keys stand for whom."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chatcrew.database._metadata import Instant, metadata

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("tenant", Text),
    Column("target", Text, nullable=False),
    # HMAC under the person's own key
    Column("person", Text),
    Column("detail", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("audit_entry_tenant", "tenant", "seq"),
    Index("audit_entry_person", "person", postgresql_where=text("person is not null")),
    Index("audit_entry_at", "at"),
)

audit_head = Table(
    "audit_head",
    metadata,
    # there is one row
    Column("one", SmallInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    # of the newest entry that was deleted for its age
    Column("cut_seq", BigInteger, nullable=False),
    Column("cut_hash", Text, nullable=False),
)

person_key = Table(
    "person_key",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("contact", BigInteger, primary_key=True, autoincrement=False),
    Column("key", LargeBinary, nullable=False),
)

erasure = Table(
    "erasure",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    # the person, as HMAC under the salt
    Column("salt", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    # conversations with a turn under way, looked at once more when it must have ended
    Column("again_at", Instant),
    Column("again", JSONB, nullable=False, server_default=text("'[]'")),
    Column("receipt", JSONB),
    Index("erasure_tenant", "tenant", "at"),
    Index("erasure_again", "again_at", postgresql_where=text("again_at is not null")),
)

house_key = Table(
    "house_key",
    metadata,
    Column("name", Text, primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False, server_default=text("now()")),
)

consent_text = Table(
    "consent_text",
    metadata,
    Column("tenant", Text, primary_key=True),
    # first digits of its digest, as contact_consent.version
    Column("version", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("first_at", Instant, nullable=False, server_default=text("now()")),
)

private_file = Table(
    "private_file",
    metadata,
    Column("id", Text, primary_key=True),
    Column("path", Text, nullable=False),
    # export or backup
    Column("kind", Text, nullable=False),
    Column("tenant", Text),
    # who is in it, if one person: HMAC under that person's key
    Column("person", Text),
    Column("sha256", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("gone_at", Instant),
    UniqueConstraint("path", "sha256", name="private_file_path"),
)
