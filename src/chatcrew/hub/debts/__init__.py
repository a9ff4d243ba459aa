"""What is done about customers who wait for people longer than they should (N14)."""

from chatcrew.hub.debts._clock import OWED, Step, event_of, handed, next_at, owed, steps, unanswered
from chatcrew.hub.debts._dunning import Dunned, Dunning
from chatcrew.hub.debts._port import DebtBook, NoDebts

__all__ = [
    "OWED",
    "DebtBook",
    "Dunned",
    "Dunning",
    "NoDebts",
    "Step",
    "event_of",
    "handed",
    "next_at",
    "owed",
    "steps",
    "unanswered",
]
