"""Who may call what: tokens, the bots' short list, and the request rate."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chatcrew.testing._chatwoot.account import Account
from chatcrew.testing._chatwoot.people import Agent, AgentBot

# Chatwoot app/controllers/concerns/access_token_auth_helper.rb, BOT_ACCESSIBLE_ENDPOINTS.
BOT_ENDPOINTS = frozenset(
    {
        "create_message",
        "create_conversation",
        "toggle_status",
        "toggle_priority",
        "assignments",
        "update_conversation",
        "custom_attributes",
        "toggle_typing_status",
        "show_conversation",
        "show_labels",
        "labels",
    }
)


@dataclass(frozen=True, slots=True)
class ApiError(Exception):
    """An answer that is not a success."""

    status: int
    body: Any


def not_found() -> ApiError:
    """Return Chatwoot's 404."""
    return ApiError(404, {"error": "Resource could not be found"})


def token_of(headers: Mapping[str, str]) -> str | None:
    """Return the access token; both spellings reach Rails as ``HTTP_API_ACCESS_TOKEN``."""
    return headers.get("api_access_token") or headers.get("api-access-token")


def authenticate(token: str | None, accounts: Mapping[int, Account]) -> Agent | AgentBot:
    """Return whose token it is.

    Raises:
        ApiError: 401, no token or an unknown one.
    """
    if token is None:
        message = "You need to sign in or sign up before continuing."
        raise ApiError(401, {"errors": [message]})
    for account in accounts.values():
        actors: list[Agent | AgentBot] = [*account.bots.values(), *account.agents.values()]
        for actor in actors:
            if actor.access_token == token:
                return actor
    raise ApiError(401, {"error": "Invalid Access Token"})


def authorize(
    actor: Agent | AgentBot,
    endpoint: str,
    account: Account | None,
    *,
    bots_may: Collection[str] = BOT_ENDPOINTS,
) -> None:
    """Check that ``actor`` may call ``endpoint`` in ``account`` (None: outside of any account).

    Args:
        actor: whose token it is.
        endpoint: name of the handler.
        account: which account.
        bots_may: what this installation lets bots call.

    Raises:
        ApiError: 401 with the body Chatwoot sends.
    """
    if isinstance(actor, AgentBot):
        if endpoint not in bots_may:
            raise ApiError(401, {"error": "Access to this endpoint is not authorized for bots"})
        if account is not None and actor.id not in account.bots:
            raise ApiError(401, {"error": "Bot is not authorized to access this account"})
    elif account is not None and actor.id not in account.agents:
        raise ApiError(401, {"error": "You are not authorized to access this account"})
    if account is not None and account.suspended:
        raise ApiError(401, {"error": "Account is suspended"})


class RequestRate:
    """rack-attack's counter: requests per clock minute from one address."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._minute = -1
        self._count = 0

    def exceeded(self, now: datetime) -> bool:
        """Count one request; True when it is over the limit."""
        minute = int(now.timestamp() // 60)
        if minute != self._minute:
            self._minute, self._count = minute, 0
        self._count += 1
        return self._count > self.limit
