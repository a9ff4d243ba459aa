"""The speech side of ``FakeModelServer``: ``POST /audio/transcriptions`` says what was scripted."""

from collections import deque
from dataclasses import dataclass
from typing import Self

from aiohttp import BodyPartReader, web

from chatcrew.testing._models.replies import failure


@dataclass(frozen=True, slots=True)
class HeardRequest:
    """One recording as it came in.

    Attributes:
        model: asked for.
        language: the hint, or "".
        file_name: under which it was sent; providers tell the format by its extension.
        media_type: of the file.
        data: the recording.
    """

    model: str
    language: str
    file_name: str
    media_type: str
    data: bytes


class Ears:
    """What the server hears.

    Attributes:
        heard: recordings that came in, in order.
        default: said of a recording for which nothing is scripted.
        seconds: length that the answers tell, as ``usage``; None: they tell none.
    """

    def __init__(self) -> None:
        self.heard: list[HeardRequest] = []
        self.default = "Oi, tudo bem?"
        self.seconds: float | None = 3.0
        self._by_data: dict[bytes, str] = {}
        self._failures: deque[str] = deque()

    def say(self, text: str, *, of: bytes | None = None) -> Self:
        """Write ``text`` down for the recording ``of``, or for all that have no other."""
        if of is None:
            self.default = text
        else:
            self._by_data[of] = text
        return self

    def fail(self, what: str, *, times: int = 1) -> Self:
        """Answer the next requests with one of ``FAILURES``."""
        self._failures.extend([what] * times)
        return self

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer as OpenAI does; a request without a file is refused as there."""
        form: dict[str, str] = {}
        sent = ("", "", b"")
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if part.name == "file":
                media_type = part.headers.get("Content-Type", "")
                sent = (part.filename or "", media_type, bytes(await part.read()))
            else:
                form[part.name or ""] = await part.text()
        if not sent[2]:
            reply = failure("model_not_found", {})
            return web.Response(status=400, body=reply.body, content_type="application/json")
        found = HeardRequest(form.get("model", ""), form.get("language", ""), *sent)
        self.heard.append(found)
        if self._failures:
            reply = failure(self._failures.popleft(), {})
            return web.Response(
                status=reply.status, body=reply.body, content_type="application/json"
            )
        said: dict[str, object] = {"text": self._by_data.get(found.data, self.default)}
        if self.seconds is not None:
            said["usage"] = {"type": "duration", "seconds": self.seconds}
        return web.json_response(said)
