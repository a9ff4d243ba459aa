"""The tables of the keys that seal what is stored, and of backups that were restored."""

from sqlalchemy import Column, Table, Text

from chatcrew.database._metadata import Instant, metadata

# never the keys themselves
sealing_key = Table(
    "sealing_key",
    metadata,
    Column("name", Text, primary_key=True),
    # its own name, sealed with it: who has another key of this name is found out at the start
    Column("proof", Text, nullable=False),
    Column("first_used_at", Instant, nullable=False),
)

restoration = Table(
    "restoration",
    metadata,
    Column("id", Text, primary_key=True),
    # name of its file
    Column("archive", Text, nullable=False),
    # null: the whole house
    Column("tenant", Text),
    # the moment that was restored
    Column("made_at", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    # null: whoever was erased since then may be back still
    Column("ended_at", Instant),
)
