"""Where a trigger or a role has said who gets a conversation, the desk chooses nobody else."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chatcrew.database.rows import MemoryTables
from chatcrew.desk import MemoryAssignments, PeopleDesk, Staff
from chatcrew.hub import handing
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.stages.place import Place
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    ActKind,
    Claim,
    ConversationState,
    Handoff,
    PlannedPart,
    Snapshot,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy.model import Configuration, Distribution, People, Persona, Tenant
from chatcrew.testing import ManualClock

HERE = ConversationId("acme", "acme-bot", 1)
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TENANT = Tenant(
    "shop/acme",
    "pt-BR",
    ZoneInfo("America/Recife").key,  # read from disk before the loop runs
    Persona("Ana", "Acme", "leve"),
    people=People(distribution=Distribution(method="round_robin")),
)


class NobodyAsks:
    """A staff room that must stay closed."""

    async def staff(self, conversation: ConversationId, inbox_id: int | None) -> Staff | None:
        """Fail."""
        raise AssertionError("nobody is to be chosen")


async def test_a_team_or_a_person_that_was_named_is_what_the_note_and_the_clock_read() -> None:
    """Else the note named whose turn it was, and the conversation went elsewhere (S3-106)."""
    clock = ManualClock(NOW)
    desk = PeopleDesk(
        NobodyAsks(), assignments=MemoryAssignments(MemoryTables(), clock), clock=clock
    )
    state = ConversationState(HERE, snapshot=Snapshot(inbox_id=31))
    claim = Claim(
        TurnKey("t1", HERE, 1),
        state,
        (),
        TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=NOW,
    )

    configuration = Configuration("v1", {}, {}, None, {TENANT.key: TENANT}, {})
    placed = []
    for payload in ({"team_id": 5}, {"assignee_id": 9, "assignee_type": "User"}):
        given = PlannedPart(ActKind.ASSIGNMENT, payload, gated=False)
        reply = Reply("Um momento.", "template", "mood", handoff=Handoff("mood"), acts=(given,))
        ctx = TurnContext(claim, configuration, deadline=0.0, tenant=TENANT, reply=reply)
        await Place(desk, clock)(ctx)
        assert ctx.reply is not None
        assert ctx.placement is not None
        assert ctx.reply.acts == (given,)
        placed.append((ctx.placement.team_id, ctx.placement.agent_id, ctx.placement.open_now))
        note = handing.summary(ctx, ctx.reply)
        assert ("Encaminhada para: time nº 5" in note) == (payload == {"team_id": 5})

    assert placed == [(5, None, True), (None, 9, True)]
