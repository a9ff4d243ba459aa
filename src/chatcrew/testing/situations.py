"""What models do to a crew: calls and words by name, so that engines can be held side by side."""

import json
from collections.abc import Callable, Mapping, Sequence

from chatcrew.messages import ModelAnswer, ToolCall

Situation = Callable[[Sequence[str], int], list[ModelAnswer]]
"""From a role's tools and rounds to the answers of its model, in order."""

UNKNOWN_TOOL = "delete_everything"
WORDS = 'Pronto: custa {valor}, {"ok": true}.'


def _calls(*names: str, first: int = 1) -> ModelAnswer:
    """Return an answer that calls tools, each with arguments of its own."""
    calls = tuple(
        ToolCall(f"call_{number}", name, json.dumps({"query": f"pergunta {number} çã"}))
        for number, name in enumerate(names, first)
    )
    return ModelAnswer("", calls, finish_reason="tool_calls")


_SAID = ModelAnswer(WORDS)
_REFUSED = ModelAnswer("I'm sorry, I can't assist with that.", finish_reason="content_filter")

SITUATIONS: Mapping[str, Situation] = {
    "no_tools": lambda tools, rounds: [_SAID],
    "one_round": lambda tools, rounds: [_calls(tools[0]), _SAID],
    "two_rounds": lambda tools, rounds: [_calls(tools[0]), _calls(tools[-1], first=2), _SAID],
    "parallel_tools": lambda tools, rounds: [_calls(*tools, tools[0]), _SAID],
    "rounds_used_up": lambda tools, rounds: [
        *(_calls(tools[0], first=number) for number in range(rounds)),
        _SAID,
    ],
    "tool_not_offered": lambda tools, rounds: [_calls(UNKNOWN_TOOL), _SAID],
    "no_arguments": lambda tools, rounds: [ModelAnswer("", (ToolCall("c", tools[0], ""),)), _SAID],
    "words_and_tool": lambda tools, rounds: [
        ModelAnswer("Vou ver.", _calls(tools[0]).tool_calls),
        _SAID,
    ],
    "empty": lambda tools, rounds: [ModelAnswer("")],
    "empty_after_tool": lambda tools, rounds: [_calls(tools[0]), ModelAnswer("")],
    "refused": lambda tools, rounds: [_REFUSED],
    "refused_after_tool": lambda tools, rounds: [_calls(tools[0]), _REFUSED],
    "cut": lambda tools, rounds: [ModelAnswer("Sim. O preço depende", finish_reason="length")],
    "cut_call": lambda tools, rounds: [
        ModelAnswer("Sim.", (ToolCall("c", tools[0], '{"query": "qu'),), finish_reason="length")
    ],
}
"""Situations in which our engines ask what CrewAI asks."""
