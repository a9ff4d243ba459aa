"""A Chatwoot with an inbox, two people and a team per business, served by one whole bot."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from chatcrew.database import Database
from chatcrew.testing import Account, Agent, Conversation, FakeChatwoot, Inbox, write_mapping
from chatcrew.testing.bot import RunningBot, running_bot

ASKS = "quero falar com uma pessoa"
BASE = {
    "persona": {"name": "Lia", "business": "Casa Lia", "tone": "claro"},
    "timezone": "America/Sao_Paulo",
    "intents": [
        {"name": "boleto", "phrases": ["segunda via do boleto"], "action": "handoff"},
    ],
    "faq": [{"question": "Vocês entregam?", "answer": "Sim, entregamos em todo o Brasil."}],
}


@dataclass
class House:
    """A Chatwoot with an inbox, two people and a team per business."""

    chatwoot: FakeChatwoot
    account: Account
    bot: RunningBot
    inboxes: Mapping[str, Inbox]
    people: Mapping[str, tuple[Agent, Agent]]
    customers: int = field(default=0)

    async def asks(self, where: str, text: str = ASKS) -> Conversation:
        """Let a new customer write and wait until the bot has done all it does."""
        self.customers += 1
        number = f"+55819900{self.customers:05}"
        contact = self.account.add_contact(name=f"Cliente {self.customers}", phone_number=number)
        conversation = await self.chatwoot.customer_says(self.inboxes[where], contact, text)
        await self.chatwoot.wait_for(lambda: bool(conversation.public_bot_replies), timeout=20.0)
        await self.settled()
        return conversation

    async def settled(self) -> None:
        """Wait until nobody has anything left to do."""
        for _ in range(3):
            await self.chatwoot.idle()
            await self.bot.quiet()


@contextlib.asynccontextmanager
async def _house(
    database: Database,
    folder: Path,
    crews: Path,
    businesses: Mapping[str, Mapping[str, object]],
    *,
    rows: Mapping[str, Mapping[str, object]] | None = None,
    user_token: bool = True,
) -> AsyncIterator[House]:
    """Run a bot for these businesses: ``people`` of each by its name."""
    domain = folder / "config" / "domains" / "lojas"
    await asyncio.to_thread(domain.mkdir, parents=True)
    for name, said in (("_base", BASE), *((n, {"people": p}) for n, p in businesses.items())):
        text = yaml.safe_dump(said, allow_unicode=True)
        await asyncio.to_thread((domain / f"{name}.yaml").write_text, text, "utf-8")
    async with FakeChatwoot(speed=50.0) as chatwoot:
        account = chatwoot.add_account(1, "Casa Lia")
        admin = account.add_agent(90, "Rita Admin", role="administrator")
        inboxes, people = {}, {}
        for place, name in enumerate(businesses):
            inbox = inboxes[name] = account.add_inbox(21 + place, name)
            pair = (account.add_agent(name=f"Ana {name}"), account.add_agent(name=f"Bia {name}"))
            people[name], ids = pair, [one.id for one in pair]
            inbox.member_ids = ids
            account.add_team(41 + place, f"time {name}").member_ids = ids
        agent_bot = account.add_bot(7)
        mapping = await asyncio.to_thread(
            write_mapping,
            folder,
            base_url=chatwoot.url,
            bots={"casa-bot": agent_bot},
            inboxes={
                inbox.id: {
                    "channel": "whatsapp",
                    "tenant": f"lojas/{name}",
                    **(rows or {}).get(name, {}),
                }
                for name, inbox in inboxes.items()
            },
            tenant=f"lojas/{next(iter(businesses))}",
            user_token=admin.access_token if user_token else None,
        )
        async with running_bot(
            database, mapping, config_dir=folder / "config", crews_dir=crews
        ) as bot:
            agent_bot.outgoing_url = bot.webhook_url("casa-bot")
            yield House(chatwoot, account, bot, inboxes, people)


@pytest.fixture
def house(
    database: Database, tmp_path: Path, prompt_crews: Path
) -> Callable[..., contextlib.AbstractAsyncContextManager[House]]:
    """Return a context manager that runs a bot for businesses."""
    return functools.partial(_house, database, tmp_path, prompt_crews)
