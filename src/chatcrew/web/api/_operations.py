"""What an operation of the API is; one table makes the routes and their documentation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from chatcrew.accounts import Principal, Role
from chatcrew.web.api._shapes import Nothing

SEGMENT = "[a-z0-9][a-z0-9_-]{0,63}"
"""What a part of a tenant's key looks like, and so what an address may hold in its place."""

LABEL = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
NUMBER = "[1-9][0-9]{0,17}"

TENANT = "/tenants/{domain}/{name}"
TALK = TENANT + "/conversations/{bot}/{number}"

PATTERNS = {
    "domain": SEGMENT,
    "name": SEGMENT,
    "bot": LABEL,
    "account": LABEL,
    "number": NUMBER,
    "contact": NUMBER,
    "turn": "[0-9a-f-]{36}",
    "kind": "[a-z_]{1,40}",
}
"""The parameters of addresses."""


class Refusal(Exception):
    """An answer that is no success, in the one shape of errors.

    Attributes:
        status: of HTTP.
        kind: short stable name.
        message: in words, with the way out.
        headers: of the answer.
    """

    def __init__(
        self, status: int, *, kind: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Call:
    """One request that may be answered.

    Attributes:
        request: as it came.
        who: who asks.
        tenant: key of the tenant in the address, which he may see; "" where it names none.
        query: parameters, validated.
        body: the body, validated; None where the operation takes none.
    """

    request: web.Request
    who: Principal
    tenant: str = ""
    query: Any = None
    body: Any = None

    def part(self, name: str) -> str:
        """Return a part of the address."""
        return self.request.match_info[name]

    @property
    def actor(self) -> str:
        """Who asks, as the audit log has it."""
        return f"token:{self.who.name}"


Handler = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for.

    Attributes:
        name: unique, in camel case as OpenAPI's tools like it.
        method: of HTTP.
        path: below ``/api/v1``.
        summary: one line.
        handler: answers; returns a value of ``answer``, or a whole response.
        role: who may ask; None: anybody.
        answer: type of the answer; None: see ``media``.
        query: shape of the parameters.
        body: shape of the body, or None.
        media: of the answer.
        status: of a success.
        faults: statuses beside those that every operation may answer.
    """

    name: str
    method: str
    path: str
    summary: str
    handler: Handler
    role: Role | None = Role.VIEWER
    answer: Any = None
    query: type[BaseModel] = Nothing
    body: type[BaseModel] | None = None
    media: tuple[str, ...] = ("application/json",)
    status: int = 200
    faults: tuple[int, ...] = field(default=())
