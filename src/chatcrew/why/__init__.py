"""Why the bot said it: the account of a turn, for operators, admins and those on call (N9)."""

from chatcrew.why._port import NEWEST, Why
from chatcrew.why._reading import account, standing
from chatcrew.why._stored import States, StoredWhy
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

__all__ = [
    "NEWEST",
    "Account",
    "Cite",
    "IntentTold",
    "PartTold",
    "Spent",
    "Standing",
    "States",
    "StoredWhy",
    "Story",
    "ToolTold",
    "Why",
    "account",
    "standing",
]
