"""Whether a model has begun to answer, for wrappers that judge a call that never ended."""

from dataclasses import replace

from chatcrew.messages import ModelRequest


class Heard:
    """Listens to one request's ``begun``.

    Attributes:
        request: to be passed on in place of the one listened to.
        begun: whether a word has come; always False where nobody asked to be told.
    """

    __slots__ = ("_tell", "begun", "request")

    def __init__(self, request: ModelRequest) -> None:
        self.begun = False
        self._tell = request.begun
        # a request without ``begun`` stays one: with it, the answer would be streamed
        heard = self._tell is not None
        self.request = replace(request, begun=self._hear) if heard else request

    def _hear(self) -> None:
        self.begun = True
        if self._tell is not None:
            self._tell()
