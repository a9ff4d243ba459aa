"""Vectors of texts from any OpenAI-compatible endpoint."""

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson

from chatcrew.errors import ModelError, ModelUnavailable
from chatcrew.llm._faults import Fault, from_fault
from chatcrew.llm._openai import OpenAIModel, libraries, no_time
from chatcrew.llm._wire import decoded, is_fault

Vector = tuple[float, ...]


class OpenAIEmbeddings(OpenAIModel):
    """The client of ``POST {base_url}/embeddings``. It never retries."""

    async def vectors(self, model: str, texts: Sequence[str], *, budget: float) -> list[Vector]:
        """Return one vector per text, in their order, within ``budget`` seconds.

        Raises:
            ModelError: no answer, or none that fits; its message holds neither key nor text.
        """
        outcome = await self._embed(model, texts, budget)
        if isinstance(outcome, list):
            return outcome
        # raised outside of any except block, as in OpenAIModel
        raise from_fault(outcome) if isinstance(outcome, Fault) else outcome

    async def _embed(
        self, model: str, texts: Sequence[str], budget: float
    ) -> list[Vector] | Fault | ModelError:
        limit = min(budget, self._cap)
        if limit <= 0:
            return no_time("no time is left to ask for vectors")
        client = await self._client()
        openai, httpx = libraries()
        headers: dict[str, Any] = {"Content-Type": "application/json"}
        if self._api_key is None:
            headers["Authorization"] = openai.Omit()
        try:
            async with asyncio.timeout(limit):
                response = await client.post(
                    "/embeddings",
                    cast_to=httpx.Response,
                    content=orjson.dumps(
                        {"model": model, "input": list(texts), "encoding_format": "float"}
                    ),
                    options={
                        "headers": headers,
                        "timeout": httpx.Timeout(limit, connect=min(limit, 5.0)),
                    },
                )
            return await asyncio.to_thread(read_vectors, response.content, len(texts))
        except (openai.OpenAIError, httpx.HTTPError, ModelError, OSError) as error:
            return self._read(error, budget=budget)


def read_vectors(body: bytes, count: int) -> list[Vector]:
    """Return the vectors of an answer, sorted as the texts were.

    Raises:
        ModelError: it tells of a fault, or is not one vector of one length per text.
    """
    data = decoded(body)
    if isinstance(data, dict) and is_fault(data):
        raise from_fault(Fault.read(None, data))
    rows = data.get("data") if isinstance(data, dict) else None
    found: dict[int, Vector] = {}
    for at, row in enumerate(rows if isinstance(rows, list) else ()):
        numbers = row.get("embedding") if isinstance(row, dict) else None
        place = row.get("index", at) if isinstance(row, dict) else at
        if isinstance(numbers, list) and isinstance(place, int) and _numbers(numbers):
            found[place] = tuple(map(float, numbers))
    lengths = {len(vector) for vector in found.values()}
    if found.keys() != set(range(count)) or len(lengths) != 1:
        raise ModelUnavailable(
            "the answer is no list of vectors", kind="unavailable", maybe_done=True
        )
    return [found[place] for place in range(count)]


def _numbers(values: list[Any]) -> bool:
    fit = (isinstance(one, int | float) and abs(one) < 1e6 for one in values)
    return bool(values) and all(fit) and any(values)
