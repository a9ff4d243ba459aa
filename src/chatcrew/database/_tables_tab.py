"""The tables of the tab: browsers that wait for an operator, and those that were paired."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, text

from chatcrew.database._metadata import Instant, metadata

tab_waiting = Table(
    "tab_waiting",
    metadata,
    Column("account", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    # sha256 of account, conversation and code
    Column("code", Text, primary_key=True),
    # sha256 of the browser's secret
    Column("browser", Text, nullable=False),
    # wrong codes that were tried in this conversation meanwhile
    Column("misses", Integer, nullable=False, server_default=text("0")),
    Column("begun_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

tab_session = Table(
    "tab_session",
    metadata,
    Column("browser", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("tenant", Text, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("paired_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    # name of the note that paired it, which may be obeyed again
    Column("paired_by", Text, nullable=False),
    Index("tab_session_user", "account", "user_id"),
)

reply_judgement = Table(
    "reply_judgement",
    metadata,
    Column("turn_id", Text, primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("account", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("good", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Index("reply_judgement_conversation", "bot", "number"),
)
