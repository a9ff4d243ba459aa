"""A crowd of customers for FakeChatwoot: repeatable, impatient, each with words of its own."""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from chatcrew.testing._chatwoot.fake import FakeChatwoot
from chatcrew.testing._chatwoot.people import Inbox
from chatcrew.testing._chatwoot.state import Conversation


@dataclass
class Crowd:
    """Customers who write, wait for an answer for a while, and write again.

    Attributes:
        chatwoot: where they write to.
        inbox: the inbox they write into.
        questions: what they may ask; nobody asks the same twice.
        people: how many customers, each in a conversation of its own.
        messages: how many each writes.
        over: seconds over which the first messages are spread.
        seed: makes words and times repeatable.
        patience: shortest and longest wait for an answer in seconds; one that waits no longer
            writes the next message all the same.
        conversations: those that were begun.
    """

    chatwoot: FakeChatwoot
    inbox: Inbox
    questions: Sequence[str]
    people: int
    messages: int
    over: float
    seed: int
    patience: tuple[float, float] = (4.0, 15.0)
    conversations: list[Conversation] = field(default_factory=list)

    async def write(self) -> None:
        """Write everything."""
        async with asyncio.TaskGroup() as group:
            for number in range(self.people):
                group.create_task(self._talk(number))

    async def _talk(self, number: int) -> None:
        chance = random.Random(self.seed * 1000 + number)  # noqa: S311 - repeatable, no secret
        account = self.chatwoot.accounts[self.inbox.account_id]
        contact = account.add_contact(phone_number=f"+55819{number:08d}")
        await asyncio.sleep(chance.uniform(0.0, self.over))
        for question in chance.sample(self.questions, self.messages):
            talk = await self.chatwoot.customer_says(self.inbox, contact, question)
            if talk not in self.conversations:
                self.conversations.append(talk)
            await self._wait(talk, seconds=chance.uniform(*self.patience))

    async def _wait(self, talk: Conversation, *, seconds: float) -> None:
        """Wait for an answer to the last message, or until people have the conversation."""
        known = len(talk.public_bot_replies)
        with contextlib.suppress(TimeoutError):
            await self.chatwoot.wait_for(
                lambda: len(talk.public_bot_replies) > known or talk.status == "open",
                timeout=seconds,
            )
