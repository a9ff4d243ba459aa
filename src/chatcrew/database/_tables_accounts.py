"""The tables of the console: who may sign in, who is signed in, who tries too often."""

from sqlalchemy import ARRAY, Column, Index, Integer, Table, Text, text

from chatcrew.database._metadata import Instant, metadata

console_user = Table(
    "console_user",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    # null: all of them
    Column("tenants", ARRAY(Text)),
    # argon2id with its salt and parameters
    Column("password", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant),
)

console_session = Table(
    "console_session",
    metadata,
    # sha256 of the browser's secret
    Column("browser", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("console_session_name", "name"),
)

console_try = Table(
    "console_try",
    metadata,
    # sha256 of name and address
    Column("key", Text, primary_key=True),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("since", Instant, nullable=False),
)
