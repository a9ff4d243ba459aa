"""The REST endpoints around conversations, for user tokens: contacts, inboxes, people."""

import re
from typing import Any

from chatcrew.testing._chatwoot.auth import ApiError, not_found
from chatcrew.testing._chatwoot.call import Call
from chatcrew.testing._chatwoot.desk import Desk
from chatcrew.testing._chatwoot.people import Contact, Inbox, Json
from chatcrew.testing._chatwoot.views import (
    agent_view,
    bot_view,
    contact_with_inboxes,
    conversation_view,
    inbox_view,
    profile_view,
    team_view,
)

_E164 = re.compile(r"\+[1-9]\d{1,14}")
_PLAIN = ("name", "email", "phone_number", "identifier", "blocked")
_MERGED = ("additional_attributes", "custom_attributes")


class DirectoryApi:
    """Handlers; each takes a call and returns the JSON answer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show_contact(self, call: Call) -> Json:
        """GET …/contacts/{id}."""
        return {"payload": contact_with_inboxes(_contact(call), call.account)}

    async def search_contacts(self, call: Call) -> Json:
        """GET …/contacts/search?q=."""
        wanted = call.request.query.get("q", "").lower()
        if not wanted:
            raise ApiError(422, {"error": "Specify search string with parameter q"})
        found = [
            c
            for c in call.account.contacts.values()
            if any(
                wanted in (text or "").lower()
                for text in (c.name, c.email, c.phone_number, c.identifier)
            )
        ]
        payload = [contact_with_inboxes(c, call.account) for c in found]
        return {"meta": {"count": len(found), "current_page": 1}, "payload": payload}

    async def update_contact(self, call: Call) -> Json:
        """PUT or PATCH …/contacts/{id}; attributes are merged."""
        contact, params = _contact(call), call.params
        phone = params.get("phone_number")
        if phone and not _E164.fullmatch(str(phone)):
            message = "Phone number should be in e164 format"
            raise ApiError(422, {"message": message, "attributes": ["phone_number"]})
        changes: dict[str, Any] = {name: params[name] for name in _PLAIN if name in params}
        for name in _MERGED:
            if name in params:
                changes[name] = {**getattr(contact, name), **params[name]}
        diff = []
        for name, value in changes.items():
            before = getattr(contact, name)
            if before != value:
                diff.append({name: {"previous_value": before, "current_value": value}})
                setattr(contact, name, value)
        if diff:
            self._desk.outlet.contact("contact_updated", contact, diff)
        return {"payload": contact_with_inboxes(contact, call.account)}

    async def contact_conversations(self, call: Call) -> Json:
        """GET …/contacts/{id}/conversations."""
        contact = _contact(call)
        rows = [c for c in call.account.conversations.values() if c.contact is contact]
        payload = [
            conversation_view(c, base_url=call.base_url, now=call.now) for c in reversed(rows)
        ]
        return {"payload": payload}

    async def show_contact_labels(self, call: Call) -> Json:
        """GET …/contacts/{id}/labels."""
        return {"payload": list(_contact(call).labels)}

    async def contact_labels(self, call: Call) -> Json:
        """POST …/contacts/{id}/labels: replaces all."""
        contact = _contact(call)
        contact.labels = [str(label) for label in call.params.get("labels") or []]
        return {"payload": list(contact.labels)}

    async def list_inboxes(self, call: Call) -> Json:
        """GET …/inboxes."""
        secret = call.person.role == "administrator"
        rows = call.account.inboxes.values()
        return {"payload": [inbox_view(inbox, secret=secret) for inbox in rows]}

    async def show_inbox(self, call: Call) -> Json:
        """GET …/inboxes/{id}."""
        return inbox_view(_inbox(call), secret=call.person.role == "administrator")

    async def inbox_bot(self, call: Call) -> Json:
        """GET …/inboxes/{id}/agent_bot; an empty object without one."""
        bot = _inbox(call).bot
        if bot is None:
            return {"agent_bot": {}}
        return {"agent_bot": bot_view(bot, secret=call.person.role == "administrator")}

    async def list_bots(self, call: Call) -> list[Json]:
        """GET …/agent_bots."""
        secret = call.person.role == "administrator"
        return [bot_view(bot, secret=secret) for bot in call.account.bots.values()]

    async def list_agents(self, call: Call) -> list[Json]:
        """GET …/agents."""
        return [agent_view(agent) for agent in call.account.agents.values()]

    async def list_teams(self, call: Call) -> list[Json]:
        """GET …/teams."""
        return [team_view(team) for team in call.account.teams.values()]

    async def inbox_members(self, call: Call) -> Json:
        """GET …/inbox_members/{id}."""
        members = (call.account.agents[one] for one in _inbox(call).member_ids)
        return {"payload": [agent_view(agent) for agent in members]}

    async def team_members(self, call: Call) -> list[Json]:
        """GET …/teams/{id}/team_members."""
        team = call.account.teams.get(call.number("team_id"))
        if team is None:
            raise not_found()
        return [agent_view(call.account.agents[one]) for one in team.member_ids]

    async def profile(self, call: Call) -> Json:
        """GET /api/v1/profile."""
        return profile_view(call.person, call.account)


def _contact(call: Call) -> Contact:
    found = call.account.contacts.get(call.number("contact_id"))
    if found is None:
        raise not_found()
    return found


def _inbox(call: Call) -> Inbox:
    found = call.account.inboxes.get(call.number("inbox_id"))
    if found is None:
        raise not_found()
    return found
