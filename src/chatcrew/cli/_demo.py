"""``chatcrew demo``: database, webhooks, worker and a Chatwoot-shaped page to play with."""

import asyncio
import errno
import os
import secrets
import shutil
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from rich.console import Console

from chatcrew.accounts import Accounts, PostgresAccounts, Role
from chatcrew.app.offspring import Nursery
from chatcrew.app.storage import connected
from chatcrew.cli._called import called
from chatcrew.cli._sandboxed import (
    every_tenant,
    free_port,
    mapped,
    reserved,
    sandboxed,
    stoppable,
)
from chatcrew.clock import SystemClock
from chatcrew.errors import ConfigError, ConfigErrors
from chatcrew.privacy import veil
from chatcrew.sandbox import Sandbox, Showcase, Window
from chatcrew.sandbox.showcase import TENANT as SHOP
from chatcrew.settings import Settings
from chatcrew.telemetry import configure
from chatcrew.tenancy.model import Route, Tenant

STARTERS = 4
"""Suggested first messages on the page."""

PAGE_PORT = 8088
"""Port of the page where nobody chose one and it is free."""

USER = "demo"
"""Who enters the console of a demo; his password is another one each time."""

_LEGIBLE, _GROUPS = "abcdefghjkmnpqrstuvwxyz23456789", 4
"""Letters that nobody takes for one another when he types a password off a terminal."""

_FAULTY = (
    "\n  [yellow]O mapeamento tem falhas[/yellow] ({called} check): cada negócio aparece no "
    "WhatsApp / the mapping has faults: every business is shown on WhatsApp"
)


async def run_demo(
    settings: Settings,
    *,
    port: int | None,
    tenant: str | None,
    fresh: bool,
    scripted: bool = False,
    nursery: Nursery | None = None,
) -> None:
    """Serve the sandbox page until SIGTERM or Ctrl-C.

    Without ``tenant`` every inbox of the mapping is there, each with its own business and channel.
    With ``scripted`` a made-up model and a made-up shop answer, both on loopback.

    Raises:
        ConfigErrors: a file the admin edits is at fault.
        StoreError: another demo runs here, or the embedded database cannot be started.
        OSError: the chosen port is taken.
    """
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    settings = _for_people(settings)
    folder = (settings.data_dir / "demo").absolute()
    async with AsyncExitStack() as stack:
        stack.enter_context(reserved(folder))
        stack.enter_context(stoppable())
        page_port = _page_port(port)
        if fresh:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        _say_what_starts(console, folder)
        extra: dict[str, str] = {}
        if scripted:
            show = await stack.enter_async_context(Showcase())
            settings = await _with_script(settings, show, folder)
            extra = show.environment
        routes, faulty = await _routes(settings, tenant)
        async with sandboxed(
            settings,
            routes=routes,
            folder=folder,
            extra=extra,
            page_port=page_port,
            nursery=nursery,
        ) as box:
            sandbox = Sandbox(
                box.chatwoot,
                title="chatcrew",
                model_configured=box.model is not None,
                tab=box.tab,
                windows=[
                    Window(
                        inbox,
                        shown.persona.business,
                        _starters(shown),
                        voice=shown.persona.tone,
                    )
                    for inbox, shown in box.open
                ],
            )
            await sandbox.start("127.0.0.1", page_port)
            try:
                password = await _let_in(box.settings)
                if faulty:
                    console.print(_FAULTY.format(called=called()))
                _say_where(console, sandbox.url, model=box.model)
                _say_how_in(console, box.settings, password)
                if scripted:
                    console.print(_SCRIPTED)
                await asyncio.Event().wait()
            finally:
                console.print("[b]▸ Encerrando[/b] / stopping")
                await sandbox.close()


async def _let_in(settings: Settings) -> str:
    """Return the password of this run with which the console of the demo is entered."""
    password = "-".join("".join(secrets.choice(_LEGIBLE) for _ in range(4)) for _ in range(_GROUPS))
    async with AsyncExitStack() as stack:
        database = await connected(settings, stack, name="chatcrew-demo")
        accounts = Accounts(PostgresAccounts(database, SystemClock()))
        if not await accounts.add(USER, password, role=Role.OWNER):
            await accounts.set_password(USER, password)
    return password


async def _with_script(settings: Settings, show: Showcase, folder: Path) -> Settings:
    """Return the settings of a bot that knows the made-up model and the made-up shop only.

    Raises:
        ConfigError: the example shop is not among the files.
    """
    try:
        config = await asyncio.to_thread(show.lay_over, settings.config_dir, folder)
    except FileNotFoundError as error:
        raise ConfigError(
            "--scripted mostra a loja de exemplo, e o arquivo dela não está aqui / shows the "
            "example shop, whose file is not here",
            path=str(settings.config_dir / "domains" / f"{SHOP}.yaml"),
        ) from error
    return settings.model_copy(
        update={
            "config_dir": config,
            "openai_base_url": show.model.base_url,
            "openai_api_key": None,
            "model": show.environment["CHATCREW_MODEL"],
            "fast_model": None,
            "vision_model": None,
            "embeddings_model": None,
        }
    )


