"""Answers that may be given again: same tenant, same configuration, same question, same words."""

import asyncio
from dataclasses import asdict, replace
from typing import Any

from chatcrew.cache import Kind, LayeredCache, key
from chatcrew.clock import Clock
from chatcrew.errors import ModelDeadlineExceeded
from chatcrew.llm._port import Model
from chatcrew.messages import ModelAnswer, ModelRequest, ToolCall, Usage

# Above it the model is meant to vary (shipped crews use 0.2).
_WARMEST = 0.3
_TTL = 3600.0


class Cached:
    """A ``Model`` that remembers answers of cool models for an hour (S4-37).

    The key holds tenant, version of the configuration, model, parameters, messages and tool schemas
    (S4-48: a key of the prompt alone leaks one tenant's answers to another).

    Args:
        inner: the model asked.
        cache: where answers are kept.
        clock: measures budgets.
        ttl: seconds an answer is kept.
    """

    def __init__(
        self, inner: Model, *, cache: LayeredCache, clock: Clock, ttl: float = _TTL
    ) -> None:
        self._inner = inner
        self._cache = cache
        self._clock = clock
        self._ttl = ttl

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Return a kept answer (``cached``, with the usage it had), or ask; equal ones ask once.

        ``begun`` is no part of the question: a kept answer has begun when it is found.

        Raises:
            ModelError: whatever the inner model raises.
        """
        if not _may_keep(request):
            return await self._inner.complete(request)
        until = self._clock.monotonic() + request.budget
        place = _key(request)
        while True:
            asked = False

            async def load() -> dict[str, Any]:
                nonlocal asked
                asked = True
                left = until - self._clock.monotonic()
                answer = await self._inner.complete(replace(request, budget=left))
                return {**asdict(answer), "asked": request.model}

            try:
                async with asyncio.timeout(until - self._clock.monotonic()):
                    value = await self._cache.get_or_load(
                        place, load, ttl=self._ttl, keep=_worth_keeping
                    )
            except TimeoutError:
                raise ModelDeadlineExceeded(
                    f"no answer within the {request.budget:.1f} s that were left", kind="timeout"
                ) from None
            except ModelDeadlineExceeded:
                # another turn asked for us and ran out of *its* time: ask with ours
                if asked or until - self._clock.monotonic() <= 0:
                    raise
                continue
            answer = _answer(value)
            if asked:
                return answer
            if request.begun is not None:
                request.begun()
            return replace(answer, cached=True)


def _may_keep(request: ModelRequest) -> bool:
    return request.cacheable and request.temperature is not None and request.temperature <= _WARMEST


def _worth_keeping(value: dict[str, Any]) -> bool:
    """Refuse what was cut off, filtered or empty, and another model's answer than the asked one's.

    The next try may do better; and a key that names a model keeps nothing of its stand-in, which
    would answer for an hour after that model is well again.
    """
    if value["served_by"] not in {"", value["asked"]}:
        return False
    whole = value["finish_reason"] not in {"length", "content_filter"}
    return whole and bool(value["text"].strip() or value["tool_calls"])


def _key(request: ModelRequest) -> str:
    return key(
        Kind.COMPLETIONS,
        request.tenant,
        request.config,
        request.model,
        [request.temperature, request.max_tokens, request.response_format],
        list(request.messages),
        [[tool.name, tool.description, tool.parameters] for tool in request.tools],
    )


def _answer(value: dict[str, Any]) -> ModelAnswer:
    return ModelAnswer(
        text=value["text"],
        tool_calls=tuple(ToolCall(**call) for call in value["tool_calls"]),
        usage=Usage(**value["usage"]),
        model=value["model"],
        finish_reason=value["finish_reason"],
        served_by=value.get("served_by", ""),
    )
