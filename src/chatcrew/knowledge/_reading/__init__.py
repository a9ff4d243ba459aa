"""Reading documents: any bytes of a known kind become passages, or a ``DocumentError``."""

from chatcrew.knowledge._reading.chunk import Chunk
from chatcrew.knowledge._reading.opening import document_faults, read_document
from chatcrew.knowledge._reading.reader import READERS, read

__all__ = ["READERS", "Chunk", "document_faults", "read", "read_document"]
