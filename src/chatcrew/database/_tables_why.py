"""The table of configuration versions, by which accounts of turns name file and line."""

from sqlalchemy import Column, LargeBinary, Table, Text

from chatcrew.database._metadata import Instant, metadata

configuration_version = Table(
    "configuration_version",
    metadata,
    Column("version", Text, primary_key=True),
    # the files as they were, packed; references to secrets, never secrets
    Column("files", LargeBinary, nullable=False),
    Column("used_at", Instant, nullable=False),
)
