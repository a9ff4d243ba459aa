"""The table of the keys that seal what is stored; never the keys themselves."""

from sqlalchemy import Column, Table, Text

from chatcrew.database._metadata import Instant, metadata

sealing_key = Table(
    "sealing_key",
    metadata,
    Column("name", Text, primary_key=True),
    # its own name, sealed with it: who has another key of this name is found out at the start
    Column("proof", Text, nullable=False),
    Column("first_used_at", Instant, nullable=False),
)
