"""A whole chatcrew on this machine that talks to a Chatwoot-shaped sandbox, not a Chatwoot."""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from chatcrew.app.configuration import load_directory, model_available
from chatcrew.app.entry import on_signal
from chatcrew.app.offspring import Nursery
from chatcrew.app.supervisor import Supervisor
from chatcrew.cli._reasons import AlreadyOpen
from chatcrew.database import FileLock
from chatcrew.settings import Settings
from chatcrew.tenancy import ModelCatalogue
from chatcrew.tenancy.model import Route, Tenant
from chatcrew.tenancy.vocabulary import FALLBACK_CREW
from chatcrew.testing import Account, Agent, AgentBot, FakeChatwoot, Inbox, write_mapping

CHANNELS = {
    "whatsapp": "Channel::Whatsapp",
    "web_widget": "Channel::WebWidget",
    "email": "Channel::Email",
    "instagram": "Channel::Instagram",
    "facebook": "Channel::FacebookPage",
    "telegram": "Channel::Telegram",
    "line": "Channel::Line",
    "sms": "Channel::Sms",
    "api": "Channel::Api",
}

_LOOPBACK = ("127.0.0.1", "localhost")
_FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_IDS_PER_SECOND = 5


@dataclass(frozen=True, slots=True)
class Sandboxed:
    """What a sandbox needs to be played with.

    Attributes:
        open: its inboxes and whose they are.
        model: which model answers and where, None where none can be asked.
        tab: address of the chatcrew tab, None where no page shows it.
    """

    chatwoot: FakeChatwoot
    account: Account
    agent: Agent
    open: tuple[tuple[Inbox, Tenant], ...]
    settings: Settings
    model: str | None
    tab: str | None = None

    @property
    def inbox(self) -> Inbox:
        """The first inbox."""
        return self.open[0][0]

    @property
    def tenant(self) -> Tenant:
        """Whose the first inbox is."""
        return self.open[0][1]


async def mapped(settings: Settings) -> tuple[Route, ...]:
    """Return where the inboxes of the admin's own mapping lead, in its order.

    Raises:
        ConfigErrors: the mapping or a file it leads to is at fault.
    """
    routes = (await load_directory(settings)).current.routes
    return tuple(route for (_, inbox), route in routes.items() if inbox is not None)


async def every_tenant(settings: Settings) -> tuple[Route, ...]:
    """Return a WhatsApp inbox for each business in the configuration's folder."""

    def look() -> list[str]:
        found = (settings.config_dir / "domains").glob("*/*.yaml")
        names = [f"{path.parent.name}/{path.stem}" for path in sorted(found) if path.stem[0] != "_"]
        return [name for name in names if not name.endswith(".tests")]

    return tuple(Route(key, "whatsapp", "whatsapp") for key in await asyncio.to_thread(look))


@contextlib.asynccontextmanager
async def sandboxed(
    settings: Settings,
    *,
    routes: Sequence[Route],
    folder: Path,
    extra: Mapping[str, str] | None = None,
    page_port: int | None = None,
    nursery: Nursery | None = None,
) -> AsyncIterator[Sandboxed]:
    """Run everything until the block ends.

    Args:
        settings: of the surrounding command; a database or Redis it names is not touched.
        routes: one inbox is made for each; at least one.
        folder: where database, mapping and secrets of the sandbox live; ``reserved`` by the caller.
        page_port: of the page that shows the tab; None: there is none.
        extra: environment that the bot's processes must see beside, as ``settings`` have it.
        nursery: starts them.

    Raises:
        ConfigErrors: a file the admin edits is at fault.
        StoreError: the embedded database cannot be started.
    """
    port, admin_port = free_port(settings.port), free_port(settings.admin_port)
    # The sandbox starts empty each time and counts its ids from 1; a bot label per run keeps the
    # database's memory of earlier runs apart from this one.
    label = f"demo-{datetime.now(UTC):%Y%m%d%H%M%S}"
    async with FakeChatwoot() as chatwoot:
        # What was read in a file is kept by its attachment's id, which no Chatwoot gives twice.
        chatwoot.skip_ids(round((datetime.now(UTC) - _FIRST_DAY).total_seconds() * _IDS_PER_SECOND))
        account = chatwoot.add_account(1, "chatcrew demo")
        inboxes = [
            account.add_inbox(channel=CHANNELS.get(route.channel, "Channel::Api"))
            for route in routes
        ]
        url = f"http://127.0.0.1:{port}/webhooks/chatwoot"
        bots = _one_for_each(account, zip(inboxes, routes, strict=True), url=url, label=label)
        agent = account.add_agent(1, "Patrícia Gomes")
        token = secrets.token_urlsafe(24)
        mapping = await asyncio.to_thread(
            write_mapping,
            folder,
            base_url=chatwoot.url,
            bots=bots,
            inboxes={inbox.id: _row(route) for inbox, route in zip(inboxes, routes, strict=True)},
            tenant=routes[0].tenant,
            tab_token=token if page_port is not None else None,
            tab_origins=[f"http://{host}:{page_port}" for host in _LOOPBACK if page_port],
        )
        own = settings.model_copy(
            update={
                "mapping": mapping,
                "data_dir": folder,
                "database_url": None,
                "redis_url": None,
                "host": "127.0.0.1",
                "port": port,
                "admin_host": "127.0.0.1",
                "admin_port": admin_port,
            }
        )
        configuration = (await load_directory(own)).current
        tenants = configuration.tenants
        shown = [tenants[route.tenant] for route in routes]
        for inbox, tenant in zip(inboxes, shown, strict=True):
            inbox.name = tenant.persona.business
            if inbox.bot is not None:
                inbox.bot.name = tenant.persona.name
        seen = {**_environment(own), **(extra or {})}
        supervisor = Supervisor(own, extra=seen, nursery=nursery)
        started = asyncio.Event()
        running = asyncio.create_task(supervisor.run(ready=started), name="supervisor")
        try:
            waiting = asyncio.create_task(started.wait())
            await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if running.done():
                await running
            await _answering(f"http://127.0.0.1:{admin_port}/health/ready", running)
            opened = tuple(zip(inboxes, shown, strict=True))
            model = answering(own, configuration.models)
            tab = f"http://127.0.0.1:{port}/tab/{token}" if page_port is not None else None
            yield Sandboxed(chatwoot, account, agent, opened, own, model, tab)
        finally:
            supervisor.stop()
            await asyncio.gather(running, return_exceptions=True)


