"""Files change under the whole process tree: each process follows, and one that dies comes back."""

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[3]


async def test_every_process_follows_the_files_and_survives_broken_ones(house, tmp_path) -> None:
    """Edit, break, kill a worker, mend: the customer is answered by the last files that held."""
    config = Path(await asyncio.to_thread(shutil.copytree, ROOT / "config", tmp_path / "config"))
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
            rows = home.log.read_text("utf-8").splitlines()
            found = (json.loads(row) for row in rows if row.startswith("{"))
            return [row for row in found if row["event"] == event]

        async def until(ready: Callable[[], bool]) -> None:
            async with asyncio.timeout(30):
                while not ready():
                    await asyncio.sleep(0.05)

        async def answer() -> str:
            contact = home.account.add_contact(name="Maria")
            talk = await home.chatwoot.customer_says(home.inbox, contact, "Onde fica a clínica?")
            await home.chatwoot.wait_for(lambda: bool(talk.public_bot_replies), timeout=30.0)
            return talk.public_bot_replies[0].content

        own.write_text(edited, "utf-8")
        await until(lambda: {row["process"] for row in lines("config.reloaded")} >= {
            "ingress", "worker",
        })  # fmt: skip
        assert "Rua dos Ipês" in await answer()

        own.write_text(edited + "faq: twice\n", "utf-8")
        await until(lambda: len(lines("config.kept")) == 2)
        await program.look()
        await program.kill("worker")
        await until(lambda: len(lines("config.fell_back")) == 1)
        assert "Rua dos Ipês" in await answer()

        own.write_text(original, "utf-8")
        await until(lambda: len(lines("config.reloaded")) == 4)
        assert "Rua das Acácias" in await answer()
        assert await program.stop() == 0
