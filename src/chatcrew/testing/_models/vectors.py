"""Vectors with as much meaning as tests need: texts of the same stems are near each other."""

import hashlib
import math
from collections.abc import Iterable

from aiohttp import web

from chatcrew.knowledge._analysis import keys

DIMENSION = 256


def vector(text: str) -> list[float]:
    """Return the vector of a text, of length 1, the same on every machine."""
    numbers = [0.0] * DIMENSION
    for key in keys(text):
        digest = hashlib.sha256(key.encode()).digest()
        numbers[int.from_bytes(digest[:4]) % DIMENSION] += 1.0 if digest[4] & 1 else -1.0
    length = math.sqrt(sum(number * number for number in numbers)) or 1.0
    return [number / length for number in numbers] if any(numbers) else [1.0, *numbers[1:]]


class FakeVectors:
    """``POST /v1/embeddings`` of the fake provider.

    Attributes:
        away: answer 503 to everything.
        texts: what was embedded, in order.
    """

    def __init__(self) -> None:
        self.away = False
        self.texts: list[str] = []
        self.models: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one request in OpenAI's shape."""
        if self.away:
            return web.json_response({"error": {"message": "away", "type": "server"}}, status=503)
        body = await request.json()
        said: Iterable[str] = body["input"]
        texts = [said] if isinstance(said, str) else list(said)
        self.texts += texts
        self.models.append(body["model"])
        rows = [
            {"object": "embedding", "index": at, "embedding": vector(text)}
            for at, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": sum(map(len, texts)) // 4, "total_tokens": 0}
        return web.json_response(
            {"object": "list", "model": body["model"], "data": rows, "usage": usage}
        )


async def models(_: web.Request) -> web.Response:
    """Answer ``GET /v1/models``."""
    return web.json_response(
        {"object": "list", "data": [{"id": "fake", "object": "model", "owned_by": "tests"}]}
    )
