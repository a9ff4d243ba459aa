"""The chain of records from a customer's message to Chatwoot's own word of our answer (N3)."""

from chatcrew.proofs._judging import CLAIMED_WITHIN, prove
from chatcrew.proofs._read_back import found_in_chatwoot
from chatcrew.proofs._sql import PostgresChains
from chatcrew.proofs._text import lines
from chatcrew.proofs._values import Break, Chain, Input, Proof, Sent, Turn

__all__ = [
    "CLAIMED_WITHIN",
    "Break",
    "Chain",
    "Input",
    "PostgresChains",
    "Proof",
    "Sent",
    "Turn",
    "found_in_chatwoot",
    "lines",
    "prove",
]
