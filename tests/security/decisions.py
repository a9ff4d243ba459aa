"""Who may ask for what: decided for each address, page and act; what is new fails undecided."""

from collections.abc import Mapping

from chatcrew.web.api import BASE

ANYBODY, SIGNED, SESSION, PAIRED, TOKEN = "anybody", "signed", "session", "paired", "token"
"""Who may ask: everybody, Chatwoot, who is signed in, a paired operator, a program's token."""

_TAB = "/tab/{app}"
_TALK = f"{_TAB}/conversations/{{number}}"
_TENANT = f"{BASE}/tenants/{{domain}}/{{name}}"
_TOLD = f"{_TENANT}/conversations/{{bot}}/{{number}}"
DECISIONS: Mapping[tuple[str, str], str] = {
    ("POST", "/webhooks/chatwoot/{bot}"): SIGNED,
    ("POST", "/webhooks/chatwoot/{bot}/{token}"): SIGNED,
    ("GET", "/health/live"): ANYBODY,
    ("GET", "/health/ready"): ANYBODY,
    ("GET", "/metrics"): ANYBODY,
    ("GET", "/tab/static/{name}"): ANYBODY,
    ("GET", _TAB): ANYBODY,
    ("POST", f"{_TAB}/leave"): ANYBODY,
    ("POST", f"{_TALK}/code"): ANYBODY,
    ("GET", f"{_TALK}/panel"): PAIRED,
    ("GET", f"{_TALK}/events"): PAIRED,
    ("POST", f"{_TALK}/orders"): PAIRED,
    ("GET", "/console"): SESSION,
    ("GET", "/console/"): SESSION,
    ("GET", "/console/static/{name}"): ANYBODY,
    ("GET", "/console/login"): ANYBODY,
    ("POST", "/console/login"): ANYBODY,
    ("POST", "/console/view"): ANYBODY,
    ("POST", "/console/leave"): SESSION,
    ("GET", "/console/{page}"): SESSION,
    ("GET", "/console/{page}/{rest}"): SESSION,
    ("POST", "/console/{page}/{act}"): SESSION,
    ("GET", f"{BASE}/health"): ANYBODY,
    ("GET", f"{BASE}/openapi.json"): ANYBODY,
    ("GET", f"{BASE}/tenants"): TOKEN,
    ("POST", f"{_TENANT}/messages"): TOKEN,
    ("GET", f"{_TENANT}/conversations"): TOKEN,
    ("GET", f"{_TOLD}/messages"): TOKEN,
    ("GET", f"{_TOLD}/turns"): TOKEN,
    ("GET", f"{_TOLD}/turns/{{turn}}"): TOKEN,
    ("GET", f"{_TENANT}/contacts"): TOKEN,
    ("GET", f"{_TENANT}/contacts/{{account}}/{{contact}}"): TOKEN,
    ("DELETE", f"{_TENANT}/contacts/{{account}}/{{contact}}"): TOKEN,
    ("GET", f"{_TENANT}/stats"): TOKEN,
    ("GET", f"{_TENANT}/export/{{kind}}"): TOKEN,
}
"""Who may ask for each address. A new one fails until somebody has decided."""

BOUND = "its tenants alone"
HOUSE = "who sees all tenants"
PAGES: Mapping[str, str] = {
    **dict.fromkeys(("overview", "conversations", "cost", "latency", "moods", "gaps"), BOUND),
    **dict.fromkeys(("compare", "experiments", "exports", "live", "mailbox", "debts"), BOUND),
    **dict.fromkeys(("tenants", "limits"), BOUND),
    **dict.fromkeys(("quarantine", "users"), HOUSE),
}
"""Whose data each page of the console shows. A new one fails until somebody has decided."""

ACTS = {
    ("mailbox", "retry"),
    ("mailbox", "discard"),
    ("quarantine", "discard"),
    ("users", "add"),
    ("users", "change"),
    ("users", "revoke"),
    ("users", "remove"),
}
"""What a form of the console can do; each is tried below by who may not."""
