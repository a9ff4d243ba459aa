"""What the bot proposes to people and people to the bot: drafts of answers, and corrections."""

from chatcrew.proposals._about import corrects, plain, question_before, tidy
from chatcrew.proposals._compare import fate_of
from chatcrew.proposals._drafts import DraftFigures, DraftStore, MemoryDrafts, settle_drafts
from chatcrew.proposals._drafts_sql import PostgresDrafts
from chatcrew.proposals._plan import Change, Plan, asked, plan
from chatcrew.proposals._port import (
    Cause,
    Content,
    Kind,
    MemoryProposals,
    NewProposal,
    Proposal,
    Proposals,
    State,
)
from chatcrew.proposals._replies_sql import PostgresReplies, Said
from chatcrew.proposals._sql import PostgresProposals
from chatcrew.proposals._write import lay_over, write
from chatcrew.proposals._yaml import CannotChange

__all__ = [
    "CannotChange",
    "Cause",
    "Change",
    "Content",
    "DraftFigures",
    "DraftStore",
    "Kind",
    "MemoryDrafts",
    "MemoryProposals",
    "NewProposal",
    "Plan",
    "PostgresDrafts",
    "PostgresProposals",
    "PostgresReplies",
    "Proposal",
    "Proposals",
    "Said",
    "State",
    "asked",
    "corrects",
    "fate_of",
    "lay_over",
    "plain",
    "plan",
    "question_before",
    "settle_drafts",
    "tidy",
    "write",
]
