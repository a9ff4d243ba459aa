"""The page of what waits and what is stuck, and the buttons that free it (S2-38, S4-40)."""

from aiohttp import web

from chatcrew.ids import ConversationId
from chatcrew.web.console._asking import Act, Asked, Missing, Page, Shown
from chatcrew.web.console._ports import Queue, Stuck
from chatcrew.web.console._words_mailbox import WORDS

SHOWN = 100


class MailboxPage:
    """What waits, and what was given up.

    Args:
        queue: the mailbox.
    """

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    def page(self) -> Page:
        """Return the page."""
        return Page(
            "mailbox",
            group="operations",
            icon="inbox",
            show=self.show,
            words=WORDS,
            detail=self.detail,
            acts={"retry": Act(self.retry), "discard": Act(self.discard)},
            filters=("tenant",),
        )

    async def show(self, asked: Asked) -> Shown:
        """Return what waits and what is stuck."""
        tenants = asked.filters.tenants
        return Shown(
            "mailbox.html",
            {
                "load": await self._queue.load(tenants),
                "waiting": await self._queue.waiting(tenants, limit=SHOWN),
                "stuck": await self._queue.stuck(tenants, limit=SHOWN),
                "most": SHOWN,
            },
        )

    async def detail(self, asked: Asked) -> Shown | web.StreamResponse:
        """Return one stuck conversation: the account of the turn that failed, without words."""
        stuck = await self._of(asked, asked.rest)
        await asked.audited("turn.viewed", tenant=stuck.tenant, target=stuck.turn)
        told = await self._queue.told(stuck)
        return Shown(
            "stuck.html",
            {"stuck": stuck, "told": told},
            title=asked.words["talk.number"].format(number=stuck.conversation.number),
        )

    async def retry(self, asked: Asked) -> str:
        """Let a stuck turn run once more."""
        stuck = await self._of(asked, asked.form.get("conversation", ""))
        await asked.audited("turn.retried", tenant=stuck.tenant, target=stuck.turn)
        return "retried" if await self._queue.retry(stuck.conversation) else "gone"

    async def discard(self, asked: Asked) -> str:
        """Close a stuck turn for good."""
        stuck = await self._of(asked, asked.form.get("conversation", ""))
        await asked.audited("turn.discarded", tenant=stuck.tenant, target=stuck.turn)
        reason = f"console:{asked.who.name}"
        gone = await self._queue.discard(stuck.conversation, reason=reason)
        return "discarded" if gone else "gone"

    async def _of(self, asked: Asked, said: str) -> Stuck:
        """Return a stuck conversation of a tenant that this person may see.

        Raises:
            Missing: there is none.
        """
        conversation = conversation_of(said)
        found = None if conversation is None else await self._queue.one(conversation)
        if found is None or not asked.who.sees(found.tenant):
            raise Missing
        return found


def conversation_of(said: str) -> ConversationId | None:
    """Return the conversation that ``account/bot/number`` names, or None."""
    try:
        found = ConversationId.parse(said)
    except ValueError:
        return None
    return found if 0 < found.number < 2**63 else None
