"""Conversations that only the API has: the real mailbox, hub and outbox, and no Chatwoot.

A tenant ``health/acme`` has the simulated bot ``sim:health/acme``, whose conversations are counted
nowhere, oblige nobody and act on nothing outside.
"""

from chatcrew.app.simulated._calls import SimulatedCalls
from chatcrew.app.simulated._simulator import (
    MOST_WORDS,
    Simulator,
    channels_of,
)
from chatcrew.app.simulated._sql import PostgresSimulations

__all__ = [
    "MOST_WORDS",
    "PostgresSimulations",
    "SimulatedCalls",
    "Simulator",
    "channels_of",
]
