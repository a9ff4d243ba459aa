"""When a draft is written and when not, whoever owns the conversation; nothing acts in one."""

from dataclasses import replace

import pytest

from chatcrew.hub.draft_port import Draft
from chatcrew.hub.drafting import shut
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    AuthorKind,
    Contact,
    ConversationState,
    Owner,
    OwnerKind,
    Silence,
    Snapshot,
    ToolResult,
)
from chatcrew.tools import DraftEffects, EffectCall

WHERE = ConversationId("demo", "bot", 1)
STATE = ConversationState(
    WHERE, snapshot=Snapshot(status="open"), last_public_author=AuthorKind.CUSTOMER
)


def owned(kind: OwnerKind, number: int = 5) -> ConversationState:
    """Return the conversation with an owner."""
    return replace(STATE, snapshot=replace(STATE.snapshot, owner=Owner(kind, number)))


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (STATE, None),
        (replace(STATE, snapshot=Snapshot(status="pending")), None),
        (owned(OwnerKind.PERSON), None),
        (owned(OwnerKind.BOT, 7), None),
        (owned(OwnerKind.BOT), "owner_is_other_bot"),
        (owned(OwnerKind.OTHER_AI, 7), "owner_is_other_bot"),
        (replace(STATE, silence=Silence.PERSON), None),
        (replace(STATE, silence=Silence.COMMAND), "silenced_by_command"),
        (replace(STATE, snapshot=Snapshot(status="snoozed")), "status_snoozed"),
        (replace(STATE, snapshot=Snapshot(status="resolved")), "status_resolved"),
        (
            replace(STATE, snapshot=Snapshot(status="open", contact=Contact(blocked=True))),
            "contact_blocked",
        ),
        (replace(STATE, last_public_author=AuthorKind.PERSON), "draft_answered"),
        (replace(STATE, last_public_author=AuthorKind.PHONE), "draft_answered"),
    ],
)
def test_a_draft_inbox_drafts_until_a_person_has_answered(state, reason) -> None:
    """People's ownership is no reason against it; who asks for a draft always gets one."""
    assert shut(state, Draft.MODE, agent_bot_id=7) == reason
    assert shut(state, Draft.ASKED, agent_bot_id=7) is None


async def test_no_tool_acts_in_a_draft() -> None:
    """What the model reads says that nothing was done."""
    done = []

    async def act() -> ToolResult:
        done.append(1)
        return ToolResult(ok=True, text="feito")

    call = EffectCall("shop/ana", WHERE, "t", 1, "create_order", {})
    result = await DraftEffects().perform(call, act)

    assert (done, result.ok) == ([], False)
    assert "Nada foi feito" in result.text
