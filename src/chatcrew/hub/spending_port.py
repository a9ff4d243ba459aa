"""What a turn needs to know of limits, and what stands in where there are none."""

from collections.abc import Sequence
from typing import Protocol


class Spending(Protocol):
    """Who allows model calls, and tells people when a limit is nearly used up or reached."""

    def news(self, tenant: str) -> Sequence[str]:
        """Return what people are to be told, as notes; each once."""
        ...


class Unlimited:
    """Satisfies ``Spending`` where nothing is limited."""

    def news(self, tenant: str) -> Sequence[str]:
        """Return nothing."""
        del tenant
        return ()
