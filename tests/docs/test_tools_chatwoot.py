"""``docs/tools/chatwoot.md``, in both languages: every example does what the page says."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from chatcrew.conversations import Earlier
from chatcrew.ids import ConversationId
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.messages import Contact, ConversationState, Snapshot
from chatcrew.tenancy.model import Persona, Tenant
from chatcrew.testing import ManualClock
from chatcrew.tools import Recipient, ToolContext, builtin_catalogue

ROOT = Path(__file__).parents[2]
PAGES = ("docs/tools/chatwoot.md", "docs/tools/chatwoot.pt-BR.md")
HERE = ConversationId("acme", "acme-bot", 7)
_SECTION = re.compile(r"^## `(\w+)`$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"```json\n(.*?)\n```", re.DOTALL)


class Nobody:
    """An account with one team and no earlier conversation."""

    async def earlier(
        self, state: ConversationState, tenant: Tenant, *, limit: int
    ) -> Sequence[Earlier]:
        """Return nothing."""
        return ()

    async def recipients(self, state: ConversationState) -> Sequence[Recipient]:
        """Return the team."""
        return [Recipient("team", 5, "Financeiro")]


def sections(page: str) -> list[tuple[str, str, str]]:
    """Return each tool with its arguments and the acts that the page promises."""
    text = (ROOT / page).read_text("utf-8")
    found = []
    for name, body in _SECTION.findall(text):
        arguments, acts = _BLOCK.findall(body)
        found.append((name, arguments, acts))
    return found


def examples() -> list[tuple[str, str, str]]:
    """Return the examples of both pages."""
    return [one for page in PAGES for one in sections(page)]


@pytest.mark.parametrize(("name", "arguments", "acts"), examples())
async def test_each_example_plans_what_the_page_says(name, arguments, acts) -> None:
    """What a reader copies works, and does just that."""
    context = ToolContext(
        tenant=Tenant(
            key="shop/a",
            language="pt-BR",
            timezone="America/Sao_Paulo",
            persona=Persona("Ana", "Loja A", "claro"),
        ),
        conversation=HERE,
        knowledge=MemoryKnowledge(),
        # Monday, 23 November 2026, 10:30 in São Paulo
        clock=ManualClock(datetime(2026, 11, 23, 13, 30, tzinfo=UTC)),
        budget=5.0,
        state=ConversationState(
            HERE,
            channel="whatsapp",
            snapshot=Snapshot(contact=Contact(id=501)),
            last_message_id=13,
            last_customer_id=12,
        ),
        archive=Nobody(),
    )
    result = await builtin_catalogue().call(name, arguments, context)
    assert result.ok, result.text
    planned = [{"kind": act.kind.value, "payload": dict(act.payload)} for act in context.acts]
    assert planned == orjson.loads(acts)


def test_both_languages_show_the_same_examples() -> None:
    """A translation must not fall behind."""
    english, portuguese = (sections(page) for page in PAGES)
    assert english == portuguese


def test_every_tool_over_chatwoot_is_on_the_page() -> None:
    """All of ours but those that read the business's own knowledge and times."""
    others = {"search_knowledge", "available_slots"}
    assert {name for name, _, _ in sections(PAGES[0])} == set(builtin_catalogue().names) - others
