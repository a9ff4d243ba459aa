"""The record of calls that act: one suite over PostgreSQL and memory, and acts done once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from chatcrew.database.rows import MemoryTables
from chatcrew.errors import EgressFailed, LeaseLost
from chatcrew.mailbox import MemoryMailbox, PostgresMailbox
from chatcrew.messages import Claim, ToolResult
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Talk
from chatcrew.tools import (
    CallState,
    EffectCall,
    LoggedEffects,
    MemoryToolCalls,
    PostgresToolCalls,
    ToolCalls,
)

DONE = ToolResult(ok=True, text="pedido 991 criado")


class House:
    """A mailbox and the record of calls over one storage, and what the outside saw."""

    def __init__(self, mailbox: object, calls: ToolCalls, clock: ManualClock) -> None:
        self.mailbox = mailbox
        self.calls = calls
        self.clock = clock
        self.talk = Talk(clock)
        self.acted: list[str] = []

    async def claims(self, worker: str = "w1") -> Claim:
        """Put a message, or let the lease run out, and claim the turn."""
        if not self.acted and self.talk.posts == 0:
            await self.mailbox.put(self.talk.says("quero comprar"))
        await self.clock.advance(31)
        (claim,) = await self.mailbox.claim(worker, limit=1)
        return claim

    def effects(self) -> LoggedEffects:
        """Return one asking of a crew."""
        return LoggedEffects(self.calls, clock=self.clock)

    def call(self, claim: Claim, *, approval: bool = False, **arguments: object) -> EffectCall:
        """Return a call of this turn."""
        return EffectCall(
            tenant="shop/a",
            conversation=self.talk.id,
            turn_id=claim.key.turn_id,
            attempt=claim.key.fence,
            tool="create_order",
            arguments=arguments,
            approval=approval,
        )

    async def act(self) -> ToolResult:
        """Do what must not be done twice."""
        self.acted.append("order")
        return DONE


@pytest.fixture(params=["memory", "postgres"])
def house(request: pytest.FixtureRequest) -> House:
    """Give a house over each backend."""
    clock = ManualClock()
    if request.param == "memory":
        tables = MemoryTables()
        return House(MemoryMailbox(tables, clock), MemoryToolCalls(tables, clock), clock)
    database = request.getfixturevalue("database")
    return House(PostgresMailbox(database, clock), PostgresToolCalls(database, clock), clock)


async def test_an_act_is_written_before_and_after(house) -> None:
    """While it acts the row says so; then it has the result."""
    claim = await house.claims()
    seen = []

    async def act() -> ToolResult:
        seen.extend(await house.calls.of_turn(claim.key.turn_id))
        return await house.act()

    assert await house.effects().perform(house.call(claim, sku="A", quantity=2), act) == DONE
    assert [row.state for row in seen] == [CallState.ACTING]
    (row,) = await house.calls.of_turn(claim.key.turn_id)
    assert (row.state, row.ok, row.result) == (CallState.DONE, True, DONE.text)
    assert (row.tool, row.arguments) == ("create_order", {"sku": "A", "quantity": 2})


async def test_a_later_attempt_gets_the_result_and_does_not_act(house) -> None:
    """A crash after the act: the turn is claimed again, the crew asks again (at most once)."""
    claim = await house.claims()
    await house.effects().perform(house.call(claim, sku="A"), house.act)

    again = await house.claims("w2")
    assert again.key.turn_id == claim.key.turn_id
    assert await house.effects().perform(house.call(again, sku="A"), house.act) == DONE
    assert len(house.acted) == 1


async def test_other_words_for_the_same_act_do_not_act_twice(house) -> None:
    """A model that is asked again words its arguments anew; it is told what was done."""
    claim = await house.claims()
    await house.effects().perform(house.call(claim, note="entregar à tarde"), house.act)

    again = await house.claims("w2")
    second = house.effects()
    result = await second.perform(house.call(again, note="entrega de tarde"), house.act)
    assert len(house.acted) == 1
    assert "outros dados" in result.text
    assert DONE.text in result.text
    # another one beyond what was done is new
    await second.perform(house.call(again, note="outro pedido"), house.act)
    assert len(house.acted) == 2


async def test_in_one_asking_other_arguments_are_another_act(house) -> None:
    """Two orders are two orders; the same one twice is one."""
    claim = await house.claims()
    effects = house.effects()
    for sku in ("A", "B", "A"):
        assert await effects.perform(house.call(claim, sku=sku), house.act) == DONE
    assert len(house.acted) == 2


async def test_begun_without_a_result_is_in_doubt_and_not_run_again(house) -> None:
    """The worker died while it acted: nobody knows, so nobody acts, and the role is told."""
    claim = await house.claims()
    await house.calls.begin(house.call(claim, sku="A"), run="died")

    again = await house.claims("w2")
    result = await house.effects().perform(house.call(again, sku="A"), house.act)
    assert house.acted == []
    assert not result.ok
    assert "verificar" in result.text
    (row,) = await house.calls.of_turn(claim.key.turn_id)
    assert row.state is CallState.UNKNOWN


async def test_who_was_slow_still_says_what_came_of_it(house) -> None:
    """The one who lost the lease finishes his act: that is a fact, whoever has the turn now."""
    claim = await house.claims()
    begun = await house.calls.begin(house.call(claim, sku="A"), run="slow")
    again = await house.claims("w2")
    await house.effects().perform(house.call(again, sku="A"), house.act)

    await house.calls.end(begun.row.id, CallState.DONE, result=DONE)
    assert await house.effects().perform(house.call(again, sku="A"), house.act) == DONE
    assert house.acted == []


async def test_who_lost_the_conversation_begins_nothing(house) -> None:
    """Every beginning is checked against the fencing number."""
    claim = await house.claims()
    await house.claims("w2")
    with pytest.raises(LeaseLost):
        await house.effects().perform(house.call(claim, sku="A"), house.act)
    assert house.acted == []


@pytest.mark.parametrize(
    ("sent", "state", "acts"), [(False, CallState.FAILED, 2), (True, CallState.UNKNOWN, 1)]
)
async def test_what_never_left_may_be_tried_again_and_what_may_have_not(
    house, sent, state, acts
) -> None:
    """A refused connection is no act; a lost answer may be one."""
    claim = await house.claims()
    effects = house.effects()
    tries = []

    async def act() -> ToolResult:
        tries.append(1)
        if len(tries) == 1:
            raise EgressFailed("away", kind="broken", maybe_sent=sent)
        return DONE

    call = house.call(claim, sku="A")
    if sent:
        assert not (await effects.perform(call, act)).ok
    else:
        with pytest.raises(EgressFailed):
            await effects.perform(call, act)
    assert (await house.calls.of_turn(claim.key.turn_id))[0].state is state
    result = await effects.perform(call, act)
    assert result.ok is not sent
    assert len(tries) == acts


async def test_an_act_whose_time_ended_is_in_doubt(house) -> None:
    """The turn's deadline cancels the call; the other side may have heard it."""
    claim = await house.claims()

    async def hangs() -> ToolResult:
        await asyncio.Event().wait()
        return DONE

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await house.effects().perform(house.call(claim, sku="A"), hangs)
    (row,) = await house.calls.of_turn(claim.key.turn_id)
    assert row.state is CallState.UNKNOWN


