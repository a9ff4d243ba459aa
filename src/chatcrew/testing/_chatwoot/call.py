"""One API call as the handlers see it, and as tests look it up afterwards."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from chatcrew.testing._chatwoot.account import Account
from chatcrew.testing._chatwoot.auth import ApiError, not_found
from chatcrew.testing._chatwoot.people import Agent, AgentBot, File, Json
from chatcrew.testing._chatwoot.state import Conversation


@dataclass(slots=True)
class ApiCall:
    """A call that was received; ``status`` is 0 while it is not answered, -1 when it never was."""

    method: str
    path: str
    endpoint: str
    query: dict[str, str]
    body: bytes
    content_type: str
    at: datetime
    actor: Agent | AgentBot | None = None
    status: int = 0

    @property
    def json(self) -> Any:
        """The request body read as JSON."""
        return json.loads(self.body)


@dataclass(slots=True)
class Call:
    """What a handler needs: who asks, in which account, with which parameters."""

    request: web.Request
    actor: Agent | AgentBot
    account: Account
    params: Json
    files: list[File]
    base_url: str
    now: datetime

    def number(self, name: str) -> int:
        """Return a number from the path; anything else is a 404 in Rails' routes."""
        text = self.request.match_info[name]
        if not text.isdecimal():
            raise not_found()
        return int(text)

    @property
    def conversation(self) -> Conversation:
        """The conversation named in the path."""
        found = self.account.conversations.get(self.number("conversation_id"))
        if found is None:
            raise not_found()
        return found

    @property
    def person(self) -> Agent:
        """The person who asks; only user tokens come this far."""
        if isinstance(self.actor, AgentBot):
            raise ApiError(401, {"error": "You are not authorized to do this action"})
        return self.actor


async def read_parameters(request: web.Request, body: bytes) -> tuple[Json, list[File]]:
    """Return parameters and files of a JSON or multipart body; broken JSON is a 400 in Rails."""
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    if not body:
        return {}, []
    try:
        parsed = json.loads(body)
    except ValueError as error:
        raise ApiError(400, {"status": 400, "error": "Bad Request"}) from error
    return (parsed if isinstance(parsed, dict) else {"_json": parsed}), []


async def _read_multipart(request: web.Request) -> tuple[Json, list[File]]:
    params: Json = {}
    files: list[File] = []
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            kind = value.content_type.split("/", 1)[0]
            known = kind if kind in {"image", "audio", "video"} else "file"
            files.append(File(known, value.filename, value.content_type, value.file.read()))
        else:
            text = value if isinstance(value, str) else value.decode()
            params[name] = {"true": True, "false": False}.get(text, text)
    if isinstance(params.get("content_attributes"), str):
        params["content_attributes"] = json.loads(params["content_attributes"])
    return params, files
