"""Builds the calls that set an installation up, as values (contract §4.4, §4.5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from chatcrew.chatwoot._requests import Call

NOBODY = 0
"""A conversation number that no account has: what is asked of it has no effect whatever happens."""

RIGHTS = (
    "conversation",
    "labels",
    "typing",
    "attributes",
    "priority",
    "status",
    "assign",
    "message",
)
"""What a bot token can be tried for without touching anything."""


def get_version() -> Call:
    """Return the call that says which Chatwoot answers (``ApiController#index``, no token)."""
    return Call("version", "GET", "/api", scope="root")


def get_profile() -> Call:
    """Return the call that says whose token it is, with accounts and roles."""
    return Call("profile", "GET", "/profile", user=True, scope="api")


def list_inboxes() -> Call:
    """Return the call that lists inboxes; agents see only theirs."""
    return Call("inboxes", "GET", "/inboxes", user=True)


def inbox_bot(inbox_id: int) -> Call:
    """Return the call that reads which agent bot an inbox has."""
    return Call("inbox_bot", "GET", f"/inboxes/{inbox_id}/agent_bot", user=True)


def set_inbox_bot(inbox_id: int, agent_bot_id: int) -> Call:
    """Return the call that connects a bot to an inbox, replacing whatever bot it has."""
    path = f"/inboxes/{inbox_id}/set_agent_bot"
    return Call("set_bot", "POST", path, {"agent_bot": agent_bot_id}, user=True)


def list_bots() -> Call:
    """Return the call that lists agent bots; only administrators see their secrets."""
    return Call("bots", "GET", "/agent_bots", user=True)


def create_bot(name: str, *, description: str, outgoing_url: str) -> Call:
    """Return the call that creates an agent bot; not repeated, a second one would be made."""
    body = {"name": name, "description": description, "outgoing_url": outgoing_url, "bot_type": 0}
    return Call("create_bot", "POST", "/agent_bots", body, repeatable=False, user=True)


def update_bot(agent_bot_id: int, changes: Mapping[str, Any]) -> Call:
    """Return the call that changes an agent bot."""
    return Call("update_bot", "PATCH", f"/agent_bots/{agent_bot_id}", dict(changes), user=True)


def list_webhooks() -> Call:
    """Return the call that lists account webhooks (administrators)."""
    return Call("webhooks", "GET", "/webhooks", user=True)


def create_webhook(url: str, *, name: str, subscriptions: Sequence[str]) -> Call:
    """Return the call that creates an account webhook; its address is unique per account."""
    body = {"url": url, "name": name, "subscriptions": list(subscriptions)}
    return Call("create_webhook", "POST", "/webhooks", body, repeatable=False, user=True)


def update_webhook(webhook_id: int, *, url: str, subscriptions: Sequence[str]) -> Call:
    """Return the call that changes address and events of an account webhook."""
    body = {"url": url, "subscriptions": list(subscriptions)}
    return Call("update_webhook", "PATCH", f"/webhooks/{webhook_id}", body, user=True)


def list_apps() -> Call:
    """Return the call that lists dashboard apps: tabs above each conversation (contract §6)."""
    return Call("apps", "GET", "/dashboard_apps", user=True)


def create_app(title: str, *, url: str) -> Call:
    """Return the call that creates a dashboard app; not repeated, there would be two tabs."""
    return Call(
        "create_app", "POST", "/dashboard_apps", _app(title, url), repeatable=False, user=True
    )


def update_app(app_id: int, title: str, *, url: str) -> Call:
    """Return the call that changes a dashboard app."""
    return Call("update_app", "PATCH", f"/dashboard_apps/{app_id}", _app(title, url), user=True)


def _app(title: str, url: str) -> dict[str, Any]:
    return {"dashboard_app": {"title": title, "content": [{"type": "frame", "url": url}]}}


def right(name: str) -> Call:
    """Return a call that tries one of ``RIGHTS`` on a conversation that does not exist.

    A token that may is answered 404, one that may not 401: Chatwoot looks at the token first
    (``app/controllers/api/base_controller.rb``).
    """
    path = f"/conversations/{NOBODY}"
    if name == "conversation":
        return Call(name, "GET", path)
    if name == "labels":
        return Call(name, "GET", f"{path}/labels")
    tries: Mapping[str, tuple[str, Mapping[str, Any]]] = {
        "typing": ("toggle_typing_status", {"typing_status": "off"}),
        "attributes": ("custom_attributes", {"custom_attributes": {}}),
        "priority": ("toggle_priority", {"priority": None}),
        "status": ("toggle_status", {"status": "open"}),
        "assign": ("assignments", {"assignee_id": None}),
        "message": ("messages", {"content": "", "private": True}),
    }
    end, body = tries[name]
    return Call(name, "POST", f"{path}/{end}", body)
