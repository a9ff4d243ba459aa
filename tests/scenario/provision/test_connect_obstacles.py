"""``chatcrew connect`` where something stands in the way: what is said, and what is left alone."""

import pytest

from chatcrew.testing.installation import Installation


@pytest.mark.parametrize("installation", ["4.11 unsigned"], indirect=True)
async def test_a_chatwoot_that_does_not_sign_gets_an_address_with_a_token(
    installation: Installation,
) -> None:
    """Before 4.13 the address itself proves the sender, and the account webhook tells changes."""
    await installation.chats()

    result = await installation.connect()

    assert result.exit_code == 0, result.output
    bot = installation.bot
    token = (await installation.stored())["clinica-bot.path_token"]
    assert bot.outgoing_url is not None
    assert bot.outgoing_url.endswith(f"/webhooks/chatwoot/clinica-bot/{token}")
    assert token not in result.output
    assert "signature: if_present" in installation.mapping.read_text("utf-8")
    (hook,) = installation.account.webhooks
    assert "conversation_status_changed" in hook.subscriptions
    assert "Nada a mudar" in (await installation.connect()).output


@pytest.mark.parametrize("installation", ["4.14 private network refused"], indirect=True)
async def test_a_delivery_that_chatwoot_refuses_to_send_is_explained(
    installation: Installation,
) -> None:
    """Nothing comes: the advice names the variable; the attribute does not stay behind."""
    await installation.chats()

    result = await installation.connect(seconds="0.5")

    assert result.exit_code == 1
    assert "SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true" in result.output
    (conversation,) = installation.account.conversations.values()
    assert conversation.custom_attributes == {}


@pytest.mark.parametrize("installation", ["clock skewed"], indirect=True)
async def test_a_delivery_we_would_refuse_is_told_with_its_reason(
    installation: Installation,
) -> None:
    """The signature's time is 15 minutes off: the listener says what a server would have said."""
    await installation.chats()

    result = await installation.connect(seconds="1")

    assert result.exit_code == 2
    assert "timestamp_stale" in result.output
    assert "acerte os relógios" in result.output


@pytest.mark.parametrize(
    ("installation", "said", "code"),
    [
        ("agent's token", "o token não é de um administrador de 'Clínica'", 2),
        ("rate limited", "RACK_ATTACK_ALLOWED_IPS", 1),
    ],
    indirect=["installation"],
)
async def test_what_stands_in_the_way_is_said_before_anything_is_made(
    installation: Installation, said: str, code: int
) -> None:
    """Nothing half done: no bot, no file."""
    result = await installation.connect()

    assert result.exit_code == code, result.output
    assert said in result.output
    assert installation.account.bots == {}
    assert not installation.mapping.exists()
    assert not (installation.folder / "data").exists()


async def test_another_bot_is_replaced_only_when_that_is_said(installation: Installation) -> None:
    """Chatwoot replaces without asking, so we ask."""
    other = installation.account.add_bot(99, "Robô antigo", inboxes=[installation.inboxes[0]])

    refused = await installation.connect("--no-prove")
    assert refused.exit_code == 2
    assert "'Robô antigo'" in refused.output
    assert installation.inboxes[0].bot is other
    assert list(installation.account.bots) == [99]

    result = await installation.connect("--no-prove", "--replace")

    assert result.exit_code == 0, result.output
    assert installation.inboxes[0].bot is not other


async def test_a_mapping_with_faults_is_left_alone(installation: Installation) -> None:
    """The faults are said as ``check`` says them, before anything is made in Chatwoot."""
    text = "version: 1\naccounts:\n  a: {account_id: no, base_url: 'x', bots: {}}\n"
    installation.mapping.write_text(text, "utf-8")

    result = await installation.connect()

    assert result.exit_code == 2
    assert "chatwoot_mapping.yaml:3" in result.output
    assert installation.mapping.read_text("utf-8") == text
    assert installation.account.bots == {}
