"""pgvector, where the server has it.

Revision ID: 0001
"""

from alembic import op
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chatcrew.telemetry import get_logger

revision = "0001"
down_revision = None

_log = get_logger("database")


def upgrade() -> None:
    """Add the extension ``vector``; without it, search by meaning is off and all else works."""
    connection = op.get_bind()
    installed = text("select exists (select from pg_extension where extname = 'vector')")
    available = text("select exists (select from pg_available_extensions where name = 'vector')")
    if connection.scalar(installed):
        return
    if not connection.scalar(available):
        _log.warning("database.no_pgvector", reason="not installed on the server")
        return
    try:
        with connection.begin_nested():
            connection.execute(text("create extension vector"))
    except DBAPIError as error:
        # Only a superuser may add it (it is not a trusted extension); a small managed database
        # gives us no such role, and its owner can still add it by hand before the first start.
        _log.warning("database.no_pgvector", reason=type(error.orig).__name__)


def downgrade() -> None:
    """Leave the extension: others may use it, and without our tables it does nothing."""
