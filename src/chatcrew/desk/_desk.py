"""The desk: says whether people are at work, whom a conversation is given to, and since when."""

from functools import partial

from chatcrew.clock import Clock
from chatcrew.desk._choosing import LEFT, choose, closed, unknown_staff
from chatcrew.desk._port import Assignments, NoWaits, StaffRoom, Waits
from chatcrew.desk._values import Case, Choice
from chatcrew.messages import Claim, Placement, Placing
from chatcrew.tenancy.calendar import calendar
from chatcrew.tenancy.model import Tenant


class PeopleDesk:
    """Satisfies ``hub.desk_port.Desk``.

    Args:
        room: who is at work now.
        assignments: what was given before.
        clock: time.
        waits: how long a team takes; left out, nobody knows.
    """

    def __init__(
        self,
        room: StaffRoom,
        *,
        assignments: Assignments,
        clock: Clock,
        waits: Waits | None = None,
    ) -> None:
        self._room = room
        self._assignments = assignments
        self._clock = clock
        self._waits = waits or NoWaits()

    async def place(self, claim: Claim, tenant: Tenant, asked: Placing) -> Placement:
        """See ``Desk.place``."""
        now = self._clock.now()
        opens = calendar(tenant).opens_at(now)
        open_now = opens == now
        opens_at = None if open_now else opens
        if asked.named:
            wait = await self._waits.estimate(tenant, asked.team, now) if open_now else None
            return Placement(open_now, opens_at, asked.team, asked.agent, method="named", wait=wait)
        choice = await self._choice(claim, tenant, asked, open_now=open_now)
        team = None if choice.team is None else choice.team.id
        return Placement(
            open_now=open_now,
            opens_at=opens_at,
            team_id=team,
            agent_id=None if choice.agent is None else choice.agent.id,
            agent_name=None if choice.agent is None else choice.agent.name,
            method=choice.method,
            why=choice.why,
            wait=await self._waits.estimate(tenant, team, now) if open_now else None,
        )

    async def take_back(self, claim: Claim) -> None:
        """See ``Desk.take_back``."""
        await self._assignments.take_back(claim.key.turn_id)

    async def _choice(
        self, claim: Claim, tenant: Tenant, asked: Placing, *, open_now: bool
    ) -> Choice:
        policy, snapshot = tenant.people.distribution, claim.state.snapshot
        conversation, contact = claim.key.conversation, snapshot.contact.id
        case = Case(
            claim.key.turn_id, conversation, tenant.key, scored=policy.method == "performance"
        )
        previous = None
        if policy.previous and open_now and contact is not None:
            previous = await self._assignments.previous(case, contact)
        named = policy.team or policy.specialties
        if not named and (not open_now or (policy.method == "chatwoot" and previous is None)):
            return LEFT
        staff = await self._room.staff(conversation, snapshot.inbox_id)
        if staff is None:
            return unknown_staff(policy, asked)
        if not open_now:
            return closed(policy, asked, staff)
        chosen = partial(choose, policy=policy, asked=asked, staff=staff, previous=previous)
        return await self._assignments.give(case, chosen)
