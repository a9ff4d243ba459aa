"""From a request to an operation: who asks, what he may, what he asks for; and errors."""

import functools
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from pydantic import BaseModel, TypeAdapter, ValidationError

from chatcrew.accounts import Principal, Role, is_token
from chatcrew.errors import MailboxFull, StoreError
from chatcrew.web.api._operations import PATTERNS, Call, Operation, Refusal
from chatcrew.web.api._ports import Keys
from chatcrew.web.errors import error_response

BASE = "/api/v1"
PER_MINUTE = 600
"""Requests of one token in a minute, in each ingress process."""

MAX_BODY = 64 * 1024
_SHOWN = 5
_NOBODY = Principal("", Role.VIEWER, frozenset())
"""Who asks for what anybody may have."""

_Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Routes:
    """Adds operations to an application, each behind its token.

    Args:
        keys: tells whom a token stands for.
        known: whether there is a tenant of this key.
        per_minute: requests of one token in a minute.
    """

    def __init__(
        self, keys: Keys, *, known: Callable[[str], bool], per_minute: int = PER_MINUTE
    ) -> None:
        self._keys = keys
        self._known = known
        self._limit = RateLimitItemPerMinute(per_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def add(self, app: web.Application, operations: Sequence[Operation]) -> None:
        """Add each operation at its address."""
        for one in operations:
            path = BASE + one.path
            for name, pattern in PATTERNS.items():
                path = path.replace(f"{{{name}}}", f"{{{name}:{pattern}}}")
            app.router.add_route(one.method, path, self._answering(one))

    def _answering(self, operation: Operation) -> _Handle:
        given = None if operation.answer is None else _writer(operation.answer)

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                call = await self._call(operation, request)
                found = await operation.handler(call)
            except Refusal as error:
                return error_response(
                    error.status, kind=error.kind, message=error.message, headers=error.headers
                )
            except MailboxFull:
                return error_response(
                    429,
                    kind="mailbox_full",
                    message="too many messages wait; try again",
                    headers={"Retry-After": "5"},
                )
            except StoreError:
                return error_response(
                    503, kind="store_unavailable", message="the database is away; try again"
                )
            if isinstance(found, web.StreamResponse):
                return found
            if given is None:
                raise RuntimeError(f"{operation.name} says nothing of its answer")
            return web.Response(
                body=given.dump_json(found),
                status=operation.status,
                content_type="application/json",
                headers={"Cache-Control": "no-store"},
            )

        return handle

    async def _call(self, operation: Operation, request: web.Request) -> Call:
        """Return what is asked, once it is clear that it may be asked."""
        who = _NOBODY if operation.role is None else await self._who(request)
        if operation.role is not None and not who.role.may(operation.role):
            raise Refusal(
                403,
                kind="forbidden",
                message=f"the token is a {who.role}'s; this takes an {operation.role}",
            )
        tenant = ""
        if "domain" in request.match_info:
            tenant = f"{request.match_info['domain']}/{request.match_info['name']}"
            if not who.sees(tenant) or not self._known(tenant):
                raise Refusal(
                    404, kind="unknown_tenant", message=f"no tenant {tenant!r} that you may see"
                )
        query = _checked(operation.query, _parameters(request), "query")
        body = None
        if operation.body is not None:
            body = _checked(operation.body, await _json(request), "body")
        return Call(request, who, tenant, query, body)

    async def _who(self, request: web.Request) -> Principal:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        secret = secret.strip()
        who = None
        if scheme.lower() == "bearer" and is_token(secret):
            who = await self._keys.whose(secret)
        if who is None:
            raise Refusal(
                401,
                kind="unauthorized",
                message="send a token: Authorization: Bearer …; chatcrew api-token add makes one",
                headers={"WWW-Authenticate": "Bearer"},
            )
        if not await self._limiter.hit(self._limit, who.name):
            raise Refusal(
                429,
                kind="too_many_requests",
                message=f"more than {self._limit.amount} requests in a minute with this token",
                headers={"Retry-After": "60"},
            )
        return who


@dataclass(frozen=True, slots=True)
class Served:
    """The operations with their routes, ready for an application."""

    routes: Routes
    table: Sequence[Operation]

    def add_to(self, app: web.Application) -> None:
        """Add every address."""
        self.routes.add(app, self.table)


@functools.cache
def _writer(answer: Hashable) -> TypeAdapter[Any]:
    """Return what writes answers of a type: each is worked out once in a process."""
    return TypeAdapter(answer)


def _parameters(request: web.Request) -> dict[str, str]:
    """Return the parameters after the question mark.

    Raises:
        Refusal: one stands there twice.
    """
    found: dict[str, str] = {}
    for name, value in request.query.items():
        if name in found:
            raise Refusal(422, kind="invalid", message=f"query.{name}: stands there twice")
        found[name] = value
    return found


async def _json(request: web.Request) -> Any:
    """Return the body.

    Raises:
        Refusal: too long, no JSON, or something else.
    """
    if request.content_type != "application/json":
        raise Refusal(
            415, kind="unsupported_media_type", message="send Content-Type: application/json"
        )
    if (request.content_length or 0) > MAX_BODY:
        raise Refusal(413, kind="too_large", message=f"at most {MAX_BODY} bytes")
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(413, kind="too_large", message=f"at most {MAX_BODY} bytes") from None
    except (web.RequestPayloadError, ConnectionError):
        raise Refusal(400, kind="body_broken", message="the body broke off") from None
    if len(raw) > MAX_BODY:
        raise Refusal(413, kind="too_large", message=f"at most {MAX_BODY} bytes")
    try:
        return orjson.loads(raw)
    except ValueError:
        raise Refusal(400, kind="no_json", message="the body is no JSON in UTF-8") from None


def _checked(shape: type[BaseModel], given: Any, place: str) -> BaseModel:
    """Return what was given in its shape.

    Raises:
        Refusal: with each place that is not as described; never what stood there.
    """
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        faults = [
            ".".join(str(part) for part in (place, *one["loc"])) + f": {one['msg']}"
            for one in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        raise Refusal(422, kind="invalid", message="; ".join(faults[:_SHOWN])) from None
