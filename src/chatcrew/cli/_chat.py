"""``chatcrew chat``: the sandbox in a terminal."""

import asyncio
import contextlib
import sys

from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape
from rich.panel import Panel

from chatcrew.app.offspring import Nursery
from chatcrew.cli._lines import typed_lines
from chatcrew.cli._reasons import UnknownChannel
from chatcrew.cli._sandboxed import CHANNELS, Sandboxed, reserved, sandboxed, stoppable
from chatcrew.privacy import veil
from chatcrew.sandbox import SandboxDesk
from chatcrew.settings import Settings
from chatcrew.telemetry import configure
from chatcrew.tenancy.model import Route
from chatcrew.testing import Contact, Conversation, Message

_HELP = (
    "Escreva como cliente / write as the customer\n"
    "  [b]/assumir[/b]    uma pessoa atende / a person takes over\n"
    "  [b]/devolver[/b]   o bot volta a atender / hand back to the bot\n"
    "  [b]/resolver[/b]   encerra / resolve\n"
    "  [b]/bot ajuda[/b]  nota privada com um comando / a private note with a command\n"
    "  [b]/novo[/b]       outro cliente / another customer\n"
    "  [b]/sair[/b]       termina / leave (Ctrl-D, Ctrl-C)"
)
_PATIENCE = 30.0
_PAUSE = 0.4
"""Seconds without any change after which an answer is taken to be complete."""


async def run_chat(
    settings: Settings, *, tenant: str, channel: str, nursery: Nursery | None = None
) -> None:
    """Talk to one tenant's bot until the input ends.

    Raises:
        ConfigErrors: unknown tenant, or a file is at fault.
        UnknownChannel: the sandbox cannot play it.
        StoreError: another chat runs here, or the embedded database cannot be started.
    """
    if channel not in CHANNELS:
        raise UnknownChannel(channel, known=", ".join(CHANNELS))
    settings = settings.model_copy(update={"log_level": "error", "log_format": "console"})
    configure(settings.log_level, form=settings.log_format, process="chat", veil=veil)
    console = Console(highlight=False)
    console.print("[dim]Ligando… / starting…[/dim]")
    folder = (settings.data_dir / "chat").absolute()
    routes = [Route(tenant, channel, channel)]
    with reserved(folder), stoppable():
        async with sandboxed(settings, routes=routes, folder=folder, nursery=nursery) as box:
            console.print(f"[b]{escape(box.tenant.persona.business)}[/b] · {channel}")
            console.print(_HELP)
            if box.model is None:
                console.print(
                    "[yellow]Nenhum modelo configurado / no model configured[/yellow]\n"
                    "[dim](OPENAI_API_KEY, OPENAI_BASE_URL)[/dim]"
                )
            talk = _Talk(box, console, waits=not sys.stdin.isatty())
            showing = asyncio.create_task(talk.show(), name="show")
            try:
                await talk.listen()
            finally:
                showing.cancel()


class _Talk:
    """One terminal conversation.

    Args:
        box: the running sandbox.
        console: where to print.
        waits: lines come from a file: show each, and wait for its answer before the next.
    """

    def __init__(self, box: Sandboxed, console: Console, *, waits: bool) -> None:
        self._box = box
        self._desk = SandboxDesk(
            box.chatwoot, account=box.account, inbox=box.inbox, agent=box.agent
        )
        self._console = console
        self._waits = waits
        self._contact = self._desk.new_customer()
        self._shown: set[int] = set()

    async def listen(self) -> None:
        """Take lines until the end of the input."""
        async for line in typed_lines():
            if line == "/sair":
                return
            if not line:
                continue
            if self._waits:
                self._console.print(f"[green]>[/green] {escape(line)}")
            await self._take(line)
            if self._waits:
                await self._answered()

    async def _take(self, line: str) -> None:
        conversation = _current(self._box, self._contact)
        if line == "/novo":
            self._contact = self._desk.new_customer()
            self._console.print(f"[dim]— {escape(self._contact.name)}[/dim]")
        elif not line.startswith("/"):
            await self._desk.write(self._contact, line, None)
        elif conversation is None:
            self._console.print(_HELP)
        elif line == "/assumir":
            await self._desk.take_over(conversation)
        elif line == "/devolver":
            await self._desk.hand_back(conversation)
        elif line == "/resolver":
            await self._desk.resolve(conversation)
        elif line.split(maxsplit=1)[0] == "/bot":
            await self._desk.say(conversation, line, private=True)
        else:
            self._console.print(_HELP)

    async def show(self) -> None:
        """Print what the bot and Chatwoot add to the conversation."""
        async for _ in self._box.chatwoot.follow():
            for conversation in self._box.account.conversations_of(self._contact, self._box.inbox):
                for message in conversation.messages:
                    if message.id not in self._shown:
                        self._shown.add(message.id)
                        self._print(message)

    def _print(self, message: Message) -> None:
        content = message.content or ""
        trace = message.content_attributes.get("chatcrew")
        ours = isinstance(trace, dict) or message.sender is self._box.inbox.bot
        if message.message_type == "incoming" or (message.private and not ours):
            return
        if message.message_type == "activity":
            self._console.print(f"[dim]— {escape(content)}[/dim]")
        elif message.private:
            self._console.print(Panel(Markdown(content), title="nota privada", style="yellow"))
        else:
            engine = trace.get("engine") if isinstance(trace, dict) else None
            title = "bot" if ours else "pessoa / person"
            self._console.print(Panel(Markdown(content), title=title, subtitle=engine))

    async def _answered(self) -> None:
        """Wait until the last line has its whole answer, or nobody will give one."""
        chatwoot = self._box.chatwoot

        def answered() -> bool:
            conversation = _current(self._box, self._contact)
            if conversation is None or conversation.status != "pending":
                return True
            said = [m for m in conversation.messages if m.message_type != "activity"]
            return [m for m in said if not m.private][-1].message_type != "incoming"

        with contextlib.suppress(TimeoutError):
            await chatwoot.wait_for(answered, timeout=_PATIENCE)
        seen = -1
        while seen != len(chatwoot.changes.entries):
            seen = len(chatwoot.changes.entries)
            await asyncio.sleep(_PAUSE)


def _current(box: Sandboxed, contact: Contact) -> Conversation | None:
    """Return the contact's newest conversation, if there is one."""
    return max(box.account.conversations_of(contact, box.inbox), key=lambda c: c.id, default=None)
