"""Chatwoot's rules for messages: validation, Liquid, reopening, waiting time, receipts."""

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from chatcrew.testing._chatwoot.activity import line
from chatcrew.testing._chatwoot.channels import has_receipts, refusal
from chatcrew.testing._chatwoot.desk import Actor, Desk
from chatcrew.testing._chatwoot.liquid import render
from chatcrew.testing._chatwoot.people import Agent, AgentBot, Attachment, File, Json
from chatcrew.testing._chatwoot.state import Conversation, Message, MessageType

CONTENT_TYPES = (
    "text",
    "input_text",
    "input_textarea",
    "input_email",
    "input_select",
    "cards",
    "form",
    "article",
    "incoming_email",
    "input_csat",
    "integrations",
    "sticker",
    "voice_call",
)
MAX_CONTENT = 150_000
MAX_ATTACHMENTS = 15

# Chatwoot app/models/content_attribute_validator.rb
_ITEM_KEYS = {
    "input_select": {"title", "value"},
    "cards": {"title", "description", "media_url", "actions"},
    "form": {
        "type",
        "placeholder",
        "label",
        "name",
        "options",
        "default",
        "required",
        "pattern",
        "title",
        "pattern_error",
    },
    "article": {"title", "description", "link"},
}


class InvalidMessage(Exception):
    """Chatwoot answers 422; the text is its ``error``."""


