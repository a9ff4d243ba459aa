"""Processes die while Chatwoot itself drops answers, sends twice and in any order (N3, #11901)."""

import asyncio
import random

import pytest

from chatcrew.testing import Disorder

pytestmark = pytest.mark.usefixtures("second_start")


async def test_kills_and_a_chatwoot_that_misbehaves_at_once(house, crowd, judged, kill) -> None:
    """Answers to our posts get lost, deliveries come doubled and shuffled, processes are killed.

    Still each burst ends in one reply, one handoff or a conversation that Chatwoot opened.
    """
    chance = random.Random(31)
    disorder = Disorder(shuffle=1.0, duplicates=0.3, seed=31)
    async with house(speed=2.0, disorder=disorder) as home, home.program("run") as program:
        await program.ready()
        faults = home.chatwoot.faults
        faults.drop_response(
            times=15, endpoint="create_message", when=lambda _: chance.random() < 0.25
        )
        faults.hang(times=1, endpoint="create_message", after_effect=True)
        faults.fail(502, times=3, endpoint="toggle_status")
        customers = crowd(home, people=25, messages=4, over=8.0, seed=31)
        _, killed = await asyncio.gather(
            customers.write(),
            kill(program, ["ingress", "worker", "postmaster", "backend"], seed=31, over=10.0),
        )
        await home.settled()

        verdict = await judged(home, customers.conversations, killed=killed)
        assert verdict.messages == 100
        assert verdict.clean, verdict
        assert verdict.answered > 0  # how many is a matter of the machine
        # Every lost answer was one that had its effect: nothing was posted a second time for it.
        assert sum(one.status == -1 for one in home.chatwoot.requests) > 5

        assert await program.stop() == 0
        assert await program.left() == []
