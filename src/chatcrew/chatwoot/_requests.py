"""Builds the calls of Chatwoot's REST API as values, without touching a socket (contract §4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chatcrew.chatwoot._liquid import neutralise
from chatcrew.chatwoot._pacing import Urgency


@dataclass(frozen=True, slots=True)
class Call:
    """One request to be made.

    Attributes:
        act: short stable name, for metrics and errors.
        method: HTTP method.
        path: below ``scope``.
        body: JSON object, or None.
        query: parameters of the URL.
        urgency: which calls go before it.
        repeatable: doing it twice is the same as once, so a lost answer may be asked for again.
        user: needs a user's token; a bot's is refused (contract §2.5).
        conversation: a 404 with Chatwoot's own words means that the conversation is gone.
        scope: what ``path`` is below: ``account`` (``/api/v1/accounts/{account_id}``), ``api``
            (``/api/v1``) or ``root``.
    """

    act: str
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    query: tuple[tuple[str, str], ...] = ()
    urgency: Urgency = Urgency.STATUS
    repeatable: bool = True
    user: bool = False
    conversation: bool = False
    scope: Literal["account", "api", "root"] = "account"

    def url(self, base_url: str, account_id: int | None) -> str:
        """Return the address below ``base_url``, which has no slash at its end."""
        prefix = {
            "account": f"/api/v1/accounts/{account_id}",
            "api": "/api/v1",
            "root": "",
        }[self.scope]
        return f"{base_url}{prefix}{self.path}"

    @property
    def writes(self) -> bool:
        """Whether a lost answer leaves its effect in doubt."""
        return self.method != "GET"


def create_message(
    number: int,
    content: str,
    *,
    private: bool = False,
    content_type: str = "text",
    content_attributes: Mapping[str, Any] | None = None,
    template_params: Mapping[str, Any] | None = None,
) -> Call:
    """Return the call that creates an outgoing message or a private note.

    It never names a ``source_id``: Chatwoot would take the message for one that came from the
    channel and not deliver it. There is no idempotency key (contract §4.1).

    Args:
        number: display id of the conversation.
        content: CommonMark; Liquid marks are broken here.
        private: a note for people.
        content_type: ``text``, ``input_select``, ``cards``, ``form`` or ``article``.
        content_attributes: ``items``, ``in_reply_to`` and any key of our own.
        template_params: an approved template that ``content`` shows (contract §4.1); Chatwoot reads
            Liquid in its parameters too.
    """
    return Call(
        "create_message",
        "POST",
        f"/conversations/{number}/messages",
        {
            "content": neutralise(content),
            "message_type": "outgoing",
            "private": private,
            "content_type": content_type,
            "content_attributes": dict(content_attributes or {}),
            **({"template_params": _calm(template_params)} if template_params else {}),
        },
        urgency=Urgency.MESSAGE,
        repeatable=False,
        conversation=True,
    )


def _calm(value: Any) -> Any:
    """Return parameters with the Liquid marks in their texts broken."""
    if isinstance(value, str):
        return neutralise(value)
    if isinstance(value, Mapping):
        return {name: _calm(one) for name, one in value.items()}
    return value


def _on(number: int, act: str, end: str, body: Mapping[str, Any], *, urgency: Urgency) -> Call:
    path = f"/conversations/{number}/{end}"
    return Call(act, "POST", path, body, urgency=urgency, conversation=True)


def typing(number: int, *, on: bool) -> Call:
    """Return the call that shows or hides typing; never repeated, for it is stale by then."""
    path = f"/conversations/{number}/toggle_typing_status"
    body = {"typing_status": "on" if on else "off", "is_private": False}
    return Call(
        "typing",
        "POST",
        path,
        body,
        urgency=Urgency.TYPING,
        repeatable=False,
        conversation=True,
    )


def toggle_status(number: int, status: str, *, snoozed_until: int | None = None) -> Call:
    """Return the call that sets a status; ``open`` by a bot token is a hand-off (contract §2.3)."""
    body: dict[str, Any] = {"status": status}
    if snoozed_until is not None:
        body["snoozed_until"] = snoozed_until
    return _on(number, "status", "toggle_status", body, urgency=Urgency.STATUS)


def set_priority(number: int, priority: str | None) -> Call:
    """Return the call that sets ``low``, ``medium``, ``high``, ``urgent`` or none."""
    body = {"priority": priority}
    return _on(number, "priority", "toggle_priority", body, urgency=Urgency.LABEL)


def assign(number: int, body: Mapping[str, Any]) -> Call:
    """Return the call that sets the assignee or the team.

    A 404 may mean the person or the team, so it does not say that the conversation is gone.
    """
    path = f"/conversations/{number}/assignments"
    return Call("assign", "POST", path, body)


def get_labels(number: int) -> Call:
    """Return the call that reads a conversation's labels (bots since 4.14.2)."""
    path = f"/conversations/{number}/labels"
    return Call("labels", "GET", path, urgency=Urgency.LABEL, conversation=True)


