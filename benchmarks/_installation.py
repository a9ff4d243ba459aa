"""A chatcrew of its own in a temporary folder: mapping, secrets, database, environment."""

import re
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks._messages import Sender
from chatcrew.database import Database, attach_or_own
from chatcrew.testing import AgentBot, write_mapping

BOT = "bench-bot"
_QUIET = re.compile(r"^(\s+quiet:).*$", re.MULTILINE)
_FORCED = "\nfunctions: {{support: {{engine: {engine}}}}}\n"
"""Only for the function that answers the load: another one may have too many tasks for it."""
TOKEN = "a-bot-token"
SECRET = "a secret as long as one of Chatwoot's"
SENDER = Sender(1, 1, 1, SECRET, f"/webhooks/chatwoot/{BOT}")


@dataclass(frozen=True, slots=True)
class Installation:
    """Where it is and how its processes are started.

    Attributes:
        folder: everything lives in it.
        sender: whose webhooks it accepts.
        environment: of every process of it.
    """

    folder: Path
    sender: Sender
    environment: dict[str, str]

    @property
    def data_dir(self) -> Path:
        """Where the embedded database lives."""
        return self.folder / "data"


def install(
    stack: AsyncExitStack,
    *,
    chatwoot: str,
    extra: Mapping[str, str] | None = None,
    hurried: bool = True,
    engine: str | None = None,
) -> Installation:
    """Write mapping and secrets into a folder that goes with ``stack``.

    Args:
        stack: owner of the folder.
        chatwoot: base URL of what stands for Chatwoot.
        extra: environment to add.
        hurried: answer without the quiet period.
        engine: force it; None leaves the choice to the program.
    """
    # The embedded server runs under an account of its own, which has to reach its folder.
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chatcrew-benchmark-")))
    folder.chmod(0o755)
    bot = AgentBot(SENDER.bot_id, SENDER.account_id, "benchmark", TOKEN, SECRET)
    mapping = write_mapping(
        folder,
        base_url=chatwoot,
        bots={BOT: bot},
        inboxes={SENDER.inbox_id: "whatsapp"},
        tenant="health/varizemed",
    )
    environment = {
        "CHATCREW_MAPPING": str(mapping),
        "CHATCREW_CONFIG_DIR": str(Path("config").absolute()),
        "CHATCREW_CREWS_DIR": str(_crews(folder, hurried=hurried, engine=engine)),
        "CHATCREW_DATA_DIR": str(folder / "data"),
        "CHATCREW_HOST": "127.0.0.1",
        "CHATCREW_LOG_LEVEL": "warning",
        **(extra or {}),
    }
    return Installation(folder, SENDER, environment)


def _crews(folder: Path, *, hurried: bool, engine: str | None) -> Path:
    """Copy the crews that are shipped, changed in nothing but what is asked for."""
    crews = shutil.copytree("crews", folder / "crews")
    if hurried:
        for path in crews.glob("*/crew.yaml"):
            path.write_text(_QUIET.sub(r"\1 0", path.read_text("utf-8")), "utf-8")
    if engine is not None:
        with (crews / "_default" / "crew.yaml").open("a", encoding="utf-8") as file:
            file.write(_FORCED.format(engine=engine))
    return crews


@dataclass(frozen=True, slots=True)
class Store:
    """The installation's database, run by the benchmark as the supervisor would."""

    database: Database
    pid: int

    async def count(self, table: str) -> int:
        """Return the rows of a table."""
        async with self.database.connect() as connection:
            found = await connection.exec_driver_sql(f"select count(*) from {table}")
            return int(found.scalar_one())


async def open_store(installation: Installation, stack: AsyncExitStack) -> Store:
    """Run the embedded database, fsync on, until ``stack`` is closed."""
    attached = await attach_or_own(installation.data_dir)
    stack.push_async_callback(attached.close)
    database = await Database.open(attached.url, name="benchmark", pool_size=1)
    stack.push_async_callback(database.close)
    assert attached.server is not None, "a new folder has no other owner"
    pid = attached.server.pid
    assert pid is not None, "it was started just now"
    return Store(database, pid)
