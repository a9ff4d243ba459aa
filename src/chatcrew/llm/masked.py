"""What identifies customers never reaches a provider: placeholders go out, values come back."""

import asyncio
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from chatcrew.llm._leaves import walk, walk_json
from chatcrew.llm._port import Model
from chatcrew.messages import ModelAnswer, ModelRequest, ToolCall
from chatcrew.privacy import Masker, Policy, Vault, restore, values

_HINT = (
    "Por privacidade, dados pessoais aparecem nesta conversa como marcadores, por exemplo [CPF_1] "
    "ou [PHONE_1]. Trate cada marcador como o próprio dado, já informado: se precisar dele na "
    "resposta ou numa ferramenta, escreva o marcador exatamente assim, sem traduzir nem explicar."
)

_AT_ONCE = 8_000
"""Characters that are read in a millisecond or two. More are read in a thread, so that other turns
go on meanwhile; to come back from one takes as long where the loop is busy."""

_FEW = 600
"""Digits of numbers that are hidden in ten milliseconds; an e-mail costs as much as ten of them. Of
short texts, too, those that hold more are read in a thread: a customer may send nothing else."""
_DIGIT = re.compile(r"\d")


class Masked:
    """A ``Model`` whose inner one sees placeholders instead of personal data (N15).

    It stands outside of cache, retries, breakers and meters, so that all of these, and with them
    every key, file, row and error, only ever hold placeholders. Two customers who ask the same with
    different CPFs are one question to the cache, and each gets his own number back.

    Args:
        inner: the model asked.
        policy: what is masked for a tenant, by its key.
    """

    def __init__(self, inner: Model, *, policy: Callable[[str], Policy]) -> None:
        self._inner = inner
        self._policy = policy

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask with placeholders; return the answer with the values they stand for.

        A tool's arguments get back only the kinds its ``ToolSpec.private`` allows, an unknown
        tool's none. A streamed answer is whole when it comes here, however its pieces were cut.

        Raises:
            ModelError: whatever the inner model raises.
        """
        policy = self._policy(request.tenant)
        if not policy.kinds:
            return await self._inner.complete(request)
        texts, ours = _texts(request)
        if _soon_read((*texts, *request.public)):
            masker, masked = _masked(request, policy, texts, ours)
        else:
            masker, masked = await asyncio.to_thread(_masked, request, policy, texts, ours)
        if not masker.hides:
            return await self._inner.complete(request)
        answer = await self._inner.complete(_sealed(request, masked))
        return _opened(answer, masker.vault, request)


def _soon_read(texts: Sequence[str]) -> bool:
    """Return whether to hide what texts hold keeps nobody else waiting."""
    if sum(map(len, texts)) > _AT_ONCE:
        return False
    return sum(len(_DIGIT.findall(one)) + 10 * one.count("@") for one in texts) <= _FEW


def _texts(request: ModelRequest) -> tuple[list[str], frozenset[int]]:
    """Return every text of the request, and the places of those that a model or a tool wrote."""
    texts: list[str] = []
    by_us: set[int] = set()

    def note(text: str, *, ours: bool) -> str:
        if ours:
            by_us.add(len(texts))
        texts.append(text)
        return text

    for message in request.messages:
        walk(message, note)
    return texts, frozenset(by_us)


def _masked(
    request: ModelRequest, policy: Policy, texts: Sequence[str], ours: Collection[int]
) -> tuple[Masker, list[str]]:
    """Return who knows what was hidden, and the texts with placeholders."""
    masker = Masker(policy.kinds, public=policy.public, shown=values(request.public))
    return masker, masker.mask_all(texts, ours=ours)


def _sealed(request: ModelRequest, texts: Iterable[str]) -> ModelRequest:
    """Return the request with other texts, and a word to the model about their placeholders."""
    masked = iter(texts)

    def put(text: str, *, ours: bool) -> str:
        del text, ours
        return next(masked)

    messages = [walk(message, put) for message in request.messages]
    return replace(request, messages=_hinted(messages), public=())


def _hinted(messages: list[dict[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Tell the model once, where it is told everything else."""
    first = messages[0] if messages else {}
    if first.get("role") == "system" and isinstance(first.get("content"), str):
        return ({**first, "content": f"{first['content']}\n\n{_HINT}"}, *messages[1:])
    return ({"role": "system", "content": _HINT}, *messages)


def _opened(answer: ModelAnswer, vault: Vault, request: ModelRequest) -> ModelAnswer:
    allowed = {tool.name: tool.private for tool in request.tools}
    calls = tuple(
        replace(call, arguments=_arguments(call, vault, allowed.get(call.name, frozenset())))
        for call in answer.tool_calls
    )
    return replace(answer, text=restore(answer.text, vault), tool_calls=calls)


def _arguments(call: ToolCall, vault: Vault, kinds: frozenset[str] | None) -> str:
    """Return the arguments with what this tool may see, as JSON again."""
    try:
        given = orjson.loads(call.arguments)
    except orjson.JSONDecodeError:
        # whoever reads them will refuse them; until then no value breaks them further
        return call.arguments
    put = walk_json(given, lambda text: restore(text, vault, kinds))
    return call.arguments if put == given else orjson.dumps(put).decode()
