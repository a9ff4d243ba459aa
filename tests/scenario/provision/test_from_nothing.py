"""From an empty folder to customers who are answered, and on through what people change (N13)."""

import asyncio

from chatcrew.testing import Conversation, Inbox
from chatcrew.testing.installation import Installation
from chatcrew.testing.processes import Program, free_port


async def says(installation: Installation, inbox: Inbox, name: str) -> Conversation:
    """Let a customer write; return the conversation once the bot has answered."""
    contact = installation.account.add_contact(name=name, phone_number=None)
    conversation = await installation.chatwoot.customer_says(inbox, contact, "Oi, bom dia")
    await installation.chatwoot.wait_for(lambda: conversation.public_bot_replies, timeout=30.0)
    return conversation


async def test_the_whole_way_with_commands_and_a_running_server(
    installation: Installation, database_url: str, monkeypatch
) -> None:
    """connect, run, answer; again nothing to do; sync for an inbox that came and one that went."""
    monkeypatch.setenv("CHATCREW_DATABASE_URL", database_url)
    await installation.chats()
    assert not installation.mapping.exists()

    made = await installation.connect("--inbox", "22")
    assert made.exit_code == 0, made.output
    assert "o Chatwoot entregou e a assinatura confere: a entrega chegou à porta" in made.output

    environment = {
        "CHATCREW_DATABASE_URL": database_url,
        "CHATCREW_HOST": "127.0.0.1",
        "CHATCREW_PORT": str(installation.port),
        "CHATCREW_ADMIN_PORT": str(free_port()),
        "CHATCREW_DATA_DIR": "data",
        "CHATCREW_INGRESS_PROCESSES": "1",
        "CHATCREW_WORKER_PROCESSES": "1",
    }
    async with Program("run", environment=environment, log=installation.folder / "log") as server:
        await server.ready()
        await says(installation, installation.inboxes[0], "Ana")

        again = await installation.connect("--inbox", "22", "--no-prove")
        assert again.exit_code == 0, again.output
        assert "Nada a mudar" in again.output
        assert await faults(installation) == 0

        fresh = installation.account.add_inbox(23, "Instagram", channel="Channel::Instagram")
        fresh.bot = installation.bot
        del installation.account.inboxes[22]
        assert await faults(installation) == 1, "one went; who came is of the account's business"
        before = await asyncio.to_thread(installation.mapping.read_text, "utf-8")
        proposed = await installation.run("sync")
        assert proposed.exit_code == 1, proposed.output
        assert '+      "23": {channel: instagram}' in proposed.output
        assert '-      "22": {channel: web_widget}' in proposed.output
        assert await asyncio.to_thread(installation.mapping.read_text, "utf-8") == before

        written = await installation.run("sync", "--write")
        assert written.exit_code == 0, written.output
        assert (await installation.run("sync")).exit_code == 0, "nothing is left to propose"
        assert await faults(installation) == 0

        await says(installation, fresh, "Bia")
        said = await server.said()

    stored = await installation.stored()
    assert all(value not in said for name, value in stored.items() if "proven" not in name)


async def faults(installation: Installation) -> int:
    """Return how many faults ``doctor`` tells of, whose exit code says the same."""
    result = await installation.run("doctor")
    found = sum(line.startswith("  FALHA") for line in result.stdout.splitlines())
    assert result.exit_code == (1 if found else 0), result.output
    return found


async def test_an_api_inbox_brings_its_own_secret(installation: Installation) -> None:
    """It signs what it posts: the secret goes into a file of its own, once, and by inbox id."""
    inbox = installation.account.add_inbox(31, "Gateway", channel="Channel::Api")
    inbox.secret = "S3cretOfTheInboxAbcDefGh"

    plan = await installation.connect("--inbox", "31", "--no-prove", "--dry-run")
    assert "guardar o segredo da caixa 31 em" in plan.output
    assert not (installation.folder / "data").exists()
    made = await installation.connect("--inbox", "31", "--no-prove")
    assert made.exit_code == 0, made.output

    file = installation.folder / "data" / "secrets" / "clinica" / "clinica-bot.inbox_31_secret"
    assert await asyncio.to_thread(file.read_text, "utf-8") == inbox.secret
    assert (await asyncio.to_thread(file.stat)).st_mode & 0o777 == 0o600
    text = await asyncio.to_thread(installation.mapping.read_text, "utf-8")
    assert text.count("clinica-bot.inbox_31_secret") == 1
    assert inbox.secret not in text + made.output
    assert "Nada a mudar" in (await installation.connect("--inbox", "31", "--no-prove")).output


async def test_a_secret_of_an_api_inbox_that_was_reset_is_stored_anew(
    installation: Installation,
) -> None:
    """The mapping stays as it is; a secret it has from elsewhere is kept behind ours."""
    inbox = installation.account.add_inbox(31, "Gateway", channel="Channel::Api")
    inbox.secret = "S3cretOfTheInboxAbcDefGh"
    await installation.connect("--inbox", "31", "--no-prove")
    text = await asyncio.to_thread(installation.mapping.read_text, "utf-8")

    inbox.secret = "An0therSecretOfTheInboxA"
    await installation.connect("--inbox", "31", "--no-prove")

    assert await asyncio.to_thread(installation.mapping.read_text, "utf-8") == text
    stored = await installation.stored()
    assert stored["clinica-bot.inbox_31_secret"] == inbox.secret

    reference = "file:data/secrets/clinica/clinica-bot.inbox_31_secret"
    assert reference in text
    await asyncio.to_thread(
        installation.mapping.write_text, text.replace(reference, "file:older"), "utf-8"
    )
    await asyncio.to_thread((installation.folder / "older").write_text, "0lder", "utf-8")
    await installation.connect("--inbox", "31", "--no-prove")
    after = await asyncio.to_thread(installation.mapping.read_text, "utf-8")
    assert after.index(reference) < after.index("file:older")


async def test_an_api_inbox_that_posts_to_us_without_its_secret_is_found(
    installation: Installation,
) -> None:
    """What it signs could not be verified: doctor says so until connect has stored it."""
    inbox = installation.account.add_inbox(31, "Gateway", channel="Channel::Api")
    inbox.secret = None
    await installation.connect("--inbox", "31", "--no-prove")
    inbox.secret = "S3cretOfTheInboxAbcDefGh"
    inbox.webhook_url = installation.bot.outgoing_url

    assert await faults(installation) == 1
    await installation.connect("--inbox", "31", "--no-prove")
    assert await faults(installation) == 0
