"""The HTTP doors: webhooks for Chatwoot, health and metrics for the people on call."""

from chatcrew.web.admin import admin_app
from chatcrew.web.closing import stop_accepting
from chatcrew.web.public import public_app
from chatcrew.web.reception import Receipt, Reception

__all__ = ["Receipt", "Reception", "admin_app", "public_app", "stop_accepting"]
