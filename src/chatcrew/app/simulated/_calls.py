"""Answers a bot's calls in Chatwoot's place: what it says stays in the outbox."""

from typing import Any, Protocol

from chatcrew.chatwoot import LastCheck
from chatcrew.chatwoot._requests import Call
from chatcrew.errors import ChatwootUnavailable

_CREATES = "create_message"


class Numbers(Protocol):
    """Where ids of simulated messages come from."""

    async def next_message(self) -> int:
        """Return an id that is newer than every one before it.

        Raises:
            StoreError: storage is away.
        """
        ...


class SimulatedCalls:
    """Satisfies ``chatwoot.Calls``: takes every write, and knows nothing to read.

    Args:
        numbers: gives messages their ids.
    """

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    async def do(
        self,
        call: Call,
        *,
        base_url: str,
        account_id: int | None,
        token: str | None,
        last_check: LastCheck | None = None,
    ) -> Any:
        """Return what Chatwoot would: an id for a message, no labels, an empty answer.

        Raises:
            ChatwootUnavailable: what is asked for nobody has written; what the caller knows of the
                conversation himself holds then.
            Exception: whatever ``last_check`` raises; nothing was taken then.
        """
        if last_check is not None:
            await last_check()
        if call.act == "labels":
            return {"payload": []}
        if call.method == "GET":
            raise ChatwootUnavailable(f"{call.act}: nobody has it", retryable=False)
        return {"id": await self._numbers.next_message()} if call.act == _CREATES else {}
