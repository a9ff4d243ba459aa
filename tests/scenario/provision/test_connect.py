"""``chatcrew connect`` from nothing to an answered message (issue 4 Provisioning, N13)."""

import stat
from pathlib import Path

import pytest

from chatcrew.database import Database
from chatcrew.testing.bot import running_bot
from chatcrew.testing.installation import Installation
from chatcrew.testing.processes import Program, free_port
from chatcrew.testing.responders import ScriptedResponder

ROOT = Path(__file__).parents[3]


async def test_from_nothing_to_an_answered_message(
    installation: Installation, database: Database
) -> None:
    """Bot, webhook, secrets, mapping, inbox, a real delivery; then a customer is answered."""
    await installation.chats()

    result = await installation.connect()

    assert result.exit_code == 0, result.output
    assert "o Chatwoot entregou e a assinatura confere: a entrega chegou à porta" in result.output
    crew = ScriptedResponder(lambda _ask: "Atendemos sim, com avaliação.")
    async with running_bot(
        database,
        installation.mapping,
        config_dir=ROOT / "config",
        crews_dir=ROOT / "crews",
        responder=crew,
    ) as bot:
        agent_bot = installation.bot
        assert agent_bot.outgoing_url == (
            f"http://127.0.0.1:{installation.port}/webhooks/chatwoot/clinica-bot"
        )
        agent_bot.outgoing_url = bot.webhook_url("clinica-bot")
        contact = installation.account.add_contact(name="Ana", phone_number="+5581991111111")
        conversation = await installation.chatwoot.customer_says(
            installation.inboxes[0], contact, "Vocês tratam varizes com laser e espuma?"
        )
        await installation.chatwoot.wait_for(lambda: conversation.public_bot_replies, timeout=20.0)


async def test_a_second_run_changes_nothing_and_says_so(installation: Installation) -> None:
    """Neither Chatwoot nor disk is touched again, and no second bot appears."""
    await installation.chats()
    first = await installation.connect()
    assert first.exit_code == 0, first.output
    before = (installation.mapping.read_bytes(), await installation.stored())
    writes = len([call for call in installation.chatwoot.requests if call.method != "GET"])

    again = await installation.connect()

    assert again.exit_code == 0, again.output
    assert "Nada a mudar" in again.output
    assert (installation.mapping.read_bytes(), await installation.stored()) == before
    assert len(installation.account.bots) == 1
    assert len(installation.account.webhooks) == 1
    assert len([c for c in installation.chatwoot.requests if c.method != "GET"]) == writes
    assert list(installation.folder.glob("*.bak*")) == []


async def test_a_dry_run_prints_the_plan_and_touches_nothing(installation: Installation) -> None:
    """Every step is named with its diff; no call writes, no file appears."""
    await installation.chats()

    result = await installation.connect("--dry-run", "--lang", "en")

    assert result.exit_code == 0, result.output
    assert "Plan (nothing is done):" in result.output
    for said in ("create the agent bot", "store the bot's token", "connect the bot to inbox 21"):
        assert f"~ {said}" in result.output
    assert "+        agent_bot_id: <…>" in result.output
    assert all(call.method == "GET" for call in installation.chatwoot.requests)
    assert sorted(path.name for path in installation.folder.iterdir()) == ["config", "crews"]


async def test_no_secret_is_ever_printed_and_only_its_owner_reads_it(
    installation: Installation,
) -> None:
    """Tokens stand in files with 0600 in a folder with 0700, and nowhere else."""
    await installation.chats()

    result = await installation.connect()

    stored = await installation.stored()
    bot = installation.bot
    (hook,) = installation.account.webhooks
    (app,) = installation.account.apps.values()
    assert {name: value for name, value in stored.items() if not name.endswith(".proven")} == {
        "clinica-bot.token": bot.access_token,
        "clinica-bot.secret": bot.secret,
        "clinica-bot.account_secret": hook.secret,
        "user.token": installation.admin.access_token,
        "tab.token": app.content[0]["url"].rsplit("/", 1)[-1],
    }
    said = result.output + installation.mapping.read_text("utf-8")
    assert all(value not in said for name, value in stored.items() if "proven" not in name)
    folder = installation.folder / "data" / "secrets" / "clinica"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


async def test_a_token_on_the_command_line_is_refused_without_repeating_it(
    installation: Installation,
) -> None:
    """Others read a process's arguments; the refusal says what to do instead."""
    secret = installation.admin.access_token
    result = await installation.run(
        *("connect", "--url", installation.chatwoot.url, "--token", secret, "--no-questions")
    )

    assert result.exit_code == 2
    assert secret not in result.output
    assert "env:NOME" in result.output
    assert installation.chatwoot.requests == []


