"""Calls one account's REST API of a Chatwoot, as one of its bots."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from chatcrew.chatwoot import _requests
from chatcrew.chatwoot._fields import number as whole
from chatcrew.chatwoot._fields import rows, section, text
from chatcrew.chatwoot._requests import Call
from chatcrew.chatwoot._transport import Calls, LastCheck
from chatcrew.errors import ChatwootRejected


class ChatwootClient:
    """One bot's view of one account; its ``repr`` never shows a token.

    Every method raises ``ChatwootUnavailable`` (``retryable``, ``retry_after``, ``maybe_done``),
    ``ChatwootRejected`` or ``ConversationGone``. Reads, and writes that set a state, are repeated
    up to three times; creating a message never is.

    Args:
        transport: of this process, or what answers in Chatwoot's place.
        base_url: Chatwoot's address.
        account_id: Chatwoot's account id.
        token: the bot's access token.
        user_token: token of a normal user for what a bot may not do, or None.
        by_user: acts that are done with the user token here, because the bot's is refused; a
            private note is called ``note``.
    """

    def __init__(
        self,
        transport: Calls,
        *,
        base_url: str,
        account_id: int,
        token: str,
        user_token: str | None = None,
        by_user: Collection[str] = (),
    ) -> None:
        self._transport = transport
        self._base_url = base_url.rstrip("/")
        self._account_id = account_id
        self._token = token
        self._user_token = user_token
        self._by_user = by_user

    def __repr__(self) -> str:
        return f"ChatwootClient({self._base_url!r}, account_id={self._account_id!r})"

    @property
    def has_user_token(self) -> bool:
        """Whether history, contacts and lists can be asked for."""
        return self._user_token is not None

    async def create_message(
        self,
        number: int,
        content: str,
        *,
        private: bool = False,
        content_type: str = "text",
        content_attributes: Mapping[str, Any] | None = None,
        template_params: Mapping[str, Any] | None = None,
        last_check: LastCheck | None = None,
    ) -> int | None:
        """Create an outgoing message or a note; return its id, None if the answer names none.

        Args:
            number: display id of the conversation.
            content: CommonMark; Liquid marks are broken.
            private: a note for people.
            content_type: ``text``, ``input_select``, …
            content_attributes: ``items``, ``in_reply_to``, our tag under ``chatcrew``.
            template_params: an approved template that ``content`` shows.
            last_check: called after the wait for the pace, as the last step before the write; what
                it raises stops the call.
        """
        call = _requests.create_message(
            number,
            content,
            private=private,
            content_type=content_type,
            content_attributes=content_attributes,
            template_params=template_params,
        )
        act = "note" if private else call.act
        return whole(_fields(await self._do(call, act=act, last_check=last_check)), "id")

    async def typing(self, number: int, *, on: bool) -> None:
        """Show or hide typing (the dashboard and the web widget only, contract §7)."""
        await self._do(_requests.typing(number, on=on))

    async def toggle_status(
        self, number: int, status: str, *, snoozed_until: int | None = None
    ) -> str | None:
        """Set the status; return the one Chatwoot then names (its ``success`` is null at times)."""
        answer = await self._do(
            _requests.toggle_status(number, status, snoozed_until=snoozed_until)
        )
        return text(section(_fields(answer), "payload"), "current_status")

    async def set_priority(self, number: int, priority: str | None) -> None:
        """Set ``low``, ``medium``, ``high``, ``urgent`` or none."""
        await self._do(_requests.set_priority(number, priority))

    async def assign(
        self,
        number: int,
        *,
        assignee_id: int | None = None,
        assignee_type: str | None = None,
        team_id: int | None = None,
    ) -> None:
        """Set the assignee or, where ``team_id`` is given, the team; nothing given unassigns.

        Chatwoot ignores the team where both are named, so both take two requests.

        Args:
            number: display id of the conversation.
            assignee_id: a user's or bot's id, or None.
            assignee_type: ``User`` or ``AgentBot`` (since 4.8.0), or None for a user.
            team_id: or None.
        """
        if team_id is not None:
            await self._do(_requests.assign(number, {"team_id": team_id}))
        if team_id is None or assignee_id is not None:
            body: dict[str, Any] = {"assignee_id": assignee_id}
            if assignee_type is not None:
                body["assignee_type"] = assignee_type
            await self._do(_requests.assign(number, body))

    async def labels(self, number: int) -> tuple[str, ...]:
        """Return a conversation's labels."""
        return _labels(await self._do(_requests.get_labels(number)))

    async def add_labels(
        self, number: int, labels: Sequence[str], *, remove: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Add labels to those there (Chatwoot only knows replacing); return what is there then.

        Two calls at most; those that people gave stay. Chatwoot keeps labels in lower case.

        Args:
            number: of the conversation.
            labels: what is added.
            remove: what is taken away; it may be there or not.
        """
        there = await self.labels(number)
        known = {label.lower() for label in there}
        away = {label.strip().lower() for label in remove}
        wanted = dict.fromkeys(label.strip().lower() for label in labels)
        new = [label for label in wanted if label and label not in known]
        kept = [label for label in there if label.lower() not in away]
        if not new and len(kept) == len(there):
            return there
        return _labels(await self._do(_requests.replace_labels(number, [*kept, *new])))

    async def replace_labels(self, number: int, labels: Sequence[str]) -> tuple[str, ...]:
        """Make ``labels`` the only ones; return what is there then."""
        return _labels(await self._do(_requests.replace_labels(number, labels)))

    async def set_custom_attributes(self, number: int, values: Mapping[str, Any]) -> None:
        """Set some custom attributes and keep the others (Chatwoot only knows replacing)."""
        there = section(await self.conversation(number), "custom_attributes")
        if any(key not in there or there[key] != value for key, value in values.items()):
            await self.replace_custom_attributes(number, {**there, **values})

    async def replace_custom_attributes(self, number: int, values: Mapping[str, Any]) -> None:
        """Make ``values`` the only custom attributes."""
        await self._do(_requests.replace_custom_attributes(number, values))

    async def conversation(self, number: int) -> dict[str, Any]:
        """Return a conversation as Chatwoot shows it (``snapshot_of`` reads it)."""
        return _fields(await self._do(_requests.get_conversation(number)))

    async def messages(
        self, number: int, *, before: int | None = None, after: int | None = None
    ) -> list[dict[str, Any]]:
        """Return messages, oldest first, notes and activities too (``line_of`` reads one).

        Needs the user token. Without bounds the newest 20; 20 before an id; 100 after one.
        """
        answer = await self._do(_requests.list_messages(number, before=before, after=after))
        return rows(_fields(answer), "payload")

    async def conversations(
        self, *, status: str, inbox_id: int | None = None, page: int = 1, assigned: bool = False
    ) -> list[dict[str, Any]]:
        """Return 25 conversations of a status (``open``, ``pending``, …); needs the user token."""
        call = _requests.list_conversations(
            status=status, inbox_id=inbox_id, page=page, assigned=assigned
        )
        return rows(section(_fields(await self._do(call)), "data"), "payload")

    async def delete_message(self, number: int, message_id: int) -> None:
        """Replace a message by a notice that it was deleted; needs the user token."""
        await self._do(_requests.delete_message(number, message_id))

    async def inbox(self, inbox_id: int) -> dict[str, Any]:
        """Return an inbox; needs the user token (``lookups`` asks once for many)."""
        return _fields(await self._do(_requests.get_inbox(inbox_id)))

    async def contact(self, contact_id: int) -> dict[str, Any]:
        """Return a contact (``contact_of`` reads it); needs the user token."""
        return section(_fields(await self._do(_requests.get_contact(contact_id))), "payload")

    async def search_contacts(self, words: str) -> list[dict[str, Any]]:
        """Return contacts by name, e-mail, phone or identifier; needs the user token."""
        return rows(_fields(await self._do(_requests.search_contacts(words))), "payload")

    async def contact_conversations(self, contact_id: int) -> list[dict[str, Any]]:
        """Return a contact's conversations (``snapshot_of`` reads one); needs the user token."""
        answer = await self._do(_requests.contact_conversations(contact_id))
        return rows(_fields(answer), "payload")

    async def people(self, what: str) -> list[dict[str, Any]]:
        """Return ``agents`` or ``teams`` with id and name; needs the user token."""
        answer = await self._do(_requests.list_people(what))
        return [one for one in answer if isinstance(one, dict)] if isinstance(answer, list) else []

    async def members(self, what: str, number: int) -> list[dict[str, Any]]:
        """Return the people of an ``inbox`` or a ``team``; needs the user token."""
        answer = await self._do(_requests.list_members(what, number))
        if isinstance(answer, dict):  # an inbox's come in a payload, a team's as they are
            return rows(answer, "payload")
        return [one for one in answer if isinstance(one, dict)] if isinstance(answer, list) else []

    async def update_contact(self, contact_id: int, changes: Mapping[str, Any]) -> None:
        """Change a contact; its attributes are merged by Chatwoot. Needs the user token."""
        await self._do(_requests.update_contact(contact_id, changes))

    async def _do(
        self, call: Call, *, act: str | None = None, last_check: LastCheck | None = None
    ) -> Any:
        instead = (act or call.act) in self._by_user and self._user_token is not None
        token = self._user_token if call.user or instead else self._token
        if token is None:
            raise ChatwootRejected(f"{call.act}: needs a user token, which is not configured")
        return await self._transport.do(
            call,
            base_url=self._base_url,
            account_id=self._account_id,
            token=token,
            last_check=last_check,
        )


def _fields(answer: Any) -> dict[str, Any]:
    return answer if isinstance(answer, dict) else {}


def _labels(answer: Any) -> tuple[str, ...]:
    found = _fields(answer).get("payload")
    if not isinstance(found, list):
        return ()
    return tuple(label for label in found if isinstance(label, str))
