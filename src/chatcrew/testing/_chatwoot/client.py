"""A plain client for FakeChatwoot's API, for tests and by hand."""

from types import TracebackType
from typing import Any, Self

import aiohttp


class ApiClient:
    """Calls the API of one account with one token; use it as ``async with``."""

    def __init__(self, base_url: str, account_id: int, token: str) -> None:
        self._root = f"{base_url}/api/v1/accounts/{account_id}"
        self._headers = {"api-access-token": token}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(headers=self._headers)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._session is not None, "the client is not started"
        await self._session.close()

    async def call(self, method: str, path: str, **params: Any) -> tuple[int, Any]:
        """Send ``params`` as JSON; returns status and body, read as JSON where it is JSON."""
        assert self._session is not None, "the client is not started"
        body = params or None
        async with self._session.request(method, self._root + path, json=body) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await (answer.json() if is_json else answer.text())
