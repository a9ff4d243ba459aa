"""Makes the calls: the one place of this package that touches the network."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import aiohttp
import orjson
import stamina
import stamina.instrumentation

from chatcrew.chatwoot._pacing import Pacer, Pacing
from chatcrew.chatwoot._requests import Call
from chatcrew.chatwoot._responses import read_answer
from chatcrew.clock import Clock
from chatcrew.errors import ChatwootError, ChatwootRejected, ChatwootUnavailable
from chatcrew.messages import clean_json
from chatcrew.points import Point, passed

TIMEOUT = 8.0
"""Longest one request may take, in seconds; the outbox counts on it (design §3)."""

_CONNECT = 4.0
_MAX_ANSWER = 32 * 1024 * 1024
"""A page of 25 conversations shows the newest message of each whole, an e-mail in all its forms."""

_PATIENT_RETRY = 2.0

# At its first retry stamina imports its hooks' libraries and reads /proc: not on the event loop.
stamina.instrumentation.get_on_retry_hooks()

_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)

LastCheck = Callable[[], Awaitable[None]]
"""Awaited as the last step before a write; what it raises stops the call."""

Observer = Callable[[str, str], None]
"""Told the act and ``ok``, ``unavailable``, ``rejected`` or ``gone`` after each request."""


def open_session() -> aiohttp.ClientSession:
    """Return a session for all Chatwoot clients of this process; the caller closes it.

    No cookies, or one bot's session could speak for another. Connections are dropped after 10 idle
    seconds: Puma closes them after 20, and a POST on a closing one is an answer lost.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=10.0),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=True,
        trust_env=False,
    )


class Calls(Protocol):
    """What makes a client's calls: ``Transport``, or what answers in Chatwoot's place."""

    async def do(
        self,
        call: Call,
        *,
        base_url: str,
        account_id: int | None,
        token: str | None,
        last_check: LastCheck | None = None,
    ) -> Any:
        """Make a call; return its JSON answer; see ``Transport.do``."""
        ...


class Transport:
    """The shared session and pace of one process; knows no token of its own.

    Args:
        session: returns the process's shared session.
        pacing: pace by address.
        clock: time.
        timeout: longest one request may take, in seconds.
        pause: first pause before a repetition, in seconds.
        attempts: how often a repeatable call is tried; 1 for a person who waits and may repeat it.
        observe: told of each request, for metrics.
    """

    def __init__(
        self,
        session: Callable[[], aiohttp.ClientSession],
        *,
        pacing: Pacing,
        clock: Clock,
        timeout: float = TIMEOUT,
        pause: float = 0.2,
        attempts: int = 3,
        observe: Observer | None = None,
    ) -> None:
        self._session = session
        self._pacing = pacing
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=min(_CONNECT, timeout / 2))
        self._pause = pause
        self._attempts = attempts
        self._observe = observe or _nobody

    async def do(
        self,
        call: Call,
        *,
        base_url: str,
        account_id: int | None,
        token: str | None,
        last_check: LastCheck | None = None,
    ) -> Any:
        """Make a call, again where that is safe; return its JSON answer.

        Args:
            call: what to ask.
            base_url: Chatwoot's address without a trailing slash.
            account_id: Chatwoot's account id, None for what is outside of accounts.
            token: of the bot or the user, None for what anybody may ask.
            last_check: called after the wait for the pace, as the last step before each write.

        Raises:
            ChatwootError: see its subclasses.
        """
        answer, _ = await self.ask(
            call, base_url=base_url, account_id=account_id, token=token, last_check=last_check
        )
        return answer

    async def ask(
        self,
        call: Call,
        *,
        base_url: str,
        account_id: int | None,
        token: str | None,
        last_check: LastCheck | None = None,
    ) -> tuple[Any, Mapping[str, str]]:
        """Do as ``do`` and return the answer's headers too.

        Raises:
            ChatwootError: see its subclasses.
        """
        url = call.url(base_url, account_id)
        pacer = self._pacing.of(base_url)
        if not call.repeatable or self._attempts == 1:
            return await self._send(call, url=url, token=token, pacer=pacer, last_check=last_check)
        async for attempt in stamina.retry_context(
            on=_worth_repeating,
            attempts=self._attempts,
            timeout=None,
            wait_initial=self._pause,
            wait_jitter=self._pause,
            wait_max=_PATIENT_RETRY,
        ):
            with attempt:
                return await self._send(
                    call, url=url, token=token, pacer=pacer, last_check=last_check
                )
        raise AssertionError("a retry context returns or raises")

    async def _send(
        self,
        call: Call,
        *,
        url: str,
        token: str | None,
        pacer: Pacer,
        last_check: LastCheck | None,
    ) -> tuple[Any, Mapping[str, str]]:
        await pacer.acquire(call.urgency)
        if last_check is not None:
            await last_check()
        passed(Point.CHATWOOT_ASKED)
        try:
            status, headers, body = await self._exchange(call, url=url, token=token)
            passed(Point.CHATWOOT_ANSWERED)
            answer = read_answer(
                call, status, headers=headers, body=body, now=self._clock.now().timestamp()
            )
        except ChatwootError as error:
            if error.status == 429 and call.act != "contact_search":
                # The search has a limit of its own, which says nothing about the others.
                pacer.back_off(error.retry_after or 1.0)
            self._observe(call.act, _result(error))
            raise
        self._observe(call.act, "ok")
        return answer, headers

    async def _exchange(
        self, call: Call, *, url: str, token: str | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        # nginx drops header names with underscores; Rack maps both spellings to the same variable
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["api-access-token"] = token
        data = None
        if call.body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
            data = orjson.dumps(clean_json(dict(call.body)))
        try:
            async with self._session().request(
                call.method,
                url,
                params=call.query,
                data=data,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                body = await _bounded(response.content)
                return response.status, response.headers, body
        except _NEVER_LEFT as error:
            # No connection, so no request: refused, DNS, TLS.
            raise ChatwootUnavailable(
                f"{call.act}: not reached ({type(error).__name__})", retryable=True
            ) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ChatwootUnavailable(
                f"{call.act}: no answer ({type(error).__name__})",
                retryable=True,
                maybe_done=call.writes,
            ) from None


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    """Return the answer's body; a longer one is cut, which then is no JSON."""
    found = bytearray()
    async for chunk in content.iter_any():
        found += chunk
        if len(found) > _MAX_ANSWER:
            return b"too long"
    return bytes(found)


def _worth_repeating(error: Exception) -> bool:
    return (
        isinstance(error, ChatwootUnavailable)
        and error.retryable
        and (error.retry_after is None or error.retry_after <= _PATIENT_RETRY)
    )


def _result(error: ChatwootError) -> str:
    if isinstance(error, ChatwootUnavailable):
        return "unavailable"
    return "rejected" if isinstance(error, ChatwootRejected) else "gone"


def _nobody(_act: str, _result: str) -> None:
    """Observe nothing."""
