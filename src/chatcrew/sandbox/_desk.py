"""What the page's buttons do in FakeChatwoot."""

from chatcrew.sandbox import _props
from chatcrew.sandbox._silence import GO_ON, silenced
from chatcrew.testing import (
    Account,
    Agent,
    AgentBot,
    Contact,
    Conversation,
    FakeChatwoot,
    File,
    Inbox,
)

_FILES = {"voice": _props.voice_note, "photo": _props.photo, "location": _props.location}


class SandboxDesk:
    """One inbox seen from both sides.

    Args:
        chatwoot: the running stand-in.
        account: the account that is shown.
        inbox: where customers write; needs a bot.
        agent: the person the operator's side acts as.
    """

    def __init__(
        self, chatwoot: FakeChatwoot, *, account: Account, inbox: Inbox, agent: Agent
    ) -> None:
        self.account = account
        self.inbox = inbox
        self.agent = agent
        self._chatwoot = chatwoot
        self._people = _props.people()

    @property
    def bot(self) -> AgentBot | None:
        """The inbox's bot."""
        return self.inbox.bot

    def new_customer(self) -> Contact:
        """Invent a customer; their conversation starts with their first message."""
        name, phone = next(self._people)
        return self.account.add_contact(name=name, phone_number=phone)

    async def write(self, customer: Contact, text: str | None, file: str | None) -> None:
        """Let the customer write or send a made-up file."""
        files = [_FILES[file]()] if file else []
        await self._chatwoot.customer_says(self.inbox, customer, text, files=files)

    async def send(self, customer: Contact, text: str, file: File) -> None:
        """Let the customer send a file of his own, maybe with words."""
        await self._chatwoot.customer_says(self.inbox, customer, text.strip() or None, files=[file])

    async def choose(self, customer: Contact, message_id: int, title: str) -> bool:
        """Let the customer tap a button; False when there is no such message or button."""
        for conversation in self.account.conversations_of(customer, self.inbox):
            for message in conversation.messages:
                items = message.content_attributes.get("items", [])
                if message.id == message_id and any(i.get("title") == title for i in items):
                    await self._chatwoot.click(message, title)
                    return True
        return False

    async def say(self, conversation: Conversation, text: str, *, private: bool) -> None:
        """Let the operator answer or note something."""
        await self._chatwoot.agent_says(conversation, text, private=private, agent=self.agent)

    async def take_over(self, conversation: Conversation) -> None:
        """Open and assign to the operator, as the dashboard's button does."""
        await self._chatwoot.reopen(conversation, by=self.agent)
        await self._chatwoot.assign(conversation, self.agent, by=self.agent)

    async def hand_back(self, conversation: Conversation) -> None:
        """Give the conversation to the bot again: owner first, then pending.

        A bot that was told to be silent has both already: it is told to go on.
        """
        if silenced(conversation) and conversation.status == "pending":
            await self.say(conversation, GO_ON, private=True)
            return
        await self._chatwoot.assign(conversation, self.bot, by=self.agent)
        await self._chatwoot.set_status(conversation, "pending", by=self.agent)

    async def resolve(self, conversation: Conversation) -> None:
        """Resolve it."""
        await self._chatwoot.resolve(conversation, by=self.agent)
