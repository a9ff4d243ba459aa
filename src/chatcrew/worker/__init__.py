"""The loop that claims conversations, runs the hub, sends what was decided and settles."""

from chatcrew.worker.courier import Clients, Courier, Patience
from chatcrew.worker.leases import Leases
from chatcrew.worker.loop import Worker
from chatcrew.worker.sweep import Sweep
from chatcrew.worker.turns import StoredTurns

__all__ = ["Clients", "Courier", "Leases", "Patience", "StoredTurns", "Sweep", "Worker"]