class MessageDesk:
    """Writes messages into conversations.

    Args:
        desk: the conversations' rules.
        per_minute: ``CONVERSATION_MESSAGE_PER_MINUTE_LIMIT``, counted per conversation.
        carry: takes every stored message that is meant for the customer.
    """

    def __init__(self, desk: Desk, *, per_minute: int, carry: Callable[[Message], None]) -> None:
        self._desk = desk
        self._carry = carry
        desk.on_resolved = self._ask_for_rating
        self._per_minute = per_minute

    def post(  # noqa: PLR0913 - a message has this many columns
        self,
        conversation: Conversation,
        sender: Actor,
        content: str | None,
        *,
        message_type: MessageType = "outgoing",
        private: bool = False,
        content_type: str = "text",
        content_attributes: Json | None = None,
        additional_attributes: Json | None = None,
        files: Sequence[File] = (),
        source_id: str | None = None,
        echo_id: str | None = None,
        from_channel: bool = False,
    ) -> Message:
        """Store a message and cause its events.

        ``from_channel`` marks an outgoing message that came from the provider (a phone echo); any
        other outgoing one with a ``source_id`` is never delivered.

        Raises:
            InvalidMessage: what Chatwoot refuses with 422.
        """
        self._reopen(conversation, message_type)
        now = self._desk.now()
        message = Message(
            id=0,
            conversation=conversation,
            message_type=message_type,
            created_at=now,
            updated_at=now,
            content=content,
            private=private,
            sender=sender,
            content_type=content_type,
            content_attributes=dict(content_attributes or {}),
            additional_attributes=dict(additional_attributes or {}),
            source_id=source_id,
            echo_id=echo_id,
            status="delivered" if from_channel else "sent",
        )
        channels_with_ids = {"Channel::Api", "Channel::WebWidget"}
        outgoing = message_type == "outgoing" and not from_channel
        message.kept_back = (
            outgoing
            and source_id is not None
            and conversation.inbox.channel not in channels_with_ids
        )
        if outgoing:
            message.content = render(message)
        self._validate(message, files)
        self._store(message, files)
        self._desk.outlet.message("message_created", message)
        self._after(message)
        if message.to_customer and not from_channel:
            self._carry(message)
        return message

    def update(self, message: Message, **fields: Any) -> None:
        """Change a stored message; every update is one message_updated."""
        for name, value in fields.items():
            setattr(message, name, value)
        message.updated_at = max(self._desk.now(), message.updated_at + timedelta(microseconds=1))
        self._note("message_updated", message)
        self._desk.outlet.message("message_updated", message)

    def fail(self, message: Message, reason: str) -> None:
        """Mark a message as not delivered."""
        attributes = {**message.content_attributes, "external_error": reason}
        self.update(message, status="failed", content_attributes=attributes)

    def delete(self, message: Message) -> None:
        """Replace the text by a notice, as deleting does."""
        locale = self._desk.accounts[message.conversation.account_id].locale
        text = line(locale, "deleted")
        self.update(message, content=text, content_attributes={"deleted": True}, attachments=[])

    def refused_by_provider(self, message: Message) -> str | None:
        """Return why the customer never gets ``message``, None when it is delivered."""
        locale = self._desk.accounts[message.conversation.account_id].locale
        return refusal(message, self._desk.now(), locale=locale)

    def receipts(self, message: Message) -> bool:
        """Whether the provider sends receipts for ``message``."""
        return message.message_type in {"outgoing", "template"} and has_receipts(message)

    def _reopen(self, conversation: Conversation, message_type: MessageType) -> None:
        # A contact's message wakes a sleeping conversation; its events come before the message's.
        # Owner and assignee stay as they were (Chatwoot Message#reopen_conversation).
        if message_type != "incoming" or conversation.contact.blocked:
            return
        if conversation.status == "resolved":
            self._desk.save(conversation, status="pending" if conversation.inbox.bot else "open")
        elif conversation.status == "snoozed":
            self._desk.save(conversation, status="open", snoozed_until=None)

    def _store(self, message: Message, files: Sequence[File]) -> None:
        take = self._desk.sequences.take
        message.id = take("message")
        message.attachments = [Attachment(take("attachment"), uuid.uuid4().hex, f) for f in files]
        conversation = message.conversation
        conversation.messages.append(message)
        conversation.last_activity_at = message.created_at
        if message.message_type == "incoming":
            conversation.contact.last_activity_at = message.created_at
        elif isinstance(message.sender, Agent):
            conversation.agent_last_seen_at = message.created_at
        self._note("message", message)

    def _after(self, message: Message) -> None:
        conversation = message.conversation
        if message.message_type == "incoming":
            if conversation.waiting_since is None:
                self._desk.save(conversation, waiting_since=message.created_at)
            self._greet(conversation)
        elif message.message_type == "outgoing" and not message.private:
            fields: dict[str, Any] = {}
            if isinstance(message.sender, Agent | AgentBot):
                fields["waiting_since"] = None
            if isinstance(message.sender, Agent) and conversation.first_reply_created_at is None:
                fields["first_reply_created_at"] = message.created_at
            if fields:
                self._desk.save(conversation, **fields)

    def _greet(self, conversation: Conversation) -> None:
        first = [m for m in conversation.messages if m.message_type == "incoming"]
        greeting = conversation.inbox.greeting_message
        if greeting and len(first) == 1:
            self.post(conversation, None, greeting, message_type="template")

    def _ask_for_rating(self, conversation: Conversation) -> None:
        if conversation.inbox.csat_survey_enabled:
            locale = self._desk.accounts[conversation.account_id].locale
            self.post(
                conversation,
                None,
                line(locale, "csat"),
                message_type="template",
                content_type="input_csat",
                content_attributes={"display_type": "emoji"},
            )

    def _validate(self, message: Message, files: Sequence[File]) -> None:
        if message.content_type not in CONTENT_TYPES:
            raise InvalidMessage(f"'{message.content_type}' is not a valid content_type")
        if len(message.content or "") > MAX_CONTENT:
            raise InvalidMessage(
                f"Validation failed: Content is too long (maximum is {MAX_CONTENT} characters)"
            )
        if len(files) > MAX_ATTACHMENTS:
            raise InvalidMessage("Validation failed: Attachments exceeded maximum allowed")
        since = message.created_at - timedelta(minutes=1)
        recent = sum(1 for m in message.conversation.messages if m.created_at > since)
        if recent >= self._per_minute:
            raise InvalidMessage("Validation failed: Too many messages")
        self._validate_items(message)

    def _validate_items(self, message: Message) -> None:
        allowed = _ITEM_KEYS.get(message.content_type)
        if allowed is None:
            return
        items = message.content_attributes.get("items")
        if not isinstance(items, list) or not items:
            raise InvalidMessage(
                "Validation failed: Content attributes At least one item is required."
            )
        if not all(isinstance(item, dict) for item in items):
            raise InvalidMessage("Validation failed: Content attributes Items should be a hash.")
        unknown = [key for item in items for key in item if key not in allowed]
        if unknown:
            listed = ", ".join(f":{key}" for key in unknown)
            raise InvalidMessage(
                "Validation failed: Content attributes contains invalid keys for items : "
                f"[{listed}]"
            )

    def _note(self, kind: str, message: Message) -> None:
        conversation = message.conversation
        self._desk.changes.add(
            kind,
            account_id=conversation.account_id,
            conversation_id=conversation.id,
            message_id=message.id,
        )
