"""What the process tree tells about itself: metrics of all processes together, memory, start."""

import asyncio
import logging
from pathlib import Path

import pytest
from aiohttp import ClientSession

from chatcrew.testing.processes import Program

pytestmark = pytest.mark.usefixtures("second_start")

_log = logging.getLogger("processes")

INGRESS_MB = 150
"""Most memory an ingress process may take (issue 2, Figures); what it shares with those that were
forked with it counts by its share."""


async def _metric(house, name: str) -> float:
    """Return the sum of a metric over its labels, from the one metrics page."""
    url = f"http://127.0.0.1:{house.environment['CHATCREW_ADMIN_PORT']}/metrics"
    async with ClientSession() as session, session.get(url) as answer:
        text = await answer.text()
    rows = (row.rsplit(" ", 1) for row in text.splitlines() if not row.startswith("#"))
    return sum(float(value) for key, value in rows if key.split("{")[0] == name)


async def _memory(program: Program, what: str) -> dict[str, int]:
    """Return RSS, RSS with shared pages by their share, and what is nobody else's, MB (proc(5))."""
    (one, *_) = await program.find(what)
    rollup = Path("/proc") / str(one.pid) / "smaps_rollup"
    words = await asyncio.to_thread(rollup.read_text, "ascii")
    sizes = {row.split()[0]: int(row.split()[1]) for row in words.splitlines()[1:]}
    own = sizes["Private_Clean:"] + sizes["Private_Dirty:"]
    return {"rss": sizes["Rss:"] // 1024, "pss": sizes["Pss:"] // 1024, "own": own // 1024}


async def test_one_metrics_page_tells_about_all_processes_and_ingress_is_light(
    house, record_property
) -> None:
    """Counters of all processes stand on one page and never go back; gauges of the dead go away.

    Ingress takes less than 150 MB, with neither CrewAI nor a model library in it.
    """
    async with house() as home, home.program("run") as program:
        await program.ready()
        await _answered(home, home.questions[0])
        memory = {what: await _memory(program, what) for what in ("ingress", "worker")}
        record_property("memory_mb", memory)
        _log.info("memory in MB: %s", memory)
        assert memory["ingress"]["pss"] < INGRESS_MB
        assert await _loaded(program, "ingress") & {"crewai", "openai"} == set()

        webhooks = await _metric(home, "chatcrew_webhooks_total")
        assert webhooks >= 2
        assert await _metric(home, "chatcrew_turns_total") == 1
        folder = home.data_dir / "metrics"
        (old,) = await program.find("ingress")
        assert await asyncio.to_thread(_gauges, folder, old.pid)

        await program.kill("ingress")
        await program.kill("worker")
        await program.ready()
        await _answered(home, home.questions[1])

        assert await _metric(home, "chatcrew_turns_total") == 2
        assert await _metric(home, "chatcrew_webhooks_total") > webhooks
        assert await asyncio.to_thread(_gauges, folder, old.pid) == []
        assert await _metric(home, "chatcrew_mailbox_waiting") == 0


async def test_without_the_process_that_forks_them_children_come_back_by_themselves(house) -> None:
    """Who forks ingress and worker is killed: both drain, and each imports everything for itself.

    Whoever writes meanwhile is answered, and nothing is left over.
    """
    async with house() as home, home.program("run") as program:
        await program.ready()
        await _answered(home, home.questions[0])
        before = {(await program.find(what))[0].pid for what in ("ingress", "worker")}

        await program.kill("nursery")
        await _answered(home, home.questions[1])

        after = {(await program.find(what))[0].pid for what in ("ingress", "worker")}
        assert not before & after
        assert "supervisor.cold" in await program.said()
        assert await program.stop() == 0
        assert await program.left() == []


async def _loaded(program: Program, what: str) -> set[str]:
    """Return which of the heavy libraries have files open in a process."""
    (one, *_) = await program.find(what)
    maps = await asyncio.to_thread((Path("/proc") / str(one.pid) / "maps").read_text, "utf-8")
    return {name for name in ("crewai", "openai", "asyncpg") if f"/{name}/" in maps}


async def _answered(house, question: str) -> None:
    """Let a new customer ask and wait for the bot's answer and the end of the turn."""
    number = len(house.account.contacts) + 1
    contact = house.account.add_contact(phone_number=f"+55819{number:08d}")
    talk = await house.chatwoot.customer_says(house.inbox, contact, question)
    await house.chatwoot.wait_for(lambda: talk.public_bot_replies, timeout=30.0)
    await house.settled()


def _gauges(folder: Path, pid: int) -> list[Path]:
    return list(folder.glob(f"gauge_live*_{pid}.db"))
