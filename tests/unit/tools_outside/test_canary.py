"""What a customer's tool was called with shows in no line of ours, whatever fails (N15)."""

from typing import Any

from chatcrew.messages import Contact
from chatcrew.testing import FakeApi
from chatcrew.testing.canary import MAIL, NAME, PHONE, WORDS, logging_for_real, traces_in


async def test_a_tool_that_fails_names_nobody(caller: Any, tool: Any) -> None:
    """Arguments in path, query and body; answers that echo them with an error, or no JSON."""
    told = []
    with logging_for_real() as logs:
        async with FakeApi() as api:
            entry = tool(
                f"{api.url}/people/{{who}}",
                {"who": "string", "note": "string"},
                method="POST",
                query={"mail": "{contact.email}", "q": "{note}"},
                body={"note": "{note}", "phone": "{contact.phone}"},
            )
            caller.contact = Contact(id=7, name=NAME, phone=PHONE, email=MAIL)
            for status, said in ((500, WORDS), (404, WORDS), (200, f"<b>{WORDS}"), (302, WORDS)):
                api.answer("POST", "/people/7", said, status=status)
                caller.begin(entry)
                told.append(await caller.call("thing", who="7", note=WORDS))
            (received, *_) = api.requests
        caller.begin(entry)
        told.append(await caller.call("thing", who=NAME, note=WORDS))
        told.append(await caller.call("thing", who=f"../{WORDS}", note=WORDS))
        told.append(await caller.call("thing", wrong=WORDS))

    assert not any(one.ok for one in (*told[:2], *told[-3:]))
    assert {"tool.called"} <= logs.events
    assert {str(line): traces_in(str(line)) for line in logs.lines if traces_in(str(line))} == {}
    assert traces_in(logs.written) == set()
    # He was there to be found
    assert traces_in(str(received.json))
