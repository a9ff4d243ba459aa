"""The tables of conversations that only the API has: their contacts, sessions and message ids."""

from sqlalchemy import BigInteger, Column, Identity, Index, Sequence, Table, Text

from chatcrew.database._metadata import Instant, metadata

simulated_message = Sequence("simulated_message", metadata=metadata)

simulated_contact = Table(
    "simulated_contact",
    metadata,
    Column("tenant", Text, primary_key=True),
    # what the caller calls the customer, such as a phone number
    Column("name", Text, primary_key=True),
    Column("id", BigInteger, Identity(always=True), nullable=False),
)

simulated_session = Table(
    "simulated_session",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("session", Text, primary_key=True),
    Column("contact", BigInteger, nullable=False),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("begun_at", Instant, nullable=False),
    Index("simulated_session_begun", "begun_at"),
)
