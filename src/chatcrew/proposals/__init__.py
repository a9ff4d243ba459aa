"""What the bot proposes to people and people to the bot: drafts of answers, and corrections."""

from chatcrew.proposals._compare import fate_of
from chatcrew.proposals._drafts import DraftFigures, DraftStore, MemoryDrafts, settle_drafts
from chatcrew.proposals._drafts_sql import PostgresDrafts

__all__ = [
    "DraftFigures",
    "DraftStore",
    "MemoryDrafts",
    "PostgresDrafts",
    "fate_of",
    "settle_drafts",
]
