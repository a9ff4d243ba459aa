"""``chatcrew chat``: the sandbox in a terminal."""

import asyncio
import contextlib
import sys

from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel

from chatcrew.cli._sandboxed import CHANNELS, Sandboxed, sandboxed
from chatcrew.errors import ConfigError
from chatcrew.settings import Settings
from chatcrew.telemetry import configure
from chatcrew.testing import Contact, Conversation, Message

_HELP = (
    "[dim]Escreva como cliente. [b]/assumir[/b] atende como pessoa, "
    "[b]/devolver[/b] devolve ao bot, "
    "[b]/resolver[/b] encerra, [b]/novo[/b] é outro cliente, [b]/sair[/b] termina.\n"
    "Write as the customer; the commands take over, hand back, resolve, start anew, leave.[/dim]"
)


async def run_chat(settings: Settings, *, tenant: str, channel: str) -> None:
    """Talk to one tenant's bot until the input ends.

    Raises:
        ConfigError: unknown tenant or channel.
    """
    if channel not in CHANNELS:
        raise ConfigError(f"unknown channel {channel!r}", hint=f"one of {', '.join(CHANNELS)}")
    configure("error", form="console", process="chat")
    console = Console()
    console.print("[dim]Ligando… / starting…[/dim]")
    folder = (settings.data_dir / "chat").absolute()
    async with sandboxed(
        settings, tenant=tenant, channel=channel, folder=folder, quiet=True
    ) as box:
        console.print(f"[b]{box.tenant.persona.business}[/b] · {channel}")
        console.print(_HELP)
        if not settings.model_configured:
            console.print("[yellow]Nenhum modelo configurado / no model configured[/yellow]")
        talk = _Talk(box, console)
        showing = asyncio.create_task(talk.show())
        try:
            await talk.listen()
        finally:
            showing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await showing


class _Talk:
    """One terminal conversation."""

    def __init__(self, box: Sandboxed, console: Console) -> None:
        self._box = box
        self._console = console
        self._contact = self._new_contact()
        self._conversation: Conversation | None = None
        self._shown: set[int] = set()

    def _new_contact(self) -> Contact:
        number = len(self._box.account.contacts) + 1
        return self._box.account.add_contact(
            name="Maria da Silva", phone_number=f"+55819{number:08d}"
        )

    async def listen(self) -> None:
        """Read lines until the end of the input."""
        while True:
            line = (await asyncio.to_thread(sys.stdin.readline)).strip("\n")
            if not line and not sys.stdin.isatty():
                await self._answered()
                return
            if line == "/sair":
                return
            if line:
                await self._take(line)

    async def _take(self, line: str) -> None:
        chatwoot, conversation = self._box.chatwoot, self._conversation
        if line == "/novo":
            self._contact, self._conversation = self._new_contact(), None
        elif not line.startswith("/"):
            self._conversation = await chatwoot.customer_says(self._box.inbox, self._contact, line)
        elif conversation is None:
            self._console.print(_HELP)
        elif line == "/assumir":
            await chatwoot.assign(conversation, self._box.agent)
            await chatwoot.set_status(conversation, "open")
        elif line == "/devolver":
            await chatwoot.assign(conversation, self._box.bot)
            await chatwoot.set_status(conversation, "pending")
        elif line == "/resolver":
            await chatwoot.resolve(conversation)
        else:
            self._console.print(_HELP)

    async def show(self) -> None:
        """Print what the bot and Chatwoot add to the conversation."""
        async for _ in self._box.chatwoot.follow():
            for message in list(self._conversation.messages) if self._conversation else []:
                if message.id not in self._shown:
                    self._shown.add(message.id)
                    self._print(message)

    def _print(self, message: Message) -> None:
        if message.message_type == "incoming":
            return
        content = message.content or ""
        if message.message_type == "activity":
            self._console.print(f"[dim]— {content}[/dim]")
        elif message.private:
            self._console.print(Panel(Markdown(content), title="nota privada", style="yellow"))
        else:
            trace = message.content_attributes.get("chatcrew", {})
            engine = trace.get("engine", "pessoa / person")
            self._console.print(Panel(Markdown(content), title="bot", subtitle=engine))

    async def _answered(self, within: float = 30.0) -> None:
        """Wait for the answer to the last line, when lines come from a file and not a person."""
        conversation = self._conversation
        if conversation is None:
            return

        def answered() -> bool:
            last = [m for m in conversation.messages if m.message_type != "activity"][-1]
            return last.message_type != "incoming"

        with contextlib.suppress(TimeoutError):
            await self._box.chatwoot.wait_for(answered, timeout=within)
        await asyncio.sleep(0)
