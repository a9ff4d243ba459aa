"""A model that says what the test wrote down, and remembers what it was asked."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from chatcrew.errors import ModelError
from chatcrew.messages import ModelAnswer, ModelRequest, ToolCall

Scripted = (
    str | ModelAnswer | ToolCall | Sequence[ToolCall] | ModelError | Callable[[ModelRequest], Any]
)


class ScriptedModel:
    """A ``chatcrew.llm.Model`` without a provider.

    An answer is text, a ``ModelAnswer``, tool calls, a ``ModelError`` to raise, or a function from
    the request to one of these. The first rule that fits answers; then the sequence, each once;
    then the default.

    Args:
        answers: the sequence.
        default: answer when rules and sequence have none; None fails the test instead.

    Attributes:
        requests: what it was asked, in order.
        running: calls that are being answered now.
        most_at_once: the highest ``running`` so far.
    """

    def __init__(self, *answers: Scripted, default: Scripted | None = None) -> None:
        self._rules: list[tuple[Callable[[ModelRequest], bool], Scripted]] = []
        self._sequence = deque(answers)
        self._default = default
        self._open = asyncio.Event()
        self._open.set()
        self._arrivals = asyncio.Condition()
        self.requests: list[ModelRequest] = []
        self.running = 0
        self.most_at_once = 0

    def when(self, condition: str | Callable[[ModelRequest], bool], answer: Scripted) -> Self:
        """Answer so whenever ``condition`` holds; a text has to be in the last user message."""
        if isinstance(condition, str):
            wanted = condition

            def contains(request: ModelRequest) -> bool:
                return wanted in last_user_text(request.messages)

            condition = contains
        self._rules.append((condition, answer))
        return self

    def then(self, *answers: Scripted) -> Self:
        """Add to the sequence."""
        self._sequence.extend(answers)
        return self

    def hold(self) -> None:
        """Let calls wait until ``release``."""
        self._open.clear()

    def release(self) -> None:
        """Let held calls go on."""
        self._open.set()

    async def asked(self, times: int) -> None:
        """Wait until ``times`` requests have come in."""
        async with self._arrivals:
            await self._arrivals.wait_for(lambda: len(self.requests) >= times)

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Answer from the script.

        Raises:
            ModelError: where the script says so.
            AssertionError: the script has no answer left.
        """
        self.requests.append(request)
        answer = self._next(request)
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            async with self._arrivals:
                self._arrivals.notify_all()
            await self._open.wait()
        finally:
            self.running -= 1
        return _as_answer(answer, request)

    def _next(self, request: ModelRequest) -> Scripted:
        for condition, answer in self._rules:
            if condition(request):
                return answer
        if self._sequence:
            return self._sequence.popleft()
        if self._default is not None:
            return self._default
        raise AssertionError(
            f"the script has no answer to request {len(self.requests)}: "
            f"{last_user_text(request.messages)[:200]!r}"
        )


def last_user_text(messages: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of the last message of role ``user``."""
    for message in reversed(messages):
        if message.get("role") == "user":
            content = message.get("content") or ""
            if isinstance(content, str):
                return content
            return " ".join(str(part.get("text", "")) for part in content)
    return ""


def _as_answer(answer: Any, request: ModelRequest) -> ModelAnswer:
    if callable(answer) and not isinstance(answer, BaseException):
        answer = answer(request)
    if isinstance(answer, BaseException):
        raise answer
    if isinstance(answer, ModelAnswer):
        return answer
    if isinstance(answer, str):
        return ModelAnswer(text=answer, model=request.model)
    calls = (answer,) if isinstance(answer, ToolCall) else tuple(answer)
    return ModelAnswer(text="", tool_calls=calls, model=request.model, finish_reason="tool_calls")
