"""Tools: whatever a model writes, the catalogue answers with a result."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
import structlog

from chatcrew.errors import StoreError
from chatcrew.ids import ConversationId
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.messages import ToolResult, ToolSpec
from chatcrew.tenancy.model import Persona, Tenant
from chatcrew.testing import ManualClock
from chatcrew.tools import Catalogue, ToolContext, builtin_catalogue, names, normalise

TENANT = Tenant(
    key="shop/a",
    language="pt-BR",
    timezone="America/Sao_Paulo",
    persona=Persona("Ana", "Loja A", "claro"),
)


def context(budget: float = 5.0) -> ToolContext:
    """Return the context of one turn."""
    return ToolContext(
        tenant=TENANT,
        conversation=ConversationId("acme", "acme-bot", 7),
        knowledge=MemoryKnowledge(),
        clock=ManualClock(),
        budget=budget,
    )


class Order:
    """A tenant's own tool: gives an order's state back."""

    side_effects = False

    def __init__(self, failure: Exception | None = None, *, hangs: bool = False) -> None:
        self.failure = failure
        self.hangs = hangs
        self.calls: list[Mapping[str, Any]] = []
        self.answer: Any = ...
        self.spec = ToolSpec(
            "order_status",
            "State of an order.",
            {
                "type": "object",
                "properties": {
                    "number": {"type": "integer"},
                    "detail": {"type": "string", "enum": ["short", "long"]},
                    "urgent": {"type": "boolean"},
                },
                "required": ["number", "colour"],
            },
        )

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Return the order."""
        self.calls.append(arguments)
        if self.hangs:
            await asyncio.Event().wait()
        if self.failure is not None:
            raise self.failure
        if self.answer is not ...:
            return self.answer
        return ToolResult(ok=True, text=f"order {arguments['number']} is on its way")


async def test_a_tool_is_called_with_checked_arguments() -> None:
    """A tenant's tool registers and answers like our own (S3-25, S3-60)."""
    order = Order()
    result = await Catalogue([order]).call("order_status", '{"number": 3}', context())

    assert result == ToolResult(ok=True, text="order 3 is on its way")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('{"number": "3"}', {"number": 3}),
        ('{"number": 3, "detail": null, "urgent": ""}', {"number": 3}),
        ('{"number": 3, "urgent": "true"}', {"number": 3, "urgent": True}),
    ],
)
async def test_small_slips_of_a_model_are_read_as_meant(written: str, read: dict[str, Any]) -> None:
    """Figures in quotes and empty optional arguments cost no second model call."""
    order = Order()
    await Catalogue([order]).call("order_status", written, context())

    assert order.calls == [read]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{not json", "not valid JSON"),
        ('{"number": 3', "not valid JSON"),
        ("[3]", "one JSON object"),
        ('"3"', "one JSON object"),
        ("", "'number' is missing"),
        ("null", "'number' is missing"),
        ("{}", "'number' is missing"),
        ('{"number": "three"}', "'number' must be of type integer"),
        ('{"number": true}', "'number' must be of type integer"),
        ('{"number": 3, "detail": "huge"}', "must be one of short, long"),
        ('{"number": 3, "colour": "red"}', "is not an argument (known: number, detail, urgent)"),
        ('{"number": 3, "detail": "' + "x" * 30_000 + '"}', "too long"),
        ('{"number": "\ud800"}', "not valid JSON"),
    ],
)
async def test_malformed_arguments_come_back_as_a_result_that_says_what_is_wrong(
    written: str, says: str
) -> None:
    """A model can mend its call; the tool never sees what does not fit (S3-62)."""
    order = Order()
    result = await Catalogue([order]).call("order_status", written, context())

    assert not result.ok
    assert says in result.text
    assert order.calls == []


async def test_an_unknown_tool_is_a_result_that_names_the_known_ones() -> None:
    """A model that makes a name up is told which there are."""
    result = await builtin_catalogue().call("refund_everything", "{}", context())

    assert not result.ok
    assert "search_knowledge, handoff, available_slots" in result.text


@pytest.mark.parametrize(
    "failure",
    [
        StoreError("away"),
        ValueError("x"),
        KeyError("x"),
        ConnectionError("x"),
        RuntimeError("away"),
        ZeroDivisionError("away"),
        AttributeError("away"),
    ],
)
async def test_a_failing_tool_is_a_result_without_the_errors_words(failure: Exception) -> None:
    """What a tool could not do is said, why is for the log only (S3-62)."""
    result = await Catalogue([Order(failure)]).call("order_status", '{"number": 1}', context())

    assert not result.ok
    assert "Do not guess" in result.text
    assert "away" not in result.text


