"""A Chatwoot without a bot and an admin's folder beside it, for tests of what sets bots up."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from typer import Typer
from typer.testing import CliRunner, Result

from chatcrew.testing._chatwoot.account import Account
from chatcrew.testing._chatwoot.fake import FakeChatwoot
from chatcrew.testing._chatwoot.people import Agent, AgentBot, Inbox

ADMIN_TOKEN = "env:ADMIN_TOKEN"  # noqa: S105 - a reference
"""How the commands are told where the admin's token is."""


@dataclass
class Installation:
    """What an admin has in front of him.

    Attributes:
        chatwoot: the installation.
        account: its one account, called Clínica.
        inboxes: WhatsApp and a site, without a bot.
        admin: whose token stands in ``ADMIN_TOKEN``.
        folder: where the commands are run.
        port: our public port.
        program: the command line, given by the test: the kit lies below it.
    """

    chatwoot: FakeChatwoot
    account: Account
    inboxes: tuple[Inbox, Inbox]
    admin: Agent
    folder: Path
    port: int
    program: Typer

    @property
    def mapping(self) -> Path:
        """Where the mapping is."""
        return self.folder / "chatwoot_mapping.yaml"

    @property
    def bot(self) -> AgentBot:
        """The one bot there is."""
        (found,) = self.account.bots.values()
        return found

    async def run(self, *words: str) -> Result:
        """Run a command beside the Chatwoot, as another process would."""
        return await asyncio.to_thread(CliRunner().invoke, self.program, list(words))

    async def connect(self, *more: str, seconds: str = "10") -> Result:
        """Run ``chatcrew connect`` for the first inbox, with everything it could ask."""
        return await self.run(
            *("connect", "--url", self.chatwoot.url, "--token", ADMIN_TOKEN),
            *("--public-url", f"http://127.0.0.1:{self.port}", "--seconds", seconds),
            *("--tenant", "health/varizemed", "--inbox", "21", "--no-questions", *more),
        )

    async def chats(self, inbox: Inbox | None = None) -> None:
        """Let a customer write in an inbox, by default the first."""
        contact = self.account.add_contact(name="Maria", phone_number="+5581990000000")
        await self.chatwoot.customer_says(inbox or self.inboxes[0], contact, "Oi")

    async def stored(self) -> dict[str, str]:
        """Return the secret files."""

        def read() -> dict[str, str]:
            folder = self.folder / "data" / "secrets" / "clinica"
            return {path.name: path.read_text("utf-8") for path in folder.iterdir()}

        return await asyncio.to_thread(read)
