"""Before a decided turn is gone on with: what Chatwoot shows now, for its webhooks may be lost."""

from chatcrew.errors import ChatwootError
from chatcrew.ids import is_simulated
from chatcrew.mailbox import Mailbox
from chatcrew.messages import Claim, PartState
from chatcrew.outbox import Outbox
from chatcrew.worker.clients import Clients
from chatcrew.worker.fates import stoppable
from chatcrew.worker.lookback import look
from chatcrew.worker.patience import Patience
from chatcrew.worker.rights import Rights

_UNSENT = (PartState.PLANNED, PartState.SENDING)


class SecondLook:
    """Asks Chatwoot how a conversation is now, where a turn is claimed again after its decision.

    Between the two somebody died, or the database or Chatwoot was away: minutes may have passed,
    and a person who took over then told nobody, for a webhook that fails is not sent for ever.
    Where the conversation cannot be read, what our row knows has to do.

    Args:
        outbox: what is still to be sent.
        mailbox: our rows.
        clients: Chatwoot clients.
        rights: whether a conversation can be read.
        patience: how long Chatwoot may take.
    """

    def __init__(
        self,
        outbox: Outbox,
        *,
        mailbox: Mailbox,
        clients: Clients,
        rights: Rights,
        patience: Patience | None = None,
    ) -> None:
        self._outbox = outbox
        self._mailbox = mailbox
        self._clients = clients
        self._rights = rights
        self._patience = patience or Patience()

    async def __call__(self, claim: Claim) -> None:
        """Bring our row up to date, if anything is left that people could stop.

        Raises:
            StoreError: storage is away.
        """
        place = claim.key.conversation
        parts = await self._outbox.parts(claim.key.turn_id)
        left = any(part.state in _UNSENT and stoppable(part) for part in parts)
        if not left or is_simulated(place.bot):
            return
        try:
            client = await self._clients.client(place.bot)
        except (KeyError, ChatwootError):
            return
        seen = await look(client, place, within=self._patience.post, rights=self._rights)
        if seen is not None:
            await self._mailbox.observe(place, seen)
