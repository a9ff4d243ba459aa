"""How a stage ends a turn early; only the runner catches these."""

from collections.abc import Mapping

from chatcrew.hub.context import Reply


class TurnSignal(Exception):
    """Root of control flow: another tree than the errors, so that no handler of errors eats it."""


class FinishTurn(TurnSignal):
    """The reply is known: go on with checking and sending it."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.reason)
        self.reply = reply


class DropTurn(TurnSignal):
    """Say nothing, for a reason that people can see.

    Args:
        reason: short stable name such as ``owner_is_person``.
        note: words for a private note, where the reason is visible nowhere else.
        open_to_people: also open the conversation: pending ones stand in nobody's list.
        gated: False opens it although the bot may not speak there.
        swept: what became of a customer whom the sweep found, as counted; None for all others.
        details: small JSON values for the turn's record.
    """

    def __init__(
        self,
        reason: str,
        *,
        note: str = "",
        open_to_people: bool = False,
        gated: bool = True,
        swept: str | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.note = note
        self.open_to_people = open_to_people
        self.gated = gated
        self.swept = swept
        self.details = dict(details or {})


class RestartTurn(TurnSignal):
    """More was said while we thought: think again with all of it."""
