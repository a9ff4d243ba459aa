"""The model server dies under load and returns: the rung mix changes, and nothing else (N5)."""

import asyncio
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from chatcrew.testing import FakeModelServer

pytestmark = pytest.mark.usefixtures("second_start")

_RUNGS = text("select details->'rungs' as rungs from turn where outcome is not null")
_DOWN = {"unavailable", "breaker_open", "timeout"}


def explain(body: dict[str, Any]) -> str:
    """Return an answer of the question's own, so that a repeated one can be told."""
    said = str(body["messages"][-1]["content"]).rpartition("Mensagem do cliente:")[2]
    letters = "".join(letter for letter in said if letter.isalpha())
    return f"A recepção explica isso com calma ({letters[:60]})."


async def rungs_of(house) -> Counter[tuple[str, str]]:
    """Return how often which rung ended in which way, of all turns."""
    async with house.database() as database, database.connect() as connection:
        found = (await connection.execute(_RUNGS)).scalars().all()
    return Counter((rung["name"], rung["end"]) for rungs in found for rung in rungs or ())


async def test_a_model_server_that_dies_and_returns_costs_answers_but_loses_nobody(
    house, crowd, judged, without_crewai
) -> None:
    """While it is away the knowledge answers, or people do; afterwards the crew does again."""
    async with FakeModelServer(default=explain) as first:
        port = urlsplit(first.base_url).port
        model = {"OPENAI_BASE_URL": first.base_url, **without_crewai}
        async with (
            house(environment=model, user_token=True, speed=2.0) as home,
            home.program("run") as program,
        ):
            await program.ready()
            customers = crowd(home, people=25, messages=3, over=12.0, seed=5)
            writing = asyncio.create_task(customers.write())
            async with asyncio.timeout(20):
                while len(first.requests) < 3:
                    await asyncio.sleep(0.05)
            await first.__aexit__()
            await asyncio.sleep(4.0)
            async with FakeModelServer(default=explain, port=port) as second:
                await writing
                await home.settled()

                verdict = await judged(home, customers.conversations)
                assert verdict.messages == 75
                assert verdict.clean, verdict
                seen = await rungs_of(home)
                assert sum(times for (_, end), times in seen.items() if end in _DOWN) > 0
                assert seen["crew", "answered"] > 0
                assert len(second.requests) > 0
            assert await program.stop() == 0
