"""The tables of the API: its tokens, and the conversations that only it has."""

from sqlalchemy import BigInteger, Column, Identity, Index, Sequence, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

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

api_token = Table(
    "api_token",
    metadata,
    Column("name", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("tenants", ARRAY(Text)),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("used_at", Instant),
    Index("api_token_digest", "digest", unique=True),
)
