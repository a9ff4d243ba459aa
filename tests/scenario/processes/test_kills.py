"""kill -9 of any process at any moment: nothing is lost, nothing is said twice (design §3, N3)."""

import asyncio
import signal

import pytest

pytestmark = pytest.mark.usefixtures("second_start")


async def test_ingress_worker_and_database_are_killed_while_200_messages_come(
    house, crowd, judged, kill
) -> None:
    """Each burst ends in one reply, one handoff or a conversation that Chatwoot opened itself."""
    async with house(speed=2.0) as home, home.program("run") as program:
        await program.ready()
        customers = crowd(home, people=50, messages=4, over=12.0, seed=7)
        kinds = ["ingress", "ingress", "worker", "worker", "postmaster", "postmaster", "backend"]
        _, killed = await asyncio.gather(customers.write(), kill(program, kinds, seed=7, over=16.0))
        await home.settled()

        verdict = await judged(home, customers.conversations, killed=killed)
        assert verdict.messages == 200
        assert verdict.clean, verdict
        assert verdict.answered > 0  # how many is a matter of the machine

        assert await program.stop() == 0
        assert await program.left() == []


async def test_the_supervisor_itself_is_killed_and_started_again(house, crowd, judged) -> None:
    """Everything below it ends by itself; the next one takes over ports, folder and work."""
    async with house(speed=2.0) as home, home.program("run") as program:
        await program.ready()
        customers = crowd(home, people=25, messages=4, over=10.0, seed=8)
        writing = asyncio.create_task(customers.write())
        for moment in (3.0, 5.0):
            await asyncio.sleep(moment)
            await program.look()
            await program.kill("supervisor", number=signal.SIGKILL)
            assert await program.ended() == -signal.SIGKILL
            await program.start()
            await program.ready()
        await writing
        await home.settled()

        verdict = await judged(home, customers.conversations, killed=["supervisor"] * 2)
        assert verdict.messages == 100
        assert verdict.clean, verdict
        assert verdict.answered > 0  # how many is a matter of the machine

        assert await program.stop() == 0
        # Below a killed supervisor everything has as long to end as below a stopped one.
        assert await program.left(within=30.0) == []
