"""The model of a set-up without one: intents and knowledge answer, the rest goes to people."""

from typing import NoReturn

from chatcrew.errors import ModelUnavailable
from chatcrew.messages import ModelRequest, SpeechRequest


class NoModel:
    """A ``Model`` that has no answer, ever, and hears nothing."""

    async def complete(self, request: ModelRequest) -> NoReturn:
        """Refuse.

        Raises:
            ModelUnavailable: always, with kind ``no_model``.
        """
        raise ModelUnavailable("no model is configured", kind="no_model")

    async def transcribe(self, request: SpeechRequest) -> NoReturn:
        """Refuse.

        Raises:
            ModelUnavailable: always, with kind ``no_model``.
        """
        raise ModelUnavailable("no model is configured", kind="no_model")
