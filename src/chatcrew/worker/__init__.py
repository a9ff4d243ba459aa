"""The loop that claims conversations, runs the hub, sends what was decided and settles."""

from chatcrew.worker.alarms import Alarms
from chatcrew.worker.clients import Clients
from chatcrew.worker.courier import Courier
from chatcrew.worker.debts import DebtWatch
from chatcrew.worker.leases import Leases
from chatcrew.worker.limits import Again, Limits
from chatcrew.worker.loop import Worker
from chatcrew.worker.patience import Patience
from chatcrew.worker.readback import was_written
from chatcrew.worker.rights import EverythingAllowed, Rights
from chatcrew.worker.sweep import Sweep
from chatcrew.worker.sweep_policy import SweepPolicy
from chatcrew.worker.turns import StoredTurns
from chatcrew.worker.typing import Typing

__all__ = [
    "Again",
    "Alarms",
    "Clients",
    "Courier",
    "DebtWatch",
    "EverythingAllowed",
    "Leases",
    "Limits",
    "Patience",
    "Rights",
    "StoredTurns",
    "Sweep",
    "SweepPolicy",
    "Typing",
    "Worker",
    "was_written",
]
