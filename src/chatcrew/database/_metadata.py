"""What every table of the schema belongs to, whichever file describes it."""

from sqlalchemy import DateTime, MetaData

metadata = MetaData()

Instant = DateTime(timezone=True)
"""A moment: PostgreSQL keeps it in UTC."""
