"""What provisioning asks of our own records."""

from datetime import datetime
from typing import Protocol


class Records(Protocol):
    """Traces that deliveries leave; every method raises ``StoreError`` while they are away."""

    async def last_delivery(self, bot: str) -> datetime | None:
        """Return when a bot's last delivery was stored, UTC; None if none of 30 days was."""
        ...

    async def refused_inboxes(self, bot: str) -> tuple[int, ...]:
        """Return inboxes whose deliveries are in quarantine because nobody mapped them."""
        ...
