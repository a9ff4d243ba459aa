"""The tables of what was looked at: examinations of Chatwoot, lost rights, rehearsals."""

from sqlalchemy import Boolean, Column, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from chatcrew.database._metadata import Instant as _Instant
from chatcrew.database._metadata import metadata

examination = Table(
    "examination",
    metadata,
    Column("account", Text, primary_key=True),
    # what the mapping said of the account: another mapping is looked at anew
    Column("fingerprint", Text, nullable=False),
    Column("claimed_at", _Instant, nullable=False),
    Column("due_at", _Instant, nullable=False),
    Column("examined_at", _Instant),
    Column("findings", JSONB, nullable=False, server_default=text("'[]'")),
)

lost_right = Table(
    "lost_right",
    metadata,
    Column("bot", Text, primary_key=True),
    Column("actor", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", _Instant, nullable=False),
    # met while answering, and not by trying on purpose
    Column("tried", Boolean, nullable=False),
)

rehearsal = Table(
    "rehearsal",
    metadata,
    # digest of everything the conversations of a business depend on
    Column("content", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    # null: could not be played
    Column("failures", JSONB),
    Column("at", _Instant, nullable=False, server_default=text("now()")),
)
