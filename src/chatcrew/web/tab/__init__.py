"""The *chatcrew* tab in Chatwoot's conversation: what operators see of the bot, and tell it."""

from chatcrew.web.tab._access import Access
from chatcrew.web.tab._pages import load
from chatcrew.web.tab._ports import Found, Orders, Pairings, Panel, Sight, Suggested
from chatcrew.web.tab._routes import Tab

__all__ = [
    "Access",
    "Found",
    "Orders",
    "Pairings",
    "Panel",
    "Sight",
    "Suggested",
    "Tab",
    "load",
]
