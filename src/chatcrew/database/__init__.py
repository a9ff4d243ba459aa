"""PostgreSQL: the embedded server, a pool that outlives restarts, notifications, migrations."""

from chatcrew.database._attach import Attachment, attach_or_own
from chatcrew.database._back import CannotGoBack, downgrade
from chatcrew.database._database import Database
from chatcrew.database._listen import Listener, Notification
from chatcrew.database._lock import FileLock
from chatcrew.database._migrate import (
    NewerSchema,
    check_revision,
    known_revisions,
    migrate,
    revision_of,
    upgrade,
)
from chatcrew.database._places import has_embedded
from chatcrew.database._server import EmbeddedServer, OwnedElsewhere
from chatcrew.database.notices import Notices

__all__ = [
    "Attachment",
    "CannotGoBack",
    "Database",
    "EmbeddedServer",
    "FileLock",
    "Listener",
    "NewerSchema",
    "Notices",
    "Notification",
    "OwnedElsewhere",
    "attach_or_own",
    "check_revision",
    "downgrade",
    "has_embedded",
    "known_revisions",
    "migrate",
    "revision_of",
    "upgrade",
]
