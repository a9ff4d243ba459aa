"""Whose a conversation is, and what becomes of it when its inbox is given away; pure."""

from dataclasses import replace

from chatcrew.database.rows import ConversationRow
from chatcrew.mailbox._draft import Draft
from chatcrew.messages import given_to


def belong(draft: Draft, tenant: str | None) -> None:
    """Note whose conversation it is by the newest delivery; None says nothing."""
    if tenant is None or tenant == draft.tenant:
        return
    if draft.tenant is None:
        draft.tenant = tenant
        return
    fresh = given_to(draft.row().state, tenant)
    draft.tenant, draft.silence_why = fresh.tenant, fresh.silence_why
    draft.episode, draft.tenant_episode = fresh.episode, fresh.tenant_episode
    draft.function, draft.topic = fresh.function, fresh.topic


def moved(row: ConversationRow, tenant: str) -> ConversationRow:
    """Return the row of a conversation that is given to a tenant."""
    return replace(row, state=given_to(row.state, tenant))
