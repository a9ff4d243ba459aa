"""What becomes of a part that Chatwoot does not take: left out, put aside, tried again or given up.

What the customer can do without never stops what he cannot do without.
"""

from chatcrew.errors import ChatwootError, ChatwootRejected, ChatwootUnavailable
from chatcrew.messages import ActKind, PartState, StoredPart
from chatcrew.outbox import Outbox
from chatcrew.telemetry import get_logger
from chatcrew.worker.fates import ESSENTIAL, MOST_TRIES, NOT_ALLOWED, is_shut
from chatcrew.worker.patience import Patience
from chatcrew.worker.rights import NEEDS, Rights, is_denial
from chatcrew.worker.settling import Counted

_log = get_logger("courier")

_FOR_BOTS = "not authorized for bots"
"""Chatwoot's words for what this version lets no bot do (access_token_auth_helper.rb)."""


class Refusals:
    """Ends or puts back parts that were refused.

    Args:
        outbox: the parts.
        rights: learn what the bot may not do.
        patience: pause before another try where Chatwoot refuses the bot itself.
        counted: told what became of a part.
    """

    def __init__(
        self, outbox: Outbox, *, rights: Rights, patience: Patience, counted: Counted
    ) -> None:
        self._outbox = outbox
        self._rights = rights
        self._patience = patience
        self._counted = counted

    async def leave_out(self, part: StoredPart) -> None:
        """End a part that Chatwoot would refuse anyway: text and status go on without it."""
        self._rights.left_out(part.conversation.bot, part.kind.value)
        await self._outbox.failed(part, error=NOT_ALLOWED)
        self._counted(part, PartState.SKIPPED)

    async def rejected(self, part: StoredPart, error: ChatwootRejected) -> None:
        """Chatwoot said no: for good to this part, or to the bot until its admin has mended it.

        Raises:
            ChatwootUnavailable: it refuses the bot itself; the turn is to be claimed again.
        """
        if part.kind in (ActKind.CONTACT, ActKind.UNSEND) and error.status is None:
            # Nobody asked Chatwoot: no bot may do it, and there is no user token (§2.5)
            await self.leave_out(part)
            return
        reason = f"status_{error.status}"
        again = self._learns(part, error) and part.attempts < MOST_TRIES
        if again and part.kind is not ActKind.MESSAGE:
            # Now it is left out, or done with the user's token.
            await self._outbox.back_to_planned(part, error=reason)
            return
        self._tell(part, error)
        if part.kind in ESSENTIAL and is_shut(error.status) and not again:
            await self._outbox.back_to_planned(part, error=reason)
            raise ChatwootUnavailable(
                f"Chatwoot refuses the bot: {error.status}", retry_after=self._patience.shut
            ) from error
        await self._outbox.failed(part, error=reason)
        self._counted(part, PartState.FAILED)

    async def aside(self, part: StoredPart, error: ChatwootError) -> None:
        """Let text go before an act that cannot be done now; then try it once more."""
        if part.attempts < MOST_TRIES:
            await self._outbox.back_to_planned(part, error=type(error).__name__)
            return
        self._tell(part, error)
        await self._outbox.failed(part, error=type(error).__name__)
        self._counted(part, PartState.FAILED)

    def _learns(self, part: StoredPart, error: ChatwootRejected) -> bool:
        """Learn what a refusal says of the token; return whether it is met another way now.

        A bot that may not even speak says so to people by the user token, if there is one: then its
        message is one that was refused for good. Else it waits for its admin.
        """
        bot, status = part.conversation.bot, error.status or 0
        if is_denial(part.kind, error.status):
            self._rights.refused(bot, NEEDS[part.kind][0], status=status)
            return True
        if part.kind not in ESSENTIAL or _FOR_BOTS not in str(error):
            return False
        self._rights.refused(
            bot, "status" if part.kind is ActKind.STATUS else "message", status=status
        )
        return self._rights.instead(bot, "status" if part.kind is ActKind.STATUS else "note")

    def _tell(self, part: StoredPart, error: ChatwootError) -> None:
        _log.error("part.failed", turn=part.turn_id, kind=part.kind.value, status=error.status)
