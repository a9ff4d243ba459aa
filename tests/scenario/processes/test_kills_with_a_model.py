"""kill -9 of crew processes and the worker while a model answers: nothing twice, nothing lost."""

import asyncio
import string
from typing import Any

import pytest

from chatcrew.testing import FakeModelServer

pytestmark = pytest.mark.usefixtures("second_start")


def _teach(server: FakeModelServer, questions: tuple[str, ...]) -> None:
    """Give every question an answer of its own, so that a repeated one can be told."""
    for number, question in enumerate(questions):
        letter, times = string.ascii_letters[number % 26], number // 26 + 1

        def asks(body: dict[str, Any], question: str = question) -> bool:
            said = str(body["messages"][-1]["content"]).rpartition("Mensagem do cliente:")[2]
            return question in said

        server.when(asks, f"Claro! A recepção explica isso com calma ({letter * times}).")


async def test_crew_processes_and_worker_are_killed_while_100_messages_come(
    house, crowd, judged, kill, model_server, by_crewai
) -> None:
    """Each burst ends once, whoever of template, crew process and worker dies meanwhile."""
    model_server.latency = 0.1
    model = {"OPENAI_BASE_URL": model_server.base_url, "CHATCREW_CREW_PROCESSES": "2"}
    model |= by_crewai
    async with house(environment=model, user_token=True, speed=2.0) as home:
        _teach(model_server, home.questions)
        async with home.program("run") as program:
            await program.ready()
            await program.find("crew", count=2, within=60.0)
            customers = crowd(home, people=25, messages=4, over=10.0, seed=21)
            kinds = ["crew", "crew", "template", "worker", "crew"]
            _, killed = await asyncio.gather(
                customers.write(), kill(program, kinds, seed=10, over=12.0)
            )
            await home.settled()

            verdict = await judged(home, customers.conversations, killed=killed)
            assert verdict.messages == 100
            assert verdict.clean, verdict
            assert verdict.answered > 0  # how many is a matter of the machine
            assert len(model_server.requests) > 30

            assert await program.stop() == 0
            assert await program.left() == []
