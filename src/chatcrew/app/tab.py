"""Wires the tab in Chatwoot over our records: what it shows, and where its buttons lead."""

import asyncio
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from chatcrew.app._tab_sql import Marks
from chatcrew.app.foundation import Foundation
from chatcrew.app.telling import why_over
from chatcrew.clock import Clock
from chatcrew.ids import ConversationId, new_id
from chatcrew.mailbox import Mailbox
from chatcrew.memory import MemoryStore, PostgresMemory
from chatcrew.messages import ConversationState, InputKind, Person, Suggestion
from chatcrew.pairing import PostgresPairings
from chatcrew.proposals import DraftStore, PostgresDrafts
from chatcrew.tenancy import Configuration
from chatcrew.web.tab import Access, Found, Panel, Suggested, Tab, load
from chatcrew.why import Judgements, PostgresJudgements, Why, only_obeyed

_SHOWN = 5
_LOOKED_AT = 15
"""Turns that are looked at for those to be shown: an operator's own commands are left out."""


class TabSight:
    """Satisfies ``web.tab.Sight``.

    Args:
        mailbox: conversations as they stand.
        memory: what is remembered.
        why: the account of turns.
        judgements: what operators think of them.
        drafts: what the bot proposes.
        marks: whether something changed.
        configuration: the files as they hold now.
        clock: time.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        *,
        memory: MemoryStore,
        why: Why,
        judgements: Judgements,
        drafts: DraftStore,
        marks: Marks,
        configuration: Callable[[], Configuration],
        clock: Clock,
    ) -> None:
        self._mailbox = mailbox
        self._memory = memory
        self._why = why
        self._judgements = judgements
        self._drafts = drafts
        self._marks = marks
        self._configuration = configuration
        self._clock = clock

    async def find(self, account: str, number: int) -> Found | None:
        """Return the conversation of that number; of two bots in it, the one that saw more."""
        newest: ConversationState | None = None
        for bot in self._configuration().bots.values():
            if bot.account != account:
                continue
            state = await self._mailbox.state(ConversationId(account, bot.name, number))
            if state is not None and (newest is None or _seen(state) > _seen(newest)):
                newest = state
        if newest is None or newest.tenant is None:
            return None
        return Found(newest.id, newest.tenant)

    async def panel(self, found: Found, *, user_id: int) -> Panel | None:
        """Return what is known of a conversation."""
        state = await self._mailbox.state(found.id)
        standing = await self._why.standing(found.id, tenant=found.tenant)
        tenant = self._configuration().tenants.get(found.tenant)
        if state is None or standing is None or tenant is None or state.tenant != found.tenant:
            return None
        contact, now = state.snapshot.contact, self._clock.now()
        person = None if contact.id is None else Person(found.tenant, found.id.account, contact.id)
        drafted = await self._drafts.latest(found.id, tenant=found.tenant)
        turns = await self._why.turns(found.id, tenant=found.tenant, limit=_LOOKED_AT)
        recalled = await self._memory.recall(person, found.id, episode=state.episode, now=now)
        return Panel(
            business=tenant.persona.business,
            zone=ZoneInfo(tenant.timezone),
            standing=standing,
            customer=contact.name or "",
            summary=recalled.summary,
            before=recalled.before,
            collected=_collected(state),
            facts=() if person is None else await self._memory.facts(person, now=now),
            turns=[one for one in turns if one.reason == "draft" or not only_obeyed(one)][:_SHOWN],
            suggestion=(
                Suggested(drafted.suggestion.text, drafted.made_at)
                if drafted is not None and _fits(drafted.suggestion, state)
                else None
            ),
            verdicts=await self._judgements.of(found.id, tenant=found.tenant, user_id=user_id),
        )

    async def mark(self, found: Found) -> str:
        """Return what changes with the panel."""
        return await self._marks.mark(found.id)


class TabOrders:
    """Satisfies ``web.tab.Orders``: a press is an input of the conversation, like a note."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def give(
        self, conversation: ConversationId, *, command: str, by: str, user_id: int
    ) -> bool:
        """Put a command in."""
        key = f"tab:{new_id()}"
        payload = {"command": command, "by": by, "user_id": user_id, "key": key}
        return await self._mailbox.wake(
            conversation, key=key, payload=payload, kind=InputKind.COMMAND
        )


async def open_tab(base: Foundation) -> Tab:
    """Return the tab of every account that has one."""
    pairings = PostgresPairings(base.database, base.clock)

    def configuration() -> Configuration:
        return base.directory.current

    sight = TabSight(
        base.mailbox,
        memory=PostgresMemory(base.database),
        why=why_over(base),
        judgements=PostgresJudgements(base.database, base.clock),
        drafts=PostgresDrafts(base.database, base.clock),
        marks=Marks(base.database),
        configuration=configuration,
        clock=base.clock,
    )
    access = Access(
        base.directory, secrets=base.secrets, pairings=pairings, sight=sight, clock=base.clock
    )
    return Tab(
        access,
        pairings=pairings,
        sight=sight,
        orders=TabOrders(base.mailbox),
        pages=await asyncio.to_thread(load),
        metrics=base.metrics,
    )


def _fits(suggestion: Suggestion, state: ConversationState) -> bool:
    """Return whether a draft answers what the customer said last: an older one is no answer."""
    return bool(suggestion.text) and state.last_customer_id <= suggestion.after


def _seen(state: ConversationState) -> tuple[float, int]:
    return (state.snapshot.version or 0.0, state.last_message_id)


def _collected(state: ConversationState) -> Mapping[str, str]:
    """Return what the customer told in this episode; what was put on his card goes last."""
    topic = state.topic
    return {**topic.filled.values, **topic.collected}
