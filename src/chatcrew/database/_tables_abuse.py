"""The tables of who asked not to be written to, and of the notices that floods were given."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from chatcrew.database._metadata import Instant, metadata

contact_opt_out = Table(
    "contact_opt_out",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("contact", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    # where it was said; writing anew in another one or a later episode takes it back
    Column("conversation", Text, nullable=False),
    Column("episode", Integer, nullable=False),
)

conduct_notice = Table(
    "conduct_notice",
    metadata,
    Column("bot", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("episode", Integer, primary_key=True, autoincrement=False),
    Column("notice", Text, primary_key=True),
    Column("turn_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("conduct_notice_at", "at"),
)