@pytest.mark.parametrize(
    ("endpoint", "left"),
    [
        ("create_bot", {"bots": 0}),
        ("create_webhook", {"bots": 1}),
        ("set_agent_bot", {"bots": 1, "webhooks": 1}),
        ("custom_attributes", {"bots": 1, "webhooks": 1}),
    ],
)
async def test_a_run_that_broke_off_goes_on_where_it_stopped(
    installation: Installation, endpoint: str, left: dict[str, int]
) -> None:
    """Chatwoot dies between two steps: what is done stays, and the next run finishes it."""
    await installation.chats()
    installation.chatwoot.faults.fail(500, endpoint=endpoint)
    broken = await installation.connect()
    installation.chatwoot.faults.clear()
    assert broken.exit_code == 1, broken.output
    assert "rode de novo" in broken.output
    assert ("O que já foi feito fica" in broken.output) == bool(left["bots"])
    assert len(installation.account.bots) == left["bots"]
    assert len(installation.account.webhooks) == left.get("webhooks", 0)

    again = await installation.connect()

    assert again.exit_code == 0, again.output
    assert len(installation.account.bots) == 1
    assert len(installation.account.webhooks) == 1
    bot = installation.bot
    assert installation.inboxes[0].bot is bot
    assert (await installation.stored())["clinica-bot.token"] == bot.access_token


async def test_an_answer_that_was_lost_makes_no_second_bot(installation: Installation) -> None:
    """Chatwoot made the bot and the connection broke: the bot is found by its address."""
    await installation.chats()
    installation.chatwoot.faults.drop_response(endpoint="create_bot")
    installation.chatwoot.faults.drop_response(endpoint="create_webhook")

    result = await installation.connect()

    assert result.exit_code == 0, result.output
    assert len(installation.account.bots) == 1
    assert len(installation.account.webhooks) == 1


async def test_an_existing_mapping_keeps_its_comments_and_order(
    installation: Installation,
) -> None:
    """The shipped file gains one account; every line it had stays where it was."""
    before = (ROOT / "chatwoot_mapping.yaml").read_text("utf-8")
    installation.mapping.write_text(before, "utf-8")

    result = await installation.connect("--no-prove")

    assert result.exit_code == 0, result.output
    after = installation.mapping.read_text("utf-8")
    lines = iter(after.splitlines())
    assert all(line in lines for line in before.splitlines()), "same lines, same order"
    assert "  clinica:" in after
    (backup,) = installation.folder.glob("chatwoot_mapping.yaml.bak-*")
    assert backup.read_text("utf-8") == before
    checked = await installation.run("check", "--no-secrets")
    assert checked.exit_code == 0, checked.output


async def test_a_running_server_takes_the_bot_up_and_its_records_prove_the_delivery(
    installation: Installation, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The port is taken, so the new mapping is waited for and the delivery seen in the database."""
    await installation.chats()
    shipped = (ROOT / "chatwoot_mapping.yaml").read_text("utf-8")
    installation.mapping.write_text(shipped, "utf-8")
    environment = {
        "CHATCREW_DATABASE_URL": database_url,
        "CHATCREW_HOST": "127.0.0.1",
        "CHATCREW_PORT": str(installation.port),
        "CHATCREW_ADMIN_PORT": str(free_port()),
        "CHATCREW_DATA_DIR": str(installation.folder / "data"),
    }
    monkeypatch.setenv("CHATCREW_DATABASE_URL", database_url)
    log = installation.folder / "log"
    async with Program("serve", environment=environment, log=log, cold=True) as server:
        await server.ready()

        result = await installation.connect(seconds="20")

    assert result.exit_code == 0, result.output
    assert "o servidor desta máquina conhece o bot 'clinica-bot'" in result.output
    assert "a assinatura confere: o servidor a registrou" in result.output
    assert installation.bot.access_token not in await server.said()


async def test_the_tab_is_made_once_and_follows_the_server(installation: Installation) -> None:
    """Chatwoot shows it in every conversation; a second run rests, another address is followed."""
    await installation.chats()
    first = await installation.connect("--no-prove")
    assert first.exit_code == 0, first.output
    (app,) = installation.account.apps.values()
    token = (await installation.stored())["tab.token"]
    assert (app.title, len(token)) == ("chatcrew", 32)
    assert app.content == [
        {"type": "frame", "url": f"http://127.0.0.1:{installation.port}/tab/{token}"}
    ]
    mapping = installation.mapping.read_text("utf-8")
    assert "tab_token: file:" in mapping
    assert token not in mapping + first.output

    again = await installation.connect("--no-prove")
    assert again.exit_code == 0, again.output
    app.content = [{"type": "frame", "url": f"http://127.0.0.1:{installation.port}/tab/old"}]
    await installation.connect("--no-prove")
    assert list(installation.account.apps.values()) == [app]
    assert app.content[0]["url"].endswith(token)


async def test_without_the_tab_nothing_of_it_is_made(installation: Installation) -> None:
    """An account may do without."""
    await installation.chats()
    result = await installation.connect("--no-prove", "--no-tab")
    assert result.exit_code == 0, result.output
    assert installation.account.apps == {}
    assert "tab_token" not in installation.mapping.read_text("utf-8")
