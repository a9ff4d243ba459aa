"""One turn's work for either engine: the shipped crew, a customer's question, a model's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import _questions
from benchmarks._shipped import EPOCH, load_shipped
from chatcrew.hub import prompt
from chatcrew.messages import Ask, ModelAnswer, ToolCall, ToolResult, ToolSpec, Usage
from chatcrew.tenancy import Crew
from chatcrew.tools import builtin_catalogue

AT_ONCE = 8
"""Turns at the same time, as in a crew process that is well used."""
_SAID = _questions.answer({"messages": []})
_CALL = ToolCall("call_1", "search_knowledge", '{"query": "formigamento no pé"}')


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is to be done.

    Attributes:
        crew: who does it.
        ask: what the hub would ask.
        specs: tools that are offered.
        tool: whether the model searches first.
        found: what the search returns.
        said: how the turn ends.
    """

    crew: Crew
    ask: Ask
    specs: Sequence[ToolSpec]
    tool: bool
    found: ToolResult
    said: str

    @property
    def inputs(self) -> Mapping[str, str]:
        """Values of the placeholders."""
        return self.ask.inputs

    @property
    def offered(self) -> list[str]:
        """Names of the tools."""
        return [spec.name for spec in self.specs]


def scenario(*, tool: bool) -> Scenario:
    """Return the shipped crew's work on one question."""
    shipped = load_shipped()
    text = "Sou maratonista e fico com formigamento no pé esquerdo, será do tênis novo?"
    ctx = shipped.turn(1, text, name="Ana Souza", at=EPOCH)
    entry = shipped.tenant.faq[0]
    return Scenario(
        crew=shipped.crew,
        ask=Ask(
            turn_id=ctx.claim.key.turn_id,
            tenant=shipped.tenant.key,
            conversation=ctx.claim.key.conversation,
            inputs=prompt.inputs(ctx, now=EPOCH),
            budget=60.0,
        ),
        specs=builtin_catalogue().specs(shipped.crew.roles[0].tools),
        tool=tool,
        found=ToolResult(ok=True, text=f"1. {entry.question}\n{entry.answer}"),
        said=_SAID,
    )


def answer(messages: Sequence[Any], *, tool: bool) -> ModelAnswer:
    """Return what the model says to ``messages``: one search first, where ``tool``."""
    if tool and messages[-1]["role"] != "tool":
        return ModelAnswer("", (_CALL,), usage=Usage(1500, 20), finish_reason="tool_calls")
    return ModelAnswer(_SAID, usage=Usage(1500, 40), model="gpt-4o-mini")
