"""Everything that a run of chaos needs around the processes: Chatwoot, models, database, cuts."""

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks._chaos_house import ROOT, House, a_folder, bound_socket
from benchmarks._chaos_talks import Outside, Talks, model_says, outside
from benchmarks._cutter import Cutter
from chatcrew import tools
from chatcrew.clock import SystemClock
from chatcrew.database import Database, EmbeddedServer, migrate
from chatcrew.mailbox import PostgresMailbox
from chatcrew.messages import PartState
from chatcrew.outbox import PostgresOutbox
from chatcrew.tenancy import load
from chatcrew.testing import Disorder, FakeChatwoot, FakeModelServer, write_mapping
from chatcrew.testing._redis import RedisForTests

TENANT, BOT = "health/varizemed", "clinic-bot"
_TOOL = """
tools:
  - name: redo_report
    use: http
    method: POST
    url: {url}/reports
    trusted: true
    timeout: 10
    description: Manda refazer um laudo.
    parameters:
      report: {{type: integer, description: Número do laudo., required: true}}
    body: {{report: "{{report}}"}}
"""


@dataclass
class World:
    """A Chatwoot with one inbox, what stands around it, and the processes that answer."""

    chatwoot: FakeChatwoot
    cutter: Cutter
    models: FakeModelServer
    outside: Outside
    server: EmbeddedServer
    database: Database
    mailbox: PostgresMailbox
    house: House
    talks: Talks
    redis: RedisForTests | None

    async def resting(self) -> bool:
        """Whether nobody says anything, nothing is on its way and nothing waits."""
        if self.talks.saying or not self.chatwoot.at_rest:
            return False
        try:
            parts = await PostgresOutbox(self.database, SystemClock()).undelivered()
            waits = (await self.mailbox.depth()).waiting
        except Exception:  # noqa: BLE001 - the database is struck, too: then nobody rests
            return False
        return not waits + parts[PartState.PLANNED] + parts[PartState.SENDING]

    async def settled(self, *, stuck: float, within: float) -> float | None:
        """Wait until nothing waits, and return the seconds that took.

        None where for ``stuck`` seconds nothing moved, however slow the machine is: nobody called
        Chatwoot and nothing was delivered; or where something still waits after ``within`` seconds.
        """
        begun = moved = time.monotonic()
        last, calm = -1, 0
        while calm < 3:
            calm = calm + 1 if await self.resting() else 0
            now = time.monotonic()
            made = len(self.chatwoot.requests) + sum(
                len(one.attempts) for one in self.chatwoot.deliveries
            )
            if made != last:
                last, moved = made, now
            if now - moved > stuck or now - begun > within:
                return None
            await asyncio.sleep(0.1)
        return time.monotonic() - begun


@contextlib.asynccontextmanager
async def world(*, seed: int, workers: int, redis: bool, speed: float) -> AsyncIterator[World]:
    """Furnish a world and start its processes; all is gone afterwards.

    Args:
        seed: of Chatwoot's disorder.
        workers: how many worker processes.
        redis: with one.
        speed: of Chatwoot's retries and receipts.
    """
    async with AsyncExitStack() as stack:
        folder: Path = stack.enter_context(a_folder())
        system = await stack.enter_async_context(outside())
        config, crews = await asyncio.to_thread(_files, folder, system.url)
        disorder = Disorder(shuffle=0.4, duplicates=0.15, seed=seed)
        chatwoot = await stack.enter_async_context(FakeChatwoot(speed=speed, disorder=disorder))
        cutter = await stack.enter_async_context(Cutter(chatwoot.url))
        models = await stack.enter_async_context(
            FakeModelServer(default=model_says, latency=0.2, seed=seed)
        )
        public, admin = bound_socket(), bound_socket()
        stack.callback(public.close)
        stack.callback(admin.close)
        account = chatwoot.add_account(1, "Clínica")
        inbox = account.add_inbox(21, channel="Channel::Whatsapp")
        url = f"http://127.0.0.1:{public.getsockname()[1]}/webhooks/chatwoot/{BOT}"
        bot = account.add_bot(7, outgoing_url=url)
        agent = account.add_agent(12, "Patrícia Gomes")
        hook = account.add_webhook(url)
        mapping = write_mapping(
            folder,
            base_url=cutter.url,
            bots={BOT: bot},
            inboxes={21: "whatsapp"},
            tenant=TENANT,
            user_token=agent.access_token,
        )
        _two_senders(mapping, hook.secret or "")
        environment = {
            "CHATCREW_MAPPING": str(mapping),
            "CHATCREW_CONFIG_DIR": str(config),
            "CHATCREW_CREWS_DIR": str(crews),
            "CHATCREW_DATA_DIR": str(folder / "data"),
            "CHATCREW_REHEARSE": "false",
            "CHATCREW_LOG_LEVEL": "info",
            "CHATCREW_LOG_FORMAT": "json",
            "OPENAI_BASE_URL": models.base_url,
            "OPENAI_API_KEY": "sk-none",
        }
        server = EmbeddedServer(folder / "data")
        await server.start()
        stack.push_async_callback(server.stop)
        database = await Database.open(server.url, name="judge", pool_size=2)
        stack.push_async_callback(database.close)
        await migrate(database)
        other = _redis(folder) if redis else None
        if other is not None:
            stack.callback(other.kill)
            environment["CHATCREW_REDIS_URL"] = other.url
        offered = await asyncio.to_thread(tools.names)
        known = await asyncio.to_thread(load, mapping, config, crews, tools=offered)
        asked = tuple(entry.question for entry in known.tenants[TENANT].faq)
        mailbox = PostgresMailbox(database, SystemClock())
        stack.push_async_callback(mailbox.close)
        house = House(folder, environment, workers=workers, public=public, admin=admin)
        await stack.enter_async_context(house)
        talks = Talks(chatwoot, account, inbox, asked)
        yield World(
            chatwoot, cutter, models, system, server, database, mailbox, house, talks, other
        )


def _files(folder: Path, url: str) -> tuple[Path, Path]:
    """Return the shipped files: one domain, a tool that acts, no crew that needs CrewAI."""
    others = {one.name for one in (ROOT / "config" / "domains").iterdir()} - {"health"}
    left_out = shutil.ignore_patterns("knowledge", *others)
    config = Path(shutil.copytree(ROOT / "config", folder / "config", ignore=left_out))
    clinic = config / "domains" / "health" / "varizemed.yaml"
    clinic.write_text(clinic.read_text("utf-8") + _TOOL.format(url=url), "utf-8")
    crews = Path(shutil.copytree(ROOT / "crews", folder / "crews"))
    patient = crews / "_default" / "crew.yaml"
    text = patient.read_text("utf-8").replace("quiet: 0.8", "quiet: 0.3")
    patient.write_text(text.replace("deadline: 8 ", "deadline: 30 "), "utf-8")
    functions = crews / "functions"
    shutil.copy(functions / "support.yaml", functions / "scheduling.yaml")
    return config, crews


def _two_senders(mapping: Path, secret: str) -> None:
    """Let the account's webhook tell the same as the bot's, as where both are set up."""
    key = mapping.parent / "secrets" / "account.secret"
    key.write_text(secret, "utf-8")
    key.chmod(0o600)
    body = yaml.safe_load(mapping.read_text("utf-8"))
    (account,) = body["accounts"].values()
    account["bots"][BOT]["secrets"]["account"] = [f"file:{key}"]
    mapping.write_text(yaml.safe_dump(body), "utf-8")


def _redis(folder: Path) -> RedisForTests:
    (folder / "redis").mkdir()
    made = RedisForTests(folder / "redis")
    made.start()
    return made
