"""Which webhook goes to whom: agent bots, account webhooks, API inboxes."""

from collections.abc import Callable
from functools import partial

from chatcrew.testing._chatwoot.account import Account
from chatcrew.testing._chatwoot.payloads import (
    contact_webhook,
    conversation_event,
    message_event,
    typing_event,
)
from chatcrew.testing._chatwoot.people import Agent, AgentBot, Contact, Json
from chatcrew.testing._chatwoot.sender import Delivery
from chatcrew.testing._chatwoot.state import Conversation, Message
from chatcrew.testing._chatwoot.wire import rails_json

_NOT_FOR_BOTS = {"conversation_created", "conversation_typing_on", "conversation_typing_off"}
_SINCE_413 = {"conversation_updated", "conversation_status_changed"}
_ONLY_FOR_BOTS = {"conversation_opened", "conversation_resolved"}


class Webhooks:
    """Turns events into deliveries; satisfies the desk's ``Outlet``.

    Args:
        enqueue: sends a delivery.
        accounts: all accounts by id.
        context: Chatwoot's own address and the wall clock, as keyword arguments of the builders.
        bots_hear_changes: bots are told of changed conversations, as since 4.13.0.
    """

    def __init__(
        self,
        *,
        enqueue: Callable[[Delivery], None],
        accounts: dict[int, Account],
        context: Callable[[], Json],
        bots_hear_changes: bool = True,
    ) -> None:
        self._not_for_bots = _NOT_FOR_BOTS | (set() if bots_hear_changes else _SINCE_413)
        self._enqueue = enqueue
        self._accounts = accounts
        self._context = context

    def message(self, event: str, message: Message) -> None:
        """Tell about a message."""
        self._tell(
            event,
            lambda: message_event(event, message, **self._context()),
            conversation=message.conversation,
            message=message,
        )

    def conversation(
        self, event: str, conversation: Conversation, changed: list[Json] | None = None
    ) -> None:
        """Tell about a conversation."""
        self._tell(
            event,
            lambda: conversation_event(event, conversation, changed=changed, **self._context()),
            conversation=conversation,
        )

    def typing(
        self,
        event: str,
        conversation: Conversation,
        *,
        actor: Agent | AgentBot | Contact,
        private: bool,
    ) -> None:
        """Tell account webhooks and API inboxes that somebody types."""
        self._tell(
            event,
            lambda: typing_event(event, conversation, actor, is_private=private, **self._context()),
            conversation=conversation,
        )

    def contact(self, event: str, contact: Contact, changed: list[Json] | None = None) -> None:
        """Tell account webhooks about a contact."""
        account = self._accounts[contact.account_id]
        body = contact_webhook(contact, {"id": account.id, "name": account.name})
        body["event"] = event
        if changed is not None:
            body["changed_attributes"] = changed
        for hook in account.webhooks:
            if event in hook.subscriptions:
                sent = partial(rails_json, body)
                self._enqueue(Delivery("account", event, hook.url, sent, hook.secret))

    def _tell(
        self,
        event: str,
        body: Callable[[], Json],
        *,
        conversation: Conversation,
        message: Message | None = None,
    ) -> None:
        if event not in self._not_for_bots:
            self._tell_bots(event, body(), conversation, message)
        if event in _ONLY_FOR_BOTS:
            return

        # Built when the job runs: these show the state of that later moment.
        def late() -> bytes:
            return rails_json(body())

        for hook in self._accounts[conversation.account_id].webhooks:
            if event in hook.subscriptions:
                self._enqueue(
                    Delivery("account", event, hook.url, late, hook.secret, conversation, message)
                )
        inbox = conversation.inbox
        if inbox.channel == "Channel::Api" and inbox.webhook_url:
            target = inbox.webhook_url
            self._enqueue(
                Delivery("api_inbox", event, target, late, inbox.secret, conversation, message)
            )

    def _tell_bots(
        self, event: str, body: Json, conversation: Conversation, message: Message | None
    ) -> None:
        # The inbox's bot and the owner, once each. Their body is built in the process that changed
        # the record, so it shows the state before what follows.
        now = partial(bytes, rails_json(body))
        bots = {b.id: b for b in (conversation.inbox.bot, conversation.assignee_bot) if b}
        for bot in bots.values():
            if bot.outgoing_url:
                url, secret = bot.outgoing_url, bot.secret
                self._enqueue(Delivery("agent_bot", event, url, now, secret, conversation, message))
