"""Knowledge: what a business has written down, found by its customers' words, with its source."""

from chatcrew.knowledge._memory import MemoryKnowledge
from chatcrew.knowledge._port import Knowledge
from chatcrew.knowledge._reading import Chunk, document_faults, read, read_document
from chatcrew.knowledge._sql import PostgresKnowledge
from chatcrew.knowledge._state_sql import Indexed, indexed
from chatcrew.knowledge._why import shared_words

__all__ = [
    "Chunk",
    "Indexed",
    "Knowledge",
    "MemoryKnowledge",
    "PostgresKnowledge",
    "document_faults",
    "indexed",
    "read",
    "read_document",
    "shared_words",
]