async def test_a_risky_call_waits_and_is_asked_for_once(house) -> None:
    """Nothing acts; asking again, in a later turn too, is the same request."""
    claim = await house.claims()
    call = house.call(claim, approval=True, sku="A")
    result = await house.effects().perform(call, house.act)
    assert "Aguardando" in result.text
    await house.effects().perform(replace(call, attempt=claim.key.fence), house.act)
    (row,) = await house.calls.waiting(house.talk.id)
    assert f"pedido {row.id}" in result.text
    assert row.expires_at == house.clock.now() + timedelta(minutes=30)
    assert house.acted == []


async def test_an_approval_is_given_once_and_acted_on_once(house) -> None:
    """Double approval, a second try of the command's turn: the act is begun once."""
    claim = await house.claims()
    await house.effects().perform(house.call(claim, approval=True, sku="A"), house.act)
    (row,) = await house.calls.waiting(house.talk.id)

    ruled = await house.calls.rule(claim.key, row.id, approve=True, by="Patrícia")
    assert ruled is not None
    assert (ruled.state, ruled.ruled_by) == (CallState.APPROVED, "Patrícia")
    assert await house.calls.rule(claim.key, row.id, approve=True, by="João") is None
    first = await house.calls.act(claim.key, row.id)
    second = await house.calls.act(claim.key, row.id)
    assert (first.mine, second.mine) == (True, False)
    assert second.row.state is CallState.UNKNOWN
    assert await house.calls.waiting(house.talk.id) == []


async def test_what_is_denied_expired_or_of_another_conversation_cannot_be_approved(house) -> None:
    """Only what waits here and now."""
    claim = await house.claims()
    effects = house.effects()
    for sku in ("A", "B"):
        await effects.perform(house.call(claim, approval=True, sku=sku), house.act)
    first, second = await house.calls.waiting(house.talk.id)

    other = replace(claim.key, conversation=replace(house.talk.id, number=9))
    with pytest.raises(LeaseLost):
        await house.calls.rule(other, first.id, approve=True, by="x")
    assert await house.calls.rule(claim.key, 10**30, approve=True, by="x") is None
    assert await house.calls.call(10**30) is None
    denied = await house.calls.rule(claim.key, first.id, approve=False, by="Patrícia", reason="não")
    assert denied is not None
    assert (denied.state, denied.reason) == (CallState.DENIED, "não")
    assert await house.calls.rule(claim.key, first.id, approve=True, by="x") is None

    await house.clock.advance(1801)
    (claim,) = await house.mailbox.claim("w3", limit=1)
    assert await house.calls.rule(claim.key, second.id, approve=True, by="x") is None
    assert await house.calls.waiting(house.talk.id) == []
    assert (await house.calls.expire(claim.key, second.id)).state is CallState.EXPIRED
    assert (await house.calls.expire(claim.key, second.id)).state is CallState.EXPIRED
    assert await house.calls.expire(claim.key, first.id) is None


async def test_old_calls_are_forgotten_but_not_what_waits(house) -> None:
    """The record holds what customers asked for, and no longer than needed."""
    claim = await house.claims()
    effects = house.effects()
    await effects.perform(house.call(claim, sku="A"), house.act)
    await effects.perform(house.call(claim, approval=True, sku="B"), house.act)
    later = house.clock.now() + timedelta(seconds=1)
    assert await house.calls.purge(later) == 1
    assert len(await house.calls.of_turn(claim.key.turn_id)) == 1
