"""What people do in FakeChatwoot: customers, agents, automation rules."""

import uuid
from collections.abc import Sequence

from chatcrew.testing._chatwoot.desk import Actor, Desk
from chatcrew.testing._chatwoot.messages import MessageDesk
from chatcrew.testing._chatwoot.people import Agent, AgentBot, Contact, File, Inbox, Json
from chatcrew.testing._chatwoot.state import Conversation, Message, Status

# A contact of these writes into a new conversation once the old one is resolved.
_NEW_AFTER_RESOLVED = {
    "Channel::Whatsapp",
    "Channel::TwilioSms",
    "Channel::Instagram",
    "Channel::FacebookPage",
    "Channel::Telegram",
    "Channel::Sms",
}


class People:
    """Everything a scenario lets people do; webhooks follow by themselves."""

    def __init__(self, desk: Desk, messages: MessageDesk) -> None:
        self._desk = desk
        self._messages = messages

    async def customer_says(
        self,
        inbox: Inbox,
        contact: Contact,
        text: str | None,
        *,
        files: Sequence[File] = (),
        content_attributes: Json | None = None,
        in_reply_to: int | None = None,
    ) -> Conversation:
        """Let a customer write; a new conversation starts where the channel starts one."""
        conversation = self._current(inbox, contact)
        await self.customer_replies(
            conversation,
            text,
            files=files,
            content_attributes=content_attributes,
            in_reply_to=in_reply_to,
        )
        return conversation

    async def customer_replies(
        self,
        conversation: Conversation,
        text: str | None,
        *,
        files: Sequence[File] = (),
        content_attributes: Json | None = None,
        in_reply_to: int | None = None,
    ) -> Message | None:
        """Let the customer write in this very conversation, whatever its status.

        None when the channel drops it (a blocked contact's WhatsApp message).
        """
        channel = conversation.inbox.channel
        whatsapp = channel == "Channel::Whatsapp"
        if whatsapp and conversation.contact.blocked:
            return None
        attributes = dict(content_attributes or {})
        if in_reply_to is not None or channel == "Channel::WebWidget":
            attributes["in_reply_to"] = in_reply_to
        return self._messages.post(
            conversation,
            conversation.contact,
            text,
            message_type="incoming",
            content_attributes=attributes,
            files=files,
            source_id=wamid() if whatsapp else None,
        )

    async def agent_says(
        self,
        conversation: Conversation,
        text: str,
        *,
        private: bool = False,
        agent: Agent | None = None,
    ) -> Message:
        """Let a person of the team answer, or write a private note."""
        speaker = agent or self._somebody(conversation)
        return self._messages.post(conversation, speaker, text, private=private)

    async def bot_says(
        self,
        conversation: Conversation,
        text: str,
        *,
        private: bool = False,
        content_type: str = "text",
        attributes: Json | None = None,
    ) -> Message:
        """Let the inbox's bot answer without going through the API.

        Raises:
            ValueError: the inbox has no bot.
        """
        bot = conversation.assignee_bot or conversation.inbox.bot
        if bot is None:
            raise ValueError(f"inbox {conversation.inbox.id} has no bot")
        return self._messages.post(
            conversation,
            bot,
            text,
            private=private,
            content_type=content_type,
            content_attributes=attributes,
        )

    async def phone_echo(self, conversation: Conversation, text: str) -> Message:
        """Let a person answer from the phone app (sender null, ``external_echo``)."""
        return self._messages.post(
            conversation,
            None,
            text,
            content_attributes={"external_echo": True},
            source_id=wamid(),
            from_channel=True,
        )

    async def automation_says(self, conversation: Conversation, text: str) -> Message:
        """Let an automation rule answer (sender null, ``automation_rule_id``)."""
        return self._messages.post(
            conversation, None, text, content_attributes={"automation_rule_id": 1}
        )

    async def click(self, message: Message, title: str) -> None:
        """Let the customer choose an item of an input_select.

        The web widget changes the bot's message (``submitted_values``); every other channel only
        writes the title as a new message that quotes it.
        """
        items = message.content_attributes.get("items", [])
        chosen = [item for item in items if item.get("title") == title]
        if not chosen:
            raise ValueError(f"message {message.id} has no item {title!r}")
        if message.conversation.inbox.channel == "Channel::WebWidget":
            attributes = {**message.content_attributes, "submitted_values": chosen}
            self._messages.update(message, content_attributes=attributes)
        else:
            await self.customer_replies(message.conversation, title, in_reply_to=message.id)

    async def rate(self, message: Message, rating: int, feedback: str | None = None) -> None:
        """Answer a satisfaction survey (a template message of type input_csat)."""
        answer = {"rating": rating, "feedback_message": feedback}
        attributes = {
            **message.content_attributes,
            "submitted_values": {"csat_survey_response": answer},
        }
        self._messages.update(message, content_attributes=attributes)

    async def transcribe(self, message: Message, text: str) -> None:
        """Add the transcription of a voice message, as Enterprise does later."""
        for attachment in message.attachments:
            attachment.transcribed_text = text
        self._messages.update(message)

    async def delete(self, message: Message) -> None:
        """Delete a message: its text becomes a notice."""
        self._messages.delete(message)

    async def fail(self, message: Message, reason: str) -> None:
        """Let the provider report that a message was not delivered."""
        self._messages.fail(message, reason)

    async def assign(
        self, conversation: Conversation, who: Agent | AgentBot | None, *, by: Actor = None
    ) -> None:
        """Give the conversation to a person, a bot, or nobody."""
        self._desk.assign(conversation, who, actor=by)

    async def set_status(
        self, conversation: Conversation, status: Status, *, by: Actor = None
    ) -> None:
        """Move the status; with an agent as ``by`` this is what the dashboard does."""
        self._desk.set_status(conversation, status, actor=by)

    async def resolve(self, conversation: Conversation, *, by: Actor = None) -> None:
        """Resolve the conversation."""
        await self.set_status(conversation, "resolved", by=by)

    async def reopen(self, conversation: Conversation, *, by: Actor = None) -> None:
        """Open the conversation."""
        await self.set_status(conversation, "open", by=by)

    async def set_labels(self, conversation: Conversation, labels: Sequence[str]) -> None:
        """Replace the conversation's labels."""
        self._desk.save(conversation, labels=list(labels))

    async def typing(
        self,
        conversation: Conversation,
        *,
        on: bool = True,
        by: Contact | Agent | AgentBot | None = None,
    ) -> None:
        """Show or hide that somebody types, by default the customer."""
        self._desk.set_typing(conversation, by or conversation.contact, on=on)

    async def begins(self, inbox: Inbox, contact: Contact) -> Conversation:
        """Begin a conversation in which nobody says anything yet, as people do in the dashboard."""
        return self._desk.start(self._desk.accounts[inbox.account_id], inbox, contact)

    def _current(self, inbox: Inbox, contact: Contact) -> Conversation:
        account = self._desk.accounts[inbox.account_id]
        for conversation in account.conversations_of(contact, inbox):
            starts_anew = (
                conversation.status == "resolved"
                and inbox.channel in _NEW_AFTER_RESOLVED
                and not inbox.lock_to_single_conversation
            )
            if not starts_anew:
                return conversation
            break
        return self._desk.start(account, inbox, contact)

    def _somebody(self, conversation: Conversation) -> Agent:
        if conversation.assignee is not None:
            return conversation.assignee
        agents = self._desk.accounts[conversation.account_id].agents
        if not agents:
            raise ValueError(f"account {conversation.account_id} has no agent: add_agent first")
        return next(iter(agents.values()))


def wamid() -> str:
    """Return a made-up WhatsApp message id."""
    return f"wamid.HBgM{uuid.uuid4().hex.upper()}"
