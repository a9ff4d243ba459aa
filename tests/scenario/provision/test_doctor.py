"""What ``chatcrew doctor`` finds that people changed, and what became of a conversation (N13)."""

import json
from pathlib import Path
from typing import Any

import pytest

from chatcrew.database import Database
from chatcrew.testing.bot import running_bot
from chatcrew.testing.installation import Installation

ROOT = Path(__file__).parents[3]

Found = dict[str, set[str]]


async def findings(installation: Installation, *more: str) -> tuple[int, dict[str, Any]]:
    """Return exit code and what ``doctor --json`` says."""
    result = await installation.run("doctor", "--json", *more)
    assert result.stdout, result.output
    return result.exit_code, json.loads(result.stdout)


def by_level(said: dict[str, Any]) -> Found:
    """Return the codes of all findings by level."""
    found: Found = {"ok": set(), "warning": set(), "fault": set()}
    for one in said["findings"]:
        found[one["level"]].add(one["code"])
    return found


async def connected(installation: Installation) -> None:
    """Set the installation up by hand where ``connect`` itself would be refused."""
    result = await installation.connect("--no-prove")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("installation", ["agent's token"], indirect=True)
async def test_an_agents_token_sees_less_and_is_told_so(installation: Installation) -> None:
    """What only administrators see is not guessed at."""
    installation.admin.role = "administrator"
    await connected(installation)
    installation.admin.role = "agent"

    code, said = await findings(installation)

    assert code == 0
    assert "user_agent" in by_level(said)["warning"]
    assert "inbox_probes" in said["degraded"]


async def test_a_limited_chatwoot_is_not_asked_on(installation: Installation) -> None:
    """A 429 ends the looking at once: the rest would wait for a minute."""
    await connected(installation)
    installation.chatwoot.server.rate.limit = 0
    before = len(installation.chatwoot.requests)

    code, said = await findings(installation)

    assert code == 1
    assert [one["code"] for one in said["findings"]] == ["limited"]
    assert "RACK_ATTACK_ALLOWED_IPS" in said["findings"][0]["text"]
    assert len(installation.chatwoot.requests) <= before + 1


async def test_a_chatwoot_that_is_away_is_one_fault(installation: Installation) -> None:
    """Nothing else can be said, and nothing else is."""
    await connected(installation)
    await installation.chatwoot.refuse_connections()

    code, said = await findings(installation)

    assert code == 1
    assert [one["code"] for one in said["findings"]] == ["unreachable"]


async def test_what_people_changed_in_chatwoot_is_found(installation: Installation) -> None:
    """Secret reset, address changed, bot taken off, another inbox given to it, webhook gone."""
    await connected(installation)
    bot = installation.bot
    bot.secret, bot.outgoing_url = "another", "https://elsewhere.example/hook"
    installation.inboxes[0].bot, installation.inboxes[1].bot = None, bot
    installation.account.webhooks.clear()

    code, said = await findings(installation)

    assert code == 1
    found = by_level(said)
    assert found["fault"] == {"secret_differs", "url_differs", "not_connected"}
    assert "webhook_none" in found["warning"]


async def test_an_inbox_with_our_bot_and_no_tenant_is_found(installation: Installation) -> None:
    """Its customers are refused and go to people, as long as nothing maps it."""
    await connected(installation)
    text = installation.mapping.read_text("utf-8")
    text = text.replace("    tenant: health/varizemed\n", "")
    text = text.replace("{channel: whatsapp}", "{channel: whatsapp, tenant: health/varizemed}")
    installation.mapping.write_text(text, "utf-8")
    installation.inboxes[1].bot = installation.bot

    code, said = await findings(installation)

    assert code == 1
    assert by_level(said)["fault"] == {"unmapped"}


async def test_a_token_that_was_reset_is_found(installation: Installation) -> None:
    """Without it nobody is answered; connect stores the present one."""
    await connected(installation)
    installation.bot.access_token = "another"

    code, said = await findings(installation)

    assert code == 1
    assert "token_bad" in by_level(said)["fault"]
    mended = await installation.connect("--no-prove")
    assert mended.exit_code == 0, mended.output
    assert (await findings(installation))[0] == 0


async def test_a_person_reads_it_in_portuguese_or_english_and_no_secret(
    installation: Installation,
) -> None:
    """One line per finding with advice, a sum at the end; path and tokens stay out."""
    await connected(installation)

    portuguese = await installation.run("doctor")
    english = await installation.run("doctor", "--lang", "en")

    assert portuguese.exit_code == 0, portuguese.output
    assert "clinica\n" in portuguese.stdout
    assert "  ok       Chatwoot 4.16.2" in portuguese.stdout
    assert "0 falhas, 2 pontos de atenção" in portuguese.stdout
    assert "warning  clinica-bot: 127.0.0.1 is in a private network" in english.stdout
    stored = await installation.stored()
    assert all(value not in portuguese.stdout + english.stdout for value in stored.values())


async def test_records_tell_lost_deliveries_and_why_a_turn_ended(
    installation: Installation, database: Database, database_url: str, monkeypatch: Any
) -> None:
    """A delivery that arrived proves the private address; ``why`` names outcome and reason."""
    await connected(installation)
    monkeypatch.setenv("CHATCREW_DATABASE_URL", database_url)
    code, said = await findings(installation)
    assert code == 0
    assert "never_delivered" in by_level(said)["warning"]
    async with running_bot(
        database, installation.mapping, config_dir=ROOT / "config", crews_dir=ROOT / "crews"
    ) as bot:
        right = installation.bot.outgoing_url
        installation.bot.outgoing_url = bot.webhook_url("clinica-bot")
        await installation.chats()
        await installation.chatwoot.idle()
        await bot.quiet()
        installation.bot.outgoing_url = right

        code, said = await findings(installation)
        told = await installation.run("doctor", "why", "clinica/1")
        as_json = await installation.run("doctor", "why", "clinica/1", "--json")

    assert code == 0
    assert {"delivered", "private_works"} <= by_level(said)["ok"]
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith("clinica/clinica-bot/1: negócio health/varizemed, canal whatsapp")
    assert "respondeu: intenção cumprimento" in told.stdout
    assert "Maria" not in told.stdout
    story = json.loads(as_json.stdout)["conversations"][0]
    assert story["turns"][0]["outcome"] == "replied"


async def test_why_refuses_what_is_no_conversation(installation: Installation) -> None:
    """And says so where the records are not there or know nothing."""
    await connected(installation)

    assert (await installation.run("doctor", "why", "17")).exit_code == 2
    assert (await installation.run("doctor", "why", "outra/17")).exit_code == 2
    assert (await installation.run("doctor", "why", "clinica/17")).exit_code == 1
