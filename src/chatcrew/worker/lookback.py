"""After an act that moves a conversation: our row knows before the next turn of it is claimed."""

import asyncio
import contextlib
from dataclasses import replace

from chatcrew.chatwoot import ChatwootClient, snapshot_of
from chatcrew.errors import ChatwootError, ChatwootRejected, StoreError
from chatcrew.ids import ConversationId
from chatcrew.mailbox import Mailbox
from chatcrew.messages import ActKind, OwnerKind, Snapshot, StoredPart
from chatcrew.outbox import Said
from chatcrew.points import Point, passed
from chatcrew.worker.rights import EverythingAllowed, Rights

_MOVES = (ActKind.STATUS, ActKind.ASSIGNMENT)


async def after(
    client: ChatwootClient,
    part: StoredPart,
    *,
    mailbox: Mailbox,
    within: float,
    rights: Rights | None = None,
) -> Snapshot | None:
    """Return the conversation as it is after an act, None where the act is none that moves it.

    The webhooks that tell us of our own act come up to seconds later and in any order (contract
    §1.6). What the customer wrote until then would be answered over people's heads, and a webhook
    built before the act would look like a hand-back; Chatwoot's own version settles both.

    Where it cannot be read (a bot may not before 4.14.2) the status that we set is taken, under the
    version that we know: that webhook from before can still mislead us then.

    Args:
        client: of the part's bot.
        part: the act, which had its effect.
        mailbox: our rows.
        within: seconds for the look.
        rights: whether the conversation can be read; left out, it is tried.

    Raises:
        StoreError: neither Chatwoot nor our row could be read.
    """
    if part.kind not in _MOVES:
        return None
    seen = await look(
        client, part.conversation, within=within, rights=rights or EverythingAllowed()
    )
    passed(Point.LOOKED_BACK)
    if seen is not None and seen.version is not None and seen.status is not None:
        return seen
    state, status = await mailbox.state(part.conversation), part.payload.get("status")
    return None if state is None or status is None else _set(state.snapshot, str(status))


async def crossed(said: Said, *, mailbox: Mailbox) -> None:
    """Look whether a person had spoken when Chatwoot took our message; if so, wake a turn for it.

    A person whose webhook comes later is found then, by the mailbox's own rule; so is one that is
    overlooked here because storage is away, by our echo.
    """
    part = said.part
    if part.kind is not ActKind.MESSAGE or part.message_id is None:
        return
    passed(Point.CROSSED)
    if not 0 < said.spoke_id < part.message_id:
        return
    with contextlib.suppress(StoreError):
        key = f"talkover:{part.conversation.bot}:{part.message_id}"
        await mailbox.wake(part.conversation, key=key, payload={"timer": "talkover"})


async def look(
    client: ChatwootClient, conversation: ConversationId, *, within: float, rights: Rights
) -> Snapshot | None:
    """Return what Chatwoot shows of a conversation, None where it cannot be read."""
    bot = conversation.bot
    if rights.off(bot, "conversation") is not None:
        return None
    try:
        async with asyncio.timeout(within):
            return snapshot_of(await client.conversation(conversation.number))
    except ChatwootRejected as error:
        if error.status in (401, 403, 404):
            rights.refused(bot, "conversation", status=error.status)
    except (ChatwootError, TimeoutError):
        pass
    return None


def _set(known: Snapshot, status: str) -> Snapshot:
    """Return the picture with the new status; opening takes the bot off (contract §2.3)."""
    ours = known.owner is not None and known.owner.kind is OwnerKind.BOT
    owner = None if status == "open" and ours else known.owner
    return replace(known, status=status, owner=owner)