@pytest.mark.parametrize("returned", [None, "plain text", {"ok": True}, ToolResult(True, None)])
async def test_a_tool_that_returns_no_result_is_a_failure_too(returned: Any) -> None:
    """A package's mistake costs its own tool, not the customer's answer (S3-25)."""
    order = Order()
    order.answer = returned
    result = await Catalogue([order]).call("order_status", '{"number": 1}', context())
    assert not result.ok
    assert "Do not guess" in result.text


async def test_an_answer_without_end_is_cut() -> None:
    """50 MB would fit no prompt, and no pipe to a crew's process."""
    order = Order()
    order.answer = ToolResult(ok=True, text="a" * 50_000_000)
    result = await Catalogue([order]).call("order_status", '{"number": 1}', context())
    assert result.ok
    assert len(result.text) < 25_000
    assert result.text.endswith("[cortado: havia mais]")


async def test_a_tool_that_hangs_ends_with_the_turns_budget() -> None:
    """A tool cannot take longer than the turn has left."""
    order = Order(hangs=True)
    result = await Catalogue([order]).call("order_status", '{"number": 1}', context(budget=0.02))

    assert not result.ok
    assert "in time" in result.text
    assert order.calls == [{"number": 1}]


async def test_no_time_left_calls_nothing() -> None:
    """With the budget used up the tool is not even started."""
    order = Order()
    late = context(budget=5.0)
    assert isinstance(late.clock, ManualClock)
    await late.clock.advance(6.0)

    result = await Catalogue([order]).call("order_status", '{"number": 1}', late)

    assert not result.ok
    assert order.calls == []


async def test_each_call_is_logged_without_what_was_said() -> None:
    """The log has tool, tenant, outcome and time, and no word of the customer (S3-61)."""
    catalogue = Catalogue([Order(ValueError("Maria 529.982.247-25"))])
    with structlog.testing.capture_logs() as logs:
        await catalogue.call("order_status", '{"number": 52998224725}', context())
        await catalogue.call("Maria", '{"cpf": "529.982.247-25"}', context())

    called = [entry for entry in logs if entry["event"] == "tool.called"]
    assert [entry["outcome"] for entry in called] == ["failed", "unknown_tool"]
    assert called[0]["tenant"] == "shop/a"
    assert "Maria" not in str(logs)
    assert "982" not in str(logs)


def test_schemas_are_spelled_out_for_every_model_api() -> None:
    """Empty properties, a wrong ``required`` and untyped arrays are put right (S3-48)."""
    assert normalise({}) == {
        "type": "object",
        "properties": {},
        "required": [],
        "additionalProperties": False,
    }
    shape = normalise(
        {
            "properties": {
                "tags": {"type": "array", "items": None},
                "who": {"properties": {"name": {"description": None}}},
            },
            "required": ["tags", "gone"],
            "description": None,
        }
    )
    assert shape["required"] == ["tags"]
    assert shape["properties"]["tags"] == {"type": "array", "items": {"type": "string"}}
    assert shape["properties"]["who"]["properties"] == {"name": {"type": "string"}}
    assert "description" not in shape


def test_specs_are_given_by_name_with_normalised_schemas() -> None:
    """A role reads only the tools it is allowed, in the order it names them."""
    catalogue = builtin_catalogue()
    specs = catalogue.specs(["handoff", "search_knowledge"])

    assert [spec.name for spec in specs] == ["handoff", "search_knowledge"]
    assert all(spec.parameters["additionalProperties"] is False for spec in specs)
    reading = {"search_knowledge", "available_slots", "search_conversations"}
    assert catalogue.side_effects == set(names()) - reading
    assert set(names()) == {
        "add_label",
        "add_note",
        "available_slots",
        "handoff",
        "resolve_conversation",
        "schedule_followup",
        "search_conversations",
        "search_knowledge",
        "set_attribute",
        "set_priority",
        "snooze_conversation",
        "update_contact",
    }


def test_a_name_is_registered_once_and_must_suit_every_api() -> None:
    """A second tool of one name, or a name with a dot, is a programming error."""
    catalogue = Catalogue([Order()])
    with pytest.raises(ValueError, match="registered already"):
        catalogue.register(Order())
    odd = Order()
    odd.spec = ToolSpec("order.status", "x", {})
    with pytest.raises(ValueError, match="not of the form"):
        catalogue.register(odd)
