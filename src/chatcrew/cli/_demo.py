"""``chatcrew demo``: database, webhooks, worker and a Chatwoot-shaped page to play with."""

import asyncio
import shutil

from rich.console import Console

from chatcrew.app.entry import on_signal
from chatcrew.cli._sandboxed import sandboxed
from chatcrew.sandbox import Sandbox
from chatcrew.settings import Settings

STARTERS = 4
"""Suggested first messages on the page."""


async def run_demo(settings: Settings, *, port: int, tenant: str, fresh: bool) -> None:
    """Serve the sandbox page until SIGTERM or Ctrl-C.

    Raises:
        ConfigErrors: a file the admin edits is at fault.
        StoreError: the embedded database cannot be started.
    """
    console = Console(stderr=True)
    stopped = asyncio.Event()
    on_signal(stopped.set)
    folder = (settings.data_dir / "demo").absolute()
    if fresh:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    console.print("[b]▸ Ligando banco, webhooks e worker[/b] / starting database, webhooks, worker")
    async with sandboxed(settings, tenant=tenant, channel="whatsapp", folder=folder) as box:
        sandbox = Sandbox(
            box.chatwoot,
            title="chatcrew",
            model_configured=settings.model_configured,
            starters=[entry.question for entry in box.tenant.faq[:STARTERS]],
            business_name=box.tenant.persona.business,
        )
        await sandbox.start("127.0.0.1", port)
        try:
            console.print(f"\n  [b green]Abra / open:[/b green] [link]{sandbox.url}[/link]\n")
            if not settings.model_configured:
                console.print(
                    "  [yellow]Nenhum modelo configurado[/yellow]: o bot responde com as perguntas "
                    "frequentes e passa o resto para a equipe.\n"
                    "  No model configured: the bot answers from its FAQ, people get the rest.\n"
                    "  (OPENAI_API_KEY ou / or OPENAI_BASE_URL)\n"
                )
            console.print("  Ctrl-C termina / stops\n")
            await stopped.wait()
        finally:
            await sandbox.close()
