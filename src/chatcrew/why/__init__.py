"""Why the bot said it: the account of a turn, for operators, admins and those on call (N9)."""

from chatcrew.why._cited import Citing
from chatcrew.why._judged import Judgement, Judgements, MemoryJudgements
from chatcrew.why._judged_sql import PostgresJudgements
from chatcrew.why._note import note, only_obeyed
from chatcrew.why._plain import STAGES, channel, engine, function, stage
from chatcrew.why._port import NEWEST, Why
from chatcrew.why._reading import account, standing
from chatcrew.why._reasons import reason
from chatcrew.why._stored import States, StoredWhy
from chatcrew.why._text import done, headline, lines, quiet, rows
from chatcrew.why._values import (
    Account,
    Cite,
    IntentTold,
    PartTold,
    Spent,
    Standing,
    Story,
    ToolTold,
)
from chatcrew.why._versions import MemoryVersions, Versions
from chatcrew.why._versions_sql import PostgresVersions

__all__ = [
    "NEWEST",
    "STAGES",
    "Account",
    "Cite",
    "Citing",
    "IntentTold",
    "Judgement",
    "Judgements",
    "MemoryJudgements",
    "MemoryVersions",
    "PartTold",
    "PostgresJudgements",
    "PostgresVersions",
    "Spent",
    "Standing",
    "States",
    "StoredWhy",
    "Story",
    "ToolTold",
    "Versions",
    "Why",
    "account",
    "channel",
    "done",
    "engine",
    "function",
    "headline",
    "lines",
    "note",
    "only_obeyed",
    "quiet",
    "reason",
    "rows",
    "stage",
    "standing",
]
