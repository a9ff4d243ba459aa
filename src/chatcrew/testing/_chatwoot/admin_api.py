"""The REST endpoints that set an installation up, for administrators' tokens (contract §4.5)."""

from typing import Any

from chatcrew.testing._chatwoot.account import ACCOUNT_EVENTS
from chatcrew.testing._chatwoot.auth import ApiError, not_found
from chatcrew.testing._chatwoot.call import Call
from chatcrew.testing._chatwoot.guise import Guise
from chatcrew.testing._chatwoot.people import (
    AccountWebhook,
    AgentBot,
    DashboardApp,
    Json,
    base58_token,
)
from chatcrew.testing._chatwoot.views import app_view, bot_view, webhook_view


class AdminApi:
    """Handlers; each takes a call and returns the JSON answer.

    Args:
        guise: whose rules hold.
    """

    def __init__(self, guise: Guise) -> None:
        self._guise = guise

    async def create_bot(self, call: Call) -> Json:
        """POST …/agent_bots."""
        _administrator(call)
        name = call.params.get("name")
        if not name:
            raise _invalid("Name can't be blank", "name")
        bot = call.account.add_bot(
            name=str(name),
            outgoing_url=_address(call.params.get("outgoing_url")),
            inboxes=(),
            signs=self._guise.bots_sign,
        )
        return bot_view(bot, secret=True)

    async def show_bot(self, call: Call) -> Json:
        """GET …/agent_bots/{id}."""
        return bot_view(_bot(call), secret=call.person.role == "administrator")

    async def update_bot(self, call: Call) -> Json:
        """PATCH …/agent_bots/{id}."""
        _administrator(call)
        bot = _bot(call)
        bot.name = str(call.params.get("name") or bot.name)
        if "outgoing_url" in call.params:
            bot.outgoing_url = _address(call.params["outgoing_url"])
        return bot_view(bot, secret=True)

    async def reset_secret(self, call: Call) -> Json:
        """POST …/agent_bots/{id}/reset_secret."""
        _administrator(call)
        bot = _bot(call)
        bot.secret = base58_token() if self._guise.bots_sign else None
        return bot_view(bot, secret=True)

    async def reset_access_token(self, call: Call) -> Json:
        """POST …/agent_bots/{id}/reset_access_token."""
        _administrator(call)
        bot = _bot(call)
        bot.access_token = base58_token()
        return bot_view(bot, secret=True)

    async def set_agent_bot(self, call: Call) -> None:
        """POST …/inboxes/{id}/set_agent_bot: replaces without asking, null disconnects."""
        _administrator(call)
        inbox = call.account.inboxes.get(call.number("inbox_id"))
        if inbox is None:
            raise not_found()
        wanted = call.params.get("agent_bot")
        if wanted is None:
            inbox.bot = None
            return
        found = call.account.bots.get(int(wanted))
        if found is None:
            raise not_found()
        inbox.bot = found

    async def list_webhooks(self, call: Call) -> Json:
        """GET …/webhooks."""
        _administrator(call)
        listed = [webhook_view(hook, call.account.id) for hook in call.account.webhooks]
        return {"payload": {"webhooks": listed}}

    async def create_webhook(self, call: Call) -> Json:
        """POST …/webhooks; the address is unique per account."""
        _administrator(call)
        url = _address(call.params.get("url"))
        if url is None:
            raise _invalid("Url is invalid", "url")
        if any(hook.url == url for hook in call.account.webhooks):
            raise _invalid("Url has already been taken", "url")
        hook = call.account.add_webhook(
            url, subscriptions=_events(call.params), signs=self._guise.webhooks_sign
        )
        return {"payload": {"webhook": webhook_view(hook, call.account.id)}}

    async def update_webhook(self, call: Call) -> Json:
        """PATCH …/webhooks/{id}."""
        _administrator(call)
        hook = _webhook(call)
        url = _address(call.params.get("url", hook.url))
        if url is None:
            raise _invalid("Url is invalid", "url")
        hook.url = url
        if "subscriptions" in call.params:
            hook.subscriptions = _events(call.params)
        return {"payload": {"webhook": webhook_view(hook, call.account.id)}}

    async def delete_webhook(self, call: Call) -> None:
        """DELETE …/webhooks/{id}."""
        _administrator(call)
        call.account.webhooks.remove(_webhook(call))

    async def list_apps(self, call: Call) -> list[Json]:
        """GET …/dashboard_apps; any agent may."""
        return [app_view(app) for app in call.account.apps.values()]

    async def create_app(self, call: Call) -> Json:
        """POST …/dashboard_apps."""
        title, content = _app(call)
        number = call.account.sequences.take("dashboard_app")
        app = call.account.apps[number] = DashboardApp(number, title, content)
        return app_view(app)

    async def update_app(self, call: Call) -> Json:
        """PATCH …/dashboard_apps/{id}."""
        app = call.account.apps.get(call.number("app_id"))
        if app is None:
            raise not_found()
        app.title, app.content = _app(call)
        return app_view(app)


def _app(call: Call) -> tuple[str, list[Json]]:
    """Return title and frames; every frame needs an address (``DashboardApp`` of Chatwoot)."""
    wanted = call.params.get("dashboard_app") or {}
    title, content = wanted.get("title"), wanted.get("content")
    if not title:
        raise _invalid("Title can't be blank", "title")
    frames = content if isinstance(content, list) else []
    if not frames or not all(
        one.get("type") == "frame" and _address(one.get("url")) for one in frames
    ):
        raise _invalid("Content : Invalid data", "content")
    return str(title), frames


def _administrator(call: Call) -> None:
    """Raise Pundit's 401 unless an administrator asks."""
    if call.person.role != "administrator":
        raise ApiError(401, {"error": "You are not authorized to do this action"})


def _bot(call: Call) -> AgentBot:
    found = call.account.bots.get(call.number("bot_id"))
    if found is None:
        raise not_found()
    return found


def _webhook(call: Call) -> AccountWebhook:
    number = call.number("webhook_id")
    for hook in call.account.webhooks:
        if hook.id == number:
            return hook
    raise not_found()


def _address(value: Any) -> str | None:
    """Return an http(s) address, None where it is none."""
    return value if isinstance(value, str) and value.startswith(("http://", "https://")) else None


def _events(params: Json) -> frozenset[str]:
    """Return the subscriptions; an unknown one is a 422 (Chatwoot app/models/webhook.rb)."""
    wanted = params.get("subscriptions")
    events = frozenset(str(one) for one in wanted) if isinstance(wanted, list) else ACCOUNT_EVENTS
    if not events or not events <= ACCOUNT_EVENTS:
        raise _invalid("Subscriptions Invalid events", "subscriptions")
    return events


def _invalid(message: str, attribute: str) -> ApiError:
    return ApiError(422, {"message": message, "attributes": [attribute]})