def replace_labels(number: int, labels: Sequence[str]) -> Call:
    """Return the call that replaces all labels."""
    body = {"labels": list(labels)}
    return _on(number, "labels", "labels", body, urgency=Urgency.LABEL)


def replace_custom_attributes(number: int, values: Mapping[str, Any]) -> Call:
    """Return the call that replaces all custom attributes of a conversation."""
    body = {"custom_attributes": dict(values)}
    return _on(number, "attributes", "custom_attributes", body, urgency=Urgency.LABEL)


def get_conversation(number: int) -> Call:
    """Return the call that reads one conversation (bots since 4.14.2)."""
    return Call("conversation", "GET", f"/conversations/{number}", conversation=True)


def list_messages(number: int, *, before: int | None = None, after: int | None = None) -> Call:
    """Return the call that lists messages: the newest 20, 20 before an id, or 100 after one."""
    wanted = (("before", before), ("after", after))
    return Call(
        "messages",
        "GET",
        f"/conversations/{number}/messages",
        query=tuple((name, str(value)) for name, value in wanted if value is not None),
        user=True,
        conversation=True,
    )


def delete_message(number: int, message_id: int) -> Call:
    """Return the call that replaces a message by a notice; web chats show it to the customer."""
    path = f"/conversations/{number}/messages/{message_id}"
    return Call("delete_message", "DELETE", path, urgency=Urgency.MESSAGE, user=True)


def list_conversations(
    *, status: str, inbox_id: int | None = None, page: int = 1, assigned: bool = False
) -> Call:
    """Return the call that lists 25 conversations of one status, newest activity first."""
    owned = "assigned" if assigned else "all"
    query = [("status", status), ("assignee_type", owned), ("page", str(page))]
    if inbox_id is not None:
        query.append(("inbox_id", str(inbox_id)))
    return Call(
        "conversations",
        "GET",
        "/conversations",
        query=tuple(query),
        urgency=Urgency.LABEL,
        user=True,
    )


def get_inbox(inbox_id: int) -> Call:
    """Return the call that reads one inbox; agents see only theirs."""
    return Call("inbox", "GET", f"/inboxes/{inbox_id}", urgency=Urgency.LABEL, user=True)


def get_contact(contact_id: int) -> Call:
    """Return the call that reads one contact."""
    return Call("contact", "GET", f"/contacts/{contact_id}", urgency=Urgency.LABEL, user=True)


def contact_conversations(contact_id: int) -> Call:
    """Return the call that lists a contact's conversations, the newest first."""
    path = f"/contacts/{contact_id}/conversations"
    return Call("contact_conversations", "GET", path, urgency=Urgency.LABEL, user=True)


def list_people(what: str) -> Call:
    """Return the call that lists ``agents`` or ``teams`` of the account."""
    return Call(what, "GET", f"/{what}", urgency=Urgency.LABEL, user=True)


def list_members(what: str, number: int) -> Call:
    """Return the call that lists the people of an ``inbox`` or a ``team``."""
    paths = {"inbox": f"/inbox_members/{number}", "team": f"/teams/{number}/team_members"}
    return Call(f"{what}_members", "GET", paths[what], urgency=Urgency.LABEL, user=True)


def search_contacts(words: str) -> Call:
    """Return the call that finds contacts by name, e-mail, phone or identifier (100 a minute)."""
    query = (("q", words),)
    return Call(
        "contact_search", "GET", "/contacts/search", query=query, urgency=Urgency.LABEL, user=True
    )


def update_contact(contact_id: int, changes: Mapping[str, Any]) -> Call:
    """Return the call that changes a contact; both kinds of attributes are merged by Chatwoot."""
    path = f"/contacts/{contact_id}"
    return Call("contact_update", "PUT", path, dict(changes), urgency=Urgency.LABEL, user=True)
