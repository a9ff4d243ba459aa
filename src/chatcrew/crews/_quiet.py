"""What CrewAI is told to leave alone: all that the worker does itself, or that nobody asked for."""

from collections.abc import Mapping
from typing import Any

QUIET_AGENT: Mapping[str, Any] = {
    "verbose": False,
    "cache": False,
    # Retries, limits and context size are the gateway's: CrewAI's would be a second layer.
    "max_retry_limit": 0,
    "max_rpm": None,
    "respect_context_window": False,
}
QUIET_CREW: Mapping[str, Any] = {
    "verbose": False,
    "memory": False,
    "cache": False,
    "planning": False,
    "tracing": False,
}


class NoStore:
    """Stands where CrewAI has a SQLite file, mode 0644, with the words of customers in it."""

    def reset(self) -> None:
        """Forget nothing."""

    def update(self, task_index: int, log: Mapping[str, Any]) -> None:
        """Keep nothing."""

    def load(self) -> None:
        """Return nothing."""
