"""Identifiers used across the house, each with one textual form."""

import secrets
import time
import uuid
from dataclasses import dataclass
from typing import Self

SIMULATED = "sim:"
"""What labels of bots and accounts begin with that only the API has; no mapping can name one."""


def is_simulated(label: str) -> bool:
    """Return whether this is the label of a bot or account that only the API has."""
    return label.startswith(SIMULATED)


@dataclass(frozen=True, slots=True, order=True)
class ConversationId:
    """One conversation as one bot sees it.

    Chatwoot's display id is unique per account only, and every installation has an account 1, so
    the mapping's own labels come first (S4-49: display ids must never be global keys).

    Attributes:
        account: label of the account in ``chatwoot_mapping.yaml``.
        bot: label of the bot in ``chatwoot_mapping.yaml``, unique over all accounts.
        number: Chatwoot's display id of the conversation.
    """

    account: str
    bot: str
    number: int

    @property
    def simulated(self) -> bool:
        """Whether nobody but the API has it: no Chatwoot, no customer, no people."""
        return is_simulated(self.bot)

    def __str__(self) -> str:
        return f"{self.account}/{self.bot}/{self.number}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the textual form ``account/bot/number``.

        Raises:
            ValueError: the text has another form.
        """
        account, bot, number = text.split("/")
        return cls(account, bot, int(number))


def new_id() -> str:
    """Return a new time-ordered identifier (RFC 9562, version 7)."""
    millis = time.time_ns() // 1_000_000
    value = (millis & (2**48 - 1)) << 80 | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


__all__ = ["SIMULATED", "ConversationId", "is_simulated", "new_id"]
