"""Knowledge: what a business has written down, found by its customers' words, with its source."""

from chatcrew.knowledge._gaps import Gap, Gaps, MemoryGaps
from chatcrew.knowledge._gaps_sql import PostgresGaps
from chatcrew.knowledge._memory import MemoryKnowledge
from chatcrew.knowledge._port import Embedder, Knowledge, Progress
from chatcrew.knowledge._reading import Chunk, document_faults, read, read_document
from chatcrew.knowledge._report import Kind as RemarkKind
from chatcrew.knowledge._report import Remark
from chatcrew.knowledge._sql import PostgresKnowledge
from chatcrew.knowledge._state_sql import Indexed, indexed
from chatcrew.knowledge._why import shared_words

__all__ = [
    "Chunk",
    "Embedder",
    "Gap",
    "Gaps",
    "Indexed",
    "Knowledge",
    "MemoryGaps",
    "MemoryKnowledge",
    "PostgresGaps",
    "PostgresKnowledge",
    "Progress",
    "Remark",
    "RemarkKind",
    "document_faults",
    "indexed",
    "read",
    "read_document",
    "shared_words",
]
