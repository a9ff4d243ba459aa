"""Stopping and replacing processes on purpose: nobody notices (S1-12, S4-16)."""

import asyncio
import os
import signal

import pytest

from chatcrew.testing.processes import Program

pytestmark = pytest.mark.usefixtures("second_start")


async def test_a_stop_during_traffic_loses_nothing(house, crowd, judged) -> None:
    """SIGTERM ends the tree within 30 s; what was accepted before is answered after the start."""
    async with house(speed=2.0) as home, home.program("run") as program:
        await program.ready()
        customers = crowd(home, people=20, messages=2, over=3.0, seed=11, patience=(2.0, 6.0))
        writing = asyncio.create_task(customers.write())
        await home.chatwoot.wait_for(
            lambda: sum(len(c.public_bot_replies) for c in customers.conversations) >= 3,
            timeout=20.0,
        )

        assert await program.stop(within=30.0) == 0
        assert await program.left() == []
        await program.start()
        await program.ready()
        await writing
        await home.settled()

        verdict = await judged(home, customers.conversations, killed=["SIGTERM to all"])
        assert verdict.messages == 40
        assert verdict.clean, verdict
        assert verdict.answered > 0  # how many is a matter of the machine


async def test_of_two_ingress_processes_one_may_go_at_any_time(house, crowd, judged) -> None:
    """Every delivery of a steady stream is taken while ingress processes are replaced in turn."""
    two = {"CHATCREW_INGRESS_PROCESSES": "2"}
    async with house(environment=two) as home, home.program("run") as program:
        await program.find("ingress", count=2)
        await program.ready()
        await _both_serve(home, program)
        customers = crowd(home, people=30, messages=2, over=6.0, seed=12)
        writing = asyncio.create_task(customers.write())
        for _ in range(2):
            old = await program.find("ingress", count=2)
            os.kill(old[0].pid, signal.SIGTERM)
            await _replaced(program, old[0].pid)
        await writing
        await home.settled()

        failed = [one for one in home.chatwoot.deliveries if not one.succeeded]
        assert [(one.event, one.attempts) for one in failed] == []
        verdict = await judged(home, customers.conversations, killed=["SIGTERM to 2 ingress"])
        assert verdict.clean, verdict
        assert verdict.messages == 60
        assert not any(how.startswith("never arrived") for how in verdict.outcomes)
        assert verdict.answered > 0  # how many is a matter of the machine

        # Killed with nothing in its hands it is not missed either.
        victim = await program.kill("ingress")
        contact = home.account.add_contact(phone_number="+5581900000000")
        talk = await home.chatwoot.customer_says(home.inbox, contact, home.questions[0])
        await home.chatwoot.wait_for(lambda: talk.public_bot_replies, timeout=30.0)
        assert victim not in await program.look()
        await home.settled()
        assert [one.event for one in home.chatwoot.deliveries if not one.succeeded] == []
        assert await program.stop() == 0


async def _both_serve(home, program: Program) -> None:
    """Wait until both say that they are ready: one alone would already answer."""
    async with asyncio.timeout(30.0):
        while (await program.said()).count("ingress.ready") < 2:
            await asyncio.sleep(0.05)


async def _replaced(program: Program, old: int) -> None:
    """Wait until a new process answers in the place of ``old``."""
    known = (await program.said()).count("ingress.ready")
    async with asyncio.timeout(30.0):
        while (await program.said()).count("ingress.ready") <= known:
            await asyncio.sleep(0.05)
    assert old not in [one.pid for one in await program.find("ingress", count=2)]
