"""``chatcrew connect`` from nothing to an answered message (issue 4 Provisioning, N13)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chatcrew.cli._commands import app
from chatcrew.database import Database
from chatcrew.testing import Account, Agent, FakeChatwoot, Guise, Inbox, guises
from chatcrew.testing.bot import running_bot
from chatcrew.testing.processes import free_port
from chatcrew.testing.responders import ScriptedResponder

ROOT = Path(__file__).parents[2]
TOKEN = "Us3rT0kenOfAnAdminXyzAbc"


@dataclass
class Installation:
    """A Chatwoot without any bot, and an admin's working folder beside it."""

    chatwoot: FakeChatwoot
    account: Account
    inboxes: tuple[Inbox, Inbox]
    admin: Agent
    folder: Path
    port: int

    @property
    def mapping(self) -> Path:
        """Where the mapping is."""
        return self.folder / "chatwoot_mapping.yaml"

    async def run(self, *words: str) -> Result:
        """Run a command beside the Chatwoot, as another process would."""
        return await asyncio.to_thread(CliRunner().invoke, app, list(words))

    async def connect(self, *more: str, seconds: str = "10") -> Result:
        """Run ``chatcrew connect`` with everything it could ask."""
        return await self.run(
            *("connect", "--url", self.chatwoot.url, "--token", "env:ADMIN_TOKEN"),
            *("--public-url", f"http://127.0.0.1:{self.port}", "--seconds", seconds),
            *("--tenant", "health/varizemed", "--inbox", "21", "--no-questions", *more),
        )

    async def chats(self, inbox: Inbox) -> None:
        """Let a customer write before any bot is there."""
        contact = self.account.add_contact(name="Maria", phone_number="+5581990000000")
        await self.chatwoot.customer_says(inbox, contact, "Oi")

    def stored(self) -> dict[str, str]:
        """Return the secret files."""
        folder = self.folder / "data" / "secrets" / "clinica"
        return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


Install = Callable[..., AsyncIterator[Installation]]


@pytest.fixture
async def installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Installation]:
    """A Chatwoot in a guise (parameter) and a folder with the shipped crews and domains."""
    guise: Guise = guises()[getattr(request, "param", "4.16.2 current")]
    for name in ("config", "crews"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    port = free_port()
    for name, value in {
        "ADMIN_TOKEN": TOKEN,
        "CHATCREW_HOST": "127.0.0.1",
        "CHATCREW_PORT": str(port),
        "CHATCREW_DATA_DIR": "data",
    }.items():
        monkeypatch.setenv(name, value)
    async with FakeChatwoot(speed=50, guise=guise) as chatwoot:
        account = chatwoot.add_account(1, "Clínica")
        one = account.add_inbox(21, "WhatsApp Clínica", **guise.inbox)
        two = account.add_inbox(22, "Site", channel="Channel::WebWidget", **guise.inbox)
        admin = account.add_agent(12, role=guise.role, access_token=TOKEN)
        yield Installation(chatwoot, account, (one, two), admin, tmp_path, port)


async def test_from_nothing_to_an_answered_message(
    installation: Installation, database: Database
) -> None:
    """Bot, webhook, secrets, mapping, inbox, a real delivery; then a customer is answered."""
    await installation.chats(installation.inboxes[0])

    result = await installation.connect()

    assert result.exit_code == 0, result.output
    assert "o Chatwoot entregou e a assinatura confere (port)" in result.output
    crew = ScriptedResponder(lambda _ask: "Atendemos sim, com avaliação.")
    async with running_bot(
        database,
        installation.mapping,
        config_dir=ROOT / "config",
        crews_dir=ROOT / "crews",
        responder=crew,
    ) as bot:
        (agent_bot,) = installation.account.bots.values()
        assert agent_bot.outgoing_url == (
            f"http://127.0.0.1:{installation.port}/webhooks/chatwoot/clinica-bot"
        )
        agent_bot.outgoing_url = bot.webhook_url("clinica-bot")
        contact = installation.account.add_contact(name="Ana", phone_number="+5581991111111")
        conversation = await installation.chatwoot.customer_says(
            installation.inboxes[0], contact, "Vocês tratam varizes com laser e espuma?"
        )
        await installation.chatwoot.wait_for(lambda: conversation.public_bot_replies, timeout=20.0)
