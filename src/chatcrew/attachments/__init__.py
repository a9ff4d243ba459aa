"""What customers send: voice notes are heard, pictures seen, documents read, each file once."""

from chatcrew.attachments._download import Downloads, Http
from chatcrew.attachments._memory import MemoryReadings
from chatcrew.attachments._port import Owned, Readings
from chatcrew.attachments._reader import MAX_FILES, AttachmentReader
from chatcrew.attachments._senses import Hears, Senses
from chatcrew.attachments._sql import PostgresReadings

__all__ = [
    "MAX_FILES",
    "AttachmentReader",
    "Downloads",
    "Hears",
    "Http",
    "MemoryReadings",
    "Owned",
    "PostgresReadings",
    "Readings",
    "Senses",
]
