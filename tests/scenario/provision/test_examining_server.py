"""What a server that runs makes known of its examinations, and what they rest on (N13)."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import text

from chatcrew.app.examining import Advice
from chatcrew.database import Database
from chatcrew.provision._sql import PostgresExaminations, PostgresRecords
from chatcrew.telemetry import Health
from chatcrew.testing.bot import running_bot
from chatcrew.testing.installation import Installation
from chatcrew.testing.processes import Program, free_port
from chatcrew.web import admin_app

ROOT = Path(__file__).parents[3]


async def test_readiness_shows_advice_and_stays_ready(
    installation: Installation, database: Database, aiohttp_client: Any
) -> None:
    """In both languages, and without anything when nothing is known."""
    await installation.connect("--no-prove")
    installation.inboxes[0].bot = None
    async with running_bot(
        database, installation.mapping, config_dir=ROOT / "config", crews_dir=ROOT / "crews"
    ) as bot:
        await bot.parts.examining.round(starting=True)
        advice = Advice(bot.base.directory, PostgresExaminations(database))

        async def well() -> None:
            pass

        async def gauges() -> dict[str, float]:
            return {}

        app = admin_app(
            Health({"database": well}),
            metrics=bot.base.metrics,
            gauges=gauges,
            version="0",
            advice=advice.read,
        )
        client = await aiohttp_client(app)
        async with client.get("/health/ready") as response:
            status, body = response.status, await response.json()

    assert (status, body["status"]) == (200, "ready")
    found = {one["kind"]: one for one in body["advice"]}
    assert found["not_connected"]["level"] == "fault"
    assert "rode chatcrew connect" in found["not_connected"]["text"]
    assert "run chatcrew connect" in found["not_connected"]["text_en"]


async def test_a_running_server_examines_by_itself_and_tells_it(
    installation: Installation, database_url: str
) -> None:
    """One program, no command: readiness and metrics say what is to be mended."""
    await installation.connect("--no-prove")
    port = free_port()
    environment = {
        "CHATCREW_DATABASE_URL": database_url,
        "CHATCREW_ADMIN_PORT": str(port),
        "CHATCREW_DATA_DIR": str(installation.folder / "data"),
    }
    log = installation.folder / "log"
    async with Program("work", environment=environment, log=log, cold=True) as server:
        await server.ready()
        async with aiohttp.ClientSession() as session, asyncio.timeout(20):
            url = f"http://127.0.0.1:{port}"
            advice: list[dict[str, Any]] = []
            while not advice:
                async with session.get(f"{url}/health/ready") as response:
                    assert response.status == 200
                    advice = (await response.json())["advice"]
                await asyncio.sleep(0.05)
            while True:
                async with session.get(f"{url}/metrics") as response:
                    text = await response.text()
                if 'chatcrew_doctor_findings{kind="private",level="warning"' in text:
                    break
                await asyncio.sleep(0.05)

    assert {one["kind"] for one in advice} == {"private", "never_delivered"}
    said = await server.said()
    assert said.count("doctor.found") == 2
    assert installation.bot.access_token not in said


async def test_the_sweeps_own_marks_are_no_deliveries(database: Database) -> None:
    """Nor is what it recovered a proof that webhooks arrive, where Chatwoot numbers them."""
    records = PostgresRecords(database, {})
    at = datetime(2026, 8, 3, 12, tzinfo=UTC)

    async def seen(key: str, minute: int) -> datetime:
        moment = at + timedelta(minutes=minute)
        values = {"key": key, "at": moment}
        async with database.begin() as connection:
            await connection.execute(
                text("insert into seen (bot, key, at) values ('a', :key, :at)"), values
            )
        return moment

    await seen("e:chatcrew_sweep:1:00", 1)
    assert await records.last_delivery("a") is None
    first = await seen("m:1", 2)
    assert await records.last_delivery("a") == first
    second = await seen("d:one", 3)
    await seen("m:2", 4)
    assert await records.last_delivery("a") == second


async def test_a_chatwoot_that_hangs_delays_no_start(
    installation: Installation, database_url: str
) -> None:
    """Readiness waits for no examination, and the end of the program for none either."""
    await installation.connect("--no-prove")
    installation.chatwoot.faults.hang(endpoint="profile", times=9)
    environment = {
        "CHATCREW_DATABASE_URL": database_url,
        "CHATCREW_ADMIN_PORT": str(free_port()),
        "CHATCREW_DATA_DIR": str(installation.folder / "data"),
    }
    async with Program("work", environment=environment, log=installation.folder / "log") as server:
        await server.ready()
        await installation.chatwoot.wait_for(lambda: installation.chatwoot.calls["profile"])

        assert await server.stop(within=5.0) == 0
