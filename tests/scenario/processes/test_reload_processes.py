"""Files change under the whole process tree: each process follows, and one that dies comes back."""

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

TENANT = "health/varizemed"
WHERE = """\
conversations:
  - name: diz onde fica
    customer:
      - says: Onde fica a clínica?
        contains: Rua
"""


def _lines(home: Any, event: str) -> list[dict[str, Any]]:
    rows = home.log.read_text("utf-8").splitlines()
    found = (json.loads(row) for row in rows if row.startswith("{"))
    return [row for row in found if row["event"] == event]


async def _until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not ready():
            await asyncio.sleep(0.05)


async def _answer(home: Any) -> str:
    contact = home.account.add_contact(name="Maria")
    talk = await home.chatwoot.customer_says(home.inbox, contact, "Onde fica a clínica?")
    await home.chatwoot.wait_for(lambda: bool(talk.public_bot_replies), timeout=30.0)
    return talk.public_bot_replies[0].content


async def test_every_process_follows_the_files_and_survives_broken_ones(
    house, tmp_path, lean_config
) -> None:
    """Edit, break, kill a worker, mend: the customer is answered by the last files that held."""
    config = Path(
        await asyncio.to_thread(shutil.copytree, lean_config(TENANT), tmp_path / "config")
    )
    own = config / "domains" / "health" / "varizemed.yaml"
    original = own.read_text("utf-8")
    edited = original.replace("Rua das Acácias", "Rua dos Ipês")
    environment = {"CHATCREW_CONFIG_DIR": str(config), "CHATCREW_WORKER_PROCESSES": "1"}
    async with (
        house(environment=environment) as home,
        home.program("run", CHATCREW_INGRESS_PROCESSES="1") as program,
    ):
        await program.ready()

        def lines(event: str) -> list[dict]:
            return _lines(home, event)

        # An edit that comes before a process does is no reload of it
        await _until(lambda: len(lines("ingress.ready") + lines("worker.ready")) == 2)
        own.write_text(edited, "utf-8")
        await _until(lambda: {row["process"] for row in lines("config.reloaded")} >= {
            "ingress", "worker",
        })  # fmt: skip
        assert "Rua dos Ipês" in await _answer(home)

        own.write_text(edited + "faq: twice\n", "utf-8")
        await _until(lambda: len(lines("config.kept")) == 2)
        await program.look()
        await program.kill("worker")
        await _until(lambda: len(lines("config.fell_back")) == 1)
        assert "Rua dos Ipês" in await _answer(home)

        own.write_text(original, "utf-8")
        await _until(lambda: len(lines("config.reloaded")) == 4)
        assert "Rua das Acácias" in await _answer(home)
        assert await program.stop() == 0


async def test_an_edit_that_breaks_a_conversation_is_refused_by_every_process(
    house, tmp_path, lean_config
) -> None:
    """Good edit, bad edit, killed worker, mended edit: all processes always agree (N11, S2-18)."""
    config = Path(
        await asyncio.to_thread(shutil.copytree, lean_config(TENANT), tmp_path / "config")
    )
    for path in (config / "domains").glob("*/*.tests.yaml"):
        path.unlink()
    own = config / "domains" / "health" / "varizemed.yaml"
    own.with_name("varizemed.tests.yaml").write_text(WHERE, "utf-8")
    original = own.read_text("utf-8")
    good = original.replace("Rua das Acácias", "Rua dos Ipês")
    bad = original.replace("Rua das Acácias", "Alameda dos Ipês")
    more = {"CHATCREW_CONFIG_DIR": str(config), "CHATCREW_REHEARSE": "true"}
    async with (
        house(environment=more) as home,
        home.program("run", CHATCREW_INGRESS_PROCESSES="2") as program,
    ):
        await program.ready()
        await _until(lambda: len(_lines(home, "ingress.ready") + _lines(home, "worker.ready")) == 3)
        conversations = await _stored(home)

        own.write_text(good, "utf-8")
        await _until(lambda: len(_lines(home, "config.reloaded")) == 3)
        assert "Rua dos Ipês" in await _answer(home)

        own.write_text(bad, "utf-8")
        await _until(lambda: len(_lines(home, "config.kept")) == 3)
        (told,) = {row["fault"] for row in _lines(home, "config.fault")}
        assert "varizemed.tests.yaml:4: " in told
        assert "'diz onde fica' fails: wanted contains 'Rua', got '" in told
        assert (await _health(home))["config"]["faults"] == 1
        await program.look()
        await program.kill("worker")
        await _until(lambda: len(_lines(home, "config.began_with_last")) == 1)
        assert "Rua dos Ipês" in await _answer(home)

        own.write_text(original, "utf-8")
        await _until(lambda: len(_lines(home, "config.reloaded")) == 6)
        assert "Rua das Acácias" in await _answer(home)
        versions = {row["version"] for row in _lines(home, "config.reloaded")}
        assert len(versions) == 2
        # Three answers were given to customers; what was played left no trace where they are
        assert await _stored(home) == conversations + 3
        assert not (await program.said()).count("config.not_rehearsed")
        assert await program.stop() == 0


async def _stored(home: Any) -> int:
    async with home.database() as database, database.connect() as connection:
        rows = await connection.exec_driver_sql("select count(*) from conversation")
        return int(rows.scalar_one())


async def _health(home: Any) -> dict[str, Any]:
    url = f"http://127.0.0.1:{home.environment['CHATCREW_ADMIN_PORT']}/health/ready"
    async with ClientSession() as session, session.get(url) as got:
        return await got.json()
