"""The tables of what was used and reserved of each limit."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, text

from chatcrew.database._metadata import Instant, metadata

budget_counter = Table(
    "budget_counter",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("span", Text, primary_key=True),
    Column("starts", Instant, primary_key=True),
    Column("ends", Instant, nullable=False),
    Column("most", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
    Column("reserved", BigInteger, nullable=False),
    Column("refused", Integer, nullable=False, server_default=text("0")),
    Column("warned", Boolean, nullable=False, server_default=text("false")),
    Column("alerted", Boolean, nullable=False, server_default=text("false")),
    Index("budget_counter_ends", "ends"),
)

budget_reservation = Table(
    "budget_reservation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("span", Text, primary_key=True),
    Column("starts", Instant, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("expires_at", Instant, nullable=False),
    # its amount counts as spent already; kept for a settlement that comes late
    Column("expired", Boolean, nullable=False, server_default=text("false")),
    Index("budget_reservation_expires", "expires_at"),
)
