"""The REST endpoints about one conversation and its messages."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from chatcrew.testing._chatwoot.auth import ApiError, not_found
from chatcrew.testing._chatwoot.call import Call
from chatcrew.testing._chatwoot.desk import Desk
from chatcrew.testing._chatwoot.messages import InvalidMessage, MessageDesk
from chatcrew.testing._chatwoot.payloads import actor_push
from chatcrew.testing._chatwoot.people import Agent, AgentBot, Json
from chatcrew.testing._chatwoot.state import PRIORITIES, STATUSES, Message, MessageType
from chatcrew.testing._chatwoot.views import (
    agent_view,
    conversation_view,
    list_meta,
    message_view,
    team_view,
)

_PAGE = 20
_AFTER = 100
_BETWEEN = 1000


class ConversationApi:
    """Handlers; each takes a call and returns the JSON answer (None: an empty 200)."""

    def __init__(self, desk: Desk, messages: MessageDesk) -> None:
        self._desk = desk
        self._messages = messages

    async def create_message(self, call: Call) -> Json:
        """POST …/messages."""
        params = call.params
        conversation = call.conversation
        wanted = params.get("message_type") or "outgoing"
        if wanted not in {"outgoing", "incoming"}:
            raise _invalid(f"'{wanted}' is not a valid message_type")
        message_type: MessageType = "incoming" if wanted == "incoming" else "outgoing"
        if message_type == "incoming" and conversation.inbox.channel != "Channel::Api":
            raise _invalid("Incoming messages are only allowed in Api inboxes")
        additional: Json = {}
        if "template_params" in params:
            additional["template_params"] = params["template_params"]
        attributes = params.get("content_attributes") or {}
        if not isinstance(attributes, dict):
            raise _invalid("Validation failed: Content attributes must be an object")
        sender = conversation.contact if message_type == "incoming" else call.actor
        try:
            message = self._messages.post(
                conversation,
                sender,
                params.get("content"),
                message_type=message_type,
                private=bool(params.get("private")),
                content_type=params.get("content_type") or "text",
                content_attributes=attributes,
                additional_attributes=additional,
                files=call.files,
                source_id=params.get("source_id"),
                echo_id=params.get("echo_id"),
            )
        except InvalidMessage as error:
            raise _invalid(str(error)) from error
        return message_view(message, call.base_url)

    async def list_messages(self, call: Call) -> Json:
        """GET …/messages, ascending; the newest 20, or by ``before`` and ``after``."""
        query = call.request.query
        rows: Sequence[Message] = call.conversation.messages
        if query.get("filter_internal_messages"):
            rows = [m for m in rows if not m.private and m.message_type != "activity"]
        before, after = query.get("before"), query.get("after")
        if after and before:
            rows = [m for m in rows if int(after) <= m.id < int(before)][:_BETWEEN]
        elif after:
            rows = [m for m in rows if m.id > int(after)][:_AFTER]
        elif before:
            rows = [m for m in rows if m.id < int(before)][-_PAGE:]
        else:
            rows = rows[-_PAGE:]
        payload = [message_view(m, call.base_url) for m in rows]
        return {"meta": list_meta(call.conversation), "payload": payload}

    async def delete_message(self, call: Call) -> Json:
        """DELETE …/messages/{message_id}: the text becomes a notice."""
        number = call.number("message_id")
        for message in call.conversation.messages:
            if message.id == number:
                self._messages.delete(message)
                return message_view(message, call.base_url)
        raise not_found()

    async def create_conversation(self, call: Call) -> Json:
        """POST …/conversations."""
        params = call.params
        account = call.account
        inbox = account.inboxes.get(_integer(params.get("inbox_id")))
        contact = account.contacts.get(_integer(params.get("contact_id")))
        for row in account.contact_inboxes:
            if row.source_id == params.get("source_id"):
                inbox, contact = account.inboxes[row.inbox_id], account.contacts[row.contact_id]
        if inbox is None or contact is None:
            raise not_found()
        conversation = self._desk.start(
            account,
            inbox,
            contact,
            status=params.get("status") or "open",
            assignee=account.agents.get(_integer(params.get("assignee_id"))),
            team=account.teams.get(_integer(params.get("team_id"))),
            additional_attributes=params.get("additional_attributes") or {},
            custom_attributes=params.get("custom_attributes") or {},
        )
        first = params.get("message")
        if isinstance(first, dict):
            self._messages.post(conversation, call.actor, first.get("content"))
        return conversation_view(conversation, base_url=call.base_url, now=call.now)

    async def show_conversation(self, call: Call) -> Json:
        """GET …/conversations/{id}."""
        return conversation_view(call.conversation, base_url=call.base_url, now=call.now)

    async def update_conversation(self, call: Call) -> Json:
        """PATCH …/conversations/{id}: the priority."""
        if "priority" in call.params:
            self._set_priority(call)
        return await self.show_conversation(call)

    async def list_conversations(self, call: Call) -> Json:
        """GET …/conversations?status=&inbox_id=&labels[]=&page=."""
        query = call.request.query
        status = query.get("status") or "open"
        labels = set(query.getall("labels[]", []))
        rows = [
            c
            for c in call.account.conversations.values()
            if status in {"all", c.status}
            and query.get("inbox_id") in {None, str(c.inbox.id)}
            and labels <= set(c.labels)
        ]
        rows.sort(key=lambda c: c.last_activity_at, reverse=True)
        owned = query.get("assignee_type")
        if owned in {"assigned", "unassigned"}:
            rows = [c for c in rows if (c.assignee is not None) == (owned == "assigned")]
        counts = {
            "mine_count": sum(1 for c in rows if c.assignee is call.actor),
            "assigned_count": sum(1 for c in rows if c.assignee),
            "unassigned_count": sum(1 for c in rows if not c.assignee),
            "all_count": len(rows),
        }
        page = int(query.get("page") or 1)
        shown = rows[(page - 1) * 25 : page * 25]
        payload = [conversation_view(c, base_url=call.base_url, now=call.now) for c in shown]
        return {"data": {"meta": counts, "payload": payload}}

    async def toggle_status(self, call: Call) -> Json:
        """POST …/toggle_status; without a status it toggles."""
        conversation = call.conversation
        wanted = call.params.get("status")
        if wanted is None:
            wanted = "resolved" if conversation.status == "open" else "open"
        status = next((known for known in STATUSES if known == wanted), None)
        if status is None:
            raise _invalid(f"'{wanted}' is not a valid status")
        until = call.params.get("snoozed_until")
        success = self._desk.set_status(
            conversation,
            status,
            actor=call.actor,
            snoozed_until=datetime.fromtimestamp(until, UTC) if until else None,
        )
        payload = {
            "success": success,
            "conversation_id": conversation.id,
            "current_status": conversation.status,
            "snoozed_until": until,
        }
        return {"meta": {}, "payload": payload}

    async def toggle_typing_status(self, call: Call) -> None:
        """POST …/toggle_typing_status; unknown values do nothing."""
        wanted = call.params.get("typing_status")
        if wanted in {"on", "off"}:
            private = bool(call.params.get("is_private"))
            self._desk.set_typing(call.conversation, call.actor, on=wanted == "on", private=private)

    async def toggle_priority(self, call: Call) -> None:
        """POST …/toggle_priority."""
        self._set_priority(call)

    async def assignments(self, call: Call) -> Json | None:
        """POST …/assignments: a person, a bot, or a team; ``assignee_id`` wins."""
        params, account, conversation = call.params, call.account, call.conversation
        if "assignee_id" not in params:
            return self._assign_team(call)
        wanted = params["assignee_id"]
        who: Agent | AgentBot | None
        if params.get("assignee_type") == "AgentBot":
            who = account.bots.get(_integer(wanted))
        else:
            who = account.agents.get(_integer(wanted))
        self._desk.assign(conversation, who, actor=call.actor)
        if who is None:
            return None
        return agent_view(who) if isinstance(who, Agent) else actor_push(who)

    async def show_labels(self, call: Call) -> Json:
        """GET …/labels."""
        return {"payload": list(call.conversation.labels)}

    async def labels(self, call: Call) -> Json:
        """POST …/labels: replaces all."""
        wanted = call.params.get("labels") or []
        listed = wanted if isinstance(wanted, list) else str(wanted).split(",")
        labels = list(dict.fromkeys(str(label).strip().lower() for label in listed))
        self._desk.save(call.conversation, labels=labels)
        return {"payload": list(call.conversation.labels)}

    async def custom_attributes(self, call: Call) -> Json:
        """POST …/custom_attributes: replaces the whole object (``develop``: may merge)."""
        attributes = call.params.get("custom_attributes") or {}
        if self._desk.release == "develop" and call.params.get("merge"):
            attributes = {**call.conversation.custom_attributes, **attributes}
        self._desk.save(call.conversation, custom_attributes=dict(attributes))
        return {"custom_attributes": dict(call.conversation.custom_attributes)}

    async def update_last_seen(self, call: Call) -> Json:
        """POST …/update_last_seen."""
        call.conversation.agent_last_seen_at = call.now
        return await self.show_conversation(call)

    def _assign_team(self, call: Call) -> Json | None:
        team = call.account.teams.get(_integer(call.params.get("team_id")))
        if team is None and call.params.get("team_id") and self._desk.release == "develop":
            raise not_found()
        self._desk.assign_team(call.conversation, team)
        return None if team is None else team_view(team)

    def _set_priority(self, call: Call) -> None:
        priority = call.params.get("priority")
        if priority is not None and priority not in PRIORITIES:
            raise _invalid(f"'{priority}' is not a valid priority")
        self._desk.save(call.conversation, priority=priority)


def _invalid(text: str) -> ApiError:
    return ApiError(422, {"error": text})


def _integer(value: Any) -> int:
    """Return an id; Rails reads digits out of strings too. 0 is nobody's id."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
