"""The API keeps what its OpenAPI document says, whatever it is sent (S2-37)."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from chatcrew.accounts import Role
from chatcrew.app.ingress import serve_app
from chatcrew.app.sockets import listen
from chatcrew.web.api import BASE

ASK_NOTHING = ("/health", "/openapi.json", "/tenants")
"""What takes no input can be sent no wrong one."""


@pytest.fixture(scope="module")
def described(serve) -> Iterator[Any]:
    """Serve the API in a thread of its own; return its document, with an owner's token."""
    served = serve()
    loop = asyncio.new_event_loop()
    ready: list[str] = []
    up, over = threading.Event(), asyncio.Event()

    async def run() -> None:
        # As it is really served: what is no HTTP is answered by the connection, not by the API
        async with contextlib.AsyncExitStack() as stack:
            bound = stack.enter_context(listen("127.0.0.1", 0))
            await serve_app(served.app, bound, stack)
            key = await served.token(Role.OWNER)
            ready.extend((str(bound.getsockname()[1]), key["Authorization"]))
            up.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    up.wait(10)
    port, key = ready
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{port}{BASE}/openapi.json")
    schema.config.update(headers={"Authorization": key})
    yield schema
    loop.call_soon_threadsafe(over.set)
    thread.join()
    loop.close()


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_operation_answers_as_its_document_says(described, mode: GenerationMode) -> None:
    """Input as described and input that is not: statuses, headers, media types, shapes."""
    tried = 0
    for found in described.get_all_operations():
        operation = found.ok()
        tried += 1
        if mode is GenerationMode.NEGATIVE and operation.path in ASK_NOTHING:
            continue

        @settings(
            max_examples=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def answers(case: Any) -> None:
            case.call_and_validate()

        answers()
    assert tried == described.statistic.operations.total