def answering(settings: Settings, models: ModelCatalogue) -> str | None:
    """Return which model answers and where, None where none can be asked; no path or key of it."""
    if not model_available(settings, models):
        return None
    for spec in models.chain(settings.model):
        provider = models.providers.get(spec.provider)
        if provider is not None or settings.model_configured:
            address = provider.base_url if provider is not None else settings.openai_base_url
            return f"{spec.name} ({urlsplit(address or '').hostname or 'OpenAI'})"
    return settings.model


def _one_for_each(
    account: Account, rows: Iterable[tuple[Inbox, Route]], *, url: str, label: str
) -> dict[str, AgentBot]:
    """Return bots by label, one for each business: what customers read has its name."""
    of: dict[str, list[Inbox]] = {}
    for inbox, route in rows:
        of.setdefault(route.tenant, []).append(inbox)
    labels = {tenant: f"{label}-{number}" for number, tenant in enumerate(of, 1)}
    return {
        labels[tenant]: account.add_bot(
            name=tenant, outgoing_url=f"{url}/{labels[tenant]}", inboxes=inboxes
        )
        for tenant, inboxes in of.items()
    }


def _row(route: Route) -> dict[str, str]:
    """Return an inbox's row of the mapping; the channel's own crew is not named, it may be none."""
    row = {"channel": route.channel, "tenant": route.tenant}
    own = route.crew in (route.channel, FALLBACK_CREW)
    return row if own else {**row, "crew": route.crew}


async def _answering(url: str, running: asyncio.Task[None]) -> None:
    """Wait until the webhooks are served: Chatwoot's patience of 5 s must not meet a start."""
    async with ClientSession() as session:
        while not running.done():
            with contextlib.suppress(ClientError, TimeoutError):
                async with session.get(url, timeout=ClientTimeout(total=2)) as answer:
                    if answer.status == HTTPStatus.OK:
                        return
            await asyncio.sleep(0.1)


@contextlib.contextmanager
def reserved(folder: Path) -> Iterator[None]:
    """Keep other sandboxes out of ``folder``: they would share its database, mapping and counters.

    Raises:
        AlreadyOpen: another one runs there.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_suffix(".lock"))
    if not lock.try_acquire():
        raise AlreadyOpen(str(folder), holder=lock.holder())
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Leave the block on SIGTERM or Ctrl-C, whatever it waits for; its own clean-up still runs."""
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("only a task can be stopped")
    stopped = asyncio.Event()

    def stop() -> None:
        # A second Ctrl-C must not break off the clean-up of the first.
        if not stopped.is_set():
            stopped.set()
            task.cancel()

    on_signal(stop)
    try:
        yield
    except asyncio.CancelledError:
        if not stopped.is_set():
            raise
        task.uncancel()


def _environment(settings: Settings) -> dict[str, str]:
    """Return what the children must see instead of the surrounding environment."""
    return {
        "CHATCREW_MAPPING": str(settings.mapping),
        "CHATCREW_CONFIG_DIR": str(settings.config_dir.absolute()),
        "CHATCREW_CREWS_DIR": str(settings.crews_dir.absolute()),
        "CHATCREW_DATA_DIR": str(settings.data_dir),
        "CHATCREW_HOST": settings.host,
        "CHATCREW_PORT": str(settings.port),
        "CHATCREW_ADMIN_HOST": settings.admin_host,
        "CHATCREW_ADMIN_PORT": str(settings.admin_port),
        "CHATCREW_LOG_FORMAT": settings.log_format,
        "CHATCREW_LOG_LEVEL": settings.log_level,
        "CHATCREW_DATABASE_URL": "",
        "CHATCREW_REDIS_URL": "",
        # Who tries an edit out wants to see what it does, not that a test of it fails
        "CHATCREW_REHEARSE": "false",
    }


def free_port(wanted: int) -> int:
    """Return ``wanted`` if nobody listens there, else any free port."""
    for candidate in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")
