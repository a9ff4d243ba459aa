"""kill -9 of any process at any moment: nothing is lost, nothing is said twice (design §3, N3)."""

import asyncio
import random

from chatcrew.testing.processes import Program


async def _killing(program: Program, kinds: list[str], *, seed: int, over: float) -> list[str]:
    """Kill processes of these kinds in a random order at random moments."""
    chance = random.Random(seed)
    chance.shuffle(kinds)
    moments = sorted(chance.uniform(0.5, over) for _ in kinds)
    began = asyncio.get_running_loop().time()
    killed = []
    for kind, moment in zip(kinds, moments, strict=True):
        await asyncio.sleep(began + moment - asyncio.get_running_loop().time())
        await program.kill(kind)
        killed.append(f"{kind} at {asyncio.get_running_loop().time() - began:.1f} s")
    return killed


async def test_ingress_worker_and_database_are_killed_while_200_messages_come(
    house, crowd, judged
) -> None:
    """Each burst ends in one reply, one handoff or a conversation that Chatwoot opened itself."""
    async with house(speed=2.0) as home, home.program("run") as program:
        await program.ready()
        customers = crowd(home, people=50, messages=4, over=12.0, seed=7)
        kinds = ["ingress", "ingress", "worker", "worker", "postmaster", "postmaster", "backend"]
        _, killed = await asyncio.gather(
            customers.write(), _killing(program, kinds, seed=7, over=16.0)
        )
        await home.settled()

        verdict = await judged(home, customers.conversations, killed=killed)
        assert verdict.messages == 200
        assert verdict.clean, verdict
        assert verdict.answered > 100

        assert await program.stop() == 0
        assert await program.left() == []
