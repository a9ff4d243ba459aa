"""Something that Chatwoot refuses while a customer is answered: off at once, and told (N13)."""

import json
from pathlib import Path

import pytest

from chatcrew.database import Database
from chatcrew.testing import Conversation
from chatcrew.testing.bot import RunningBot, running_bot
from chatcrew.testing.installation import Installation

ROOT = Path(__file__).parents[3]


async def broken(installation: Installation, bot: RunningBot, name: str) -> Conversation:
    """Let a customer write what puts a label; return the conversation once people have it."""
    contact = installation.account.add_contact(name=name, phone_number="+5581990000000")
    conversation = await installation.chatwoot.customer_says(
        installation.inboxes[0], contact, "meu pedido chegou quebrado"
    )
    await installation.chatwoot.wait_for(lambda: conversation.status == "open", timeout=20.0)
    await installation.chatwoot.idle()
    await bot.quiet()
    return conversation


async def test_a_refused_label_is_off_until_the_next_examination(
    installation: Installation,
    database: Database,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Refused once, then left out; doctor names it and has the server look anew; then it is on."""
    monkeypatch.setenv("CHATCREW_DATABASE_URL", database_url)
    done = await installation.connect(
        "--no-prove", "--no-keep-user-token", "--tenant", "cosmetics/bella"
    )
    assert done.exit_code == 0, done.output
    async with running_bot(
        database, installation.mapping, config_dir=ROOT / "config", crews_dir=ROOT / "crews"
    ) as bot:
        installation.bot.outgoing_url = bot.webhook_url("clinica-bot")
        await bot.parts.examining.round(starting=True)
        installation.chatwoot.faults.fail(403, endpoint="labels", times=9)

        first = await broken(installation, bot, "Ana")
        second = await broken(installation, bot, "Bia")

        assert installation.chatwoot.calls["labels"] == 1, "refused once, not tried again"
        for conversation in (first, second):
            assert conversation.public_bot_replies
            assert conversation.priority == "high"
        assert await bot.metric("chatcrew_acts_left_out_total", act="labels") == 2
        assert await bot.metric("chatcrew_turn_failures_total") == 0

        why = await installation.run("doctor", "why", f"clinica/{second.id}")
        assert "etiquetas: foi pulada: o Chatwoot não deixa o bot" in why.stdout
        said = json.loads((await installation.run("doctor", "--json")).stdout)
        (off,) = [one for one in said["findings"] if one["code"] == "switched_off"]
        assert "porque o Chatwoot recusou (status_403): pôr etiquetas" in off["text"]
        assert "labels" in said["degraded"]

        installation.chatwoot.faults.clear()
        assert await bot.parts.examining.round() == 1, "doctor has asked for it"
        third = await broken(installation, bot, "Cris")
        assert third.labels == ["troca"]


async def test_labels_that_people_gave_stay(installation: Installation, database: Database) -> None:
    """Two calls, and what was there is there (Chatwoot only knows replacing)."""
    await installation.connect("--no-prove", "--tenant", "cosmetics/bella")
    async with running_bot(
        database, installation.mapping, config_dir=ROOT / "config", crews_dir=ROOT / "crews"
    ) as bot:
        installation.bot.outgoing_url = bot.webhook_url("clinica-bot")
        contact = installation.account.add_contact(name="Ana", phone_number="+5581990000000")
        conversation = await installation.chatwoot.customer_says(
            installation.inboxes[0], contact, "Oi"
        )
        await installation.chatwoot.wait_for(lambda: conversation.public_bot_replies)
        conversation.labels = ["vip", "Já comprou"]
        await installation.chatwoot.customer_says(
            installation.inboxes[0], contact, "meu pedido chegou quebrado"
        )
        await installation.chatwoot.wait_for(lambda: conversation.status == "open", timeout=20.0)

        calls = installation.chatwoot.calls
        assert (calls["show_labels"], calls["labels"]) == (1, 1)
        assert set(conversation.labels) == {"vip", "já comprou", "troca"}