async def _routes(settings: Settings, tenant: str | None) -> tuple[Sequence[Route], bool]:
    """Return what the sandbox's inboxes lead to, and whether the mapping could not say it.

    Raises:
        ConfigErrors: files of businesses or crews are at fault, which no other mapping mends, or
            the mapping is and there is no business to show without it.
    """
    if tenant is not None:
        return [Route(tenant, "whatsapp", "whatsapp")], False
    try:
        routes = await mapped(settings)
    except ConfigErrors as faults:
        routes = await every_tenant(settings)
        places = {one.file for one in faults.exceptions if isinstance(one, ConfigError)}
        if places - {str(settings.mapping)} or not routes:
            raise
        return routes, True
    return routes or await every_tenant(settings), False


def _starters(tenant: Tenant) -> list[str]:
    return [entry.question for entry in tenant.faq[:STARTERS]]


def _for_people(settings: Settings) -> Settings:
    """Return the settings with logs for a terminal: faults only, unless the environment says."""
    wanted: dict[str, Any] = {"log_level": "error", "log_format": "console"}
    chosen = {name: v for name, v in wanted.items() if name not in settings.model_fields_set}
    settings = settings.model_copy(update=chosen)
    configure(settings.log_level, form=settings.log_format, process="demo", veil=veil)
    return settings


def _page_port(wanted: int | None) -> int:
    """Return the port of the page; a port that somebody chose is not exchanged for another.

    Raises:
        OSError: the chosen port is taken.
    """
    free = free_port(PAGE_PORT if wanted is None else wanted)
    if wanted and free != wanted:
        raise OSError(errno.EADDRINUSE, f"a porta {wanted} está ocupada / port {wanted} is taken")
    return free


_SCRIPTED = """  [b]Roteiro[/b] / [b]script[/b]: nenhum modelo de verdade / no real model.
  Escreva à / write to Bella Flor Cosméticos:
    cadê meu pedido 12345?   tem batom em estoque?   quanto custa o sérum dourado?
    meu nome é Marina Prado   lembra meu nome?   quero trocar o pedido 12345
  ou mande o áudio e a foto de exemplo / or send the sample voice note and photo.
  [dim]A lista toda / the whole list: docs/examples.pt-BR.md, docs/examples.md.
  Os YAML são uma cópia; mudanças valem na próxima vez.
  The YAML is a copy; changes count next time.[/dim]
"""


def _say_what_starts(console: Console, folder: Path) -> None:
    console.print("[b]▸ Ligando banco, webhooks e worker[/b] / starting database, webhooks, worker")
    if os.geteuid() == 0:
        console.print(
            "  Como root: o PostgreSQL roda com o usuário de sistema chatcrew, criado se faltar / "
            "as root: PostgreSQL runs as the system user chatcrew, made if missing",
            style="dim",
        )
    console.print(f"  {folder}", style="dim", markup=False)


def _say_how_in(console: Console, settings: Settings, password: str) -> None:
    console.print(
        f"  [b green]Console:[/b green] [link]http://127.0.0.1:{settings.admin_port}/console/[/link]"
        f"   usuário / user [b]{USER}[/b], senha / password [b]{password}[/b]\n"
    )


def _say_where(console: Console, url: str, *, model: str | None) -> None:
    console.print(f"\n  [b green]Abra / open:[/b green] [link]{url}[/link]\n")
    if model is not None:
        console.print(f"  Modelo / model: {model}\n", markup=False)
    else:
        console.print(
            "  [yellow]Nenhum modelo configurado[/yellow]: o bot responde com as perguntas "
            "frequentes e passa o resto para a equipe.\n"
            "  No model configured: the bot answers from its FAQ, people get the rest.\n"
            "  (OPENAI_API_KEY ou / or OPENAI_BASE_URL)\n"
        )
    console.print(
        "  Ctrl-C termina, e as conversas da página somem (um Chatwoot de verdade as guarda).\n"
        "  Ctrl-C stops, and the page's conversations are gone (a real Chatwoot keeps them).\n"
        "  [dim]A página mostra as caixas do começo: com uma nova no mapeamento, rode de novo.\n"
        "  The page shows the inboxes it began with: after a new one, run it again.[/dim]\n"
        "  [dim]CHATCREW_LOG_LEVEL=info: uma linha por atendimento / one line per turn[/dim]\n"
    )
