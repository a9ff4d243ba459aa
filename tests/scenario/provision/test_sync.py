"""``chatcrew sync`` proposes and writes what came or went in Chatwoot (issue 4 Provisioning)."""

from chatcrew.testing.installation import Installation


async def test_agreement_is_said_and_ends_with_0(installation: Installation) -> None:
    """An inbox without our bot is no difference."""
    await installation.connect("--no-prove")

    result = await installation.run("sync")

    assert result.exit_code == 0, result.output
    assert "clinica: o mapeamento e as caixas batem" in result.stdout
    assert "sem o nosso bot, nada a fazer: 22 (Site)" in result.stdout


async def test_a_new_and_a_vanished_inbox_are_a_diff_that_write_applies(
    installation: Installation,
) -> None:
    """Without --write nothing changes and the end is 1; with it the next run agrees."""
    await installation.connect("--no-prove")
    installation.inboxes[1].bot = installation.bot
    del installation.account.inboxes[21]
    before = installation.mapping.read_bytes()

    proposed = await installation.run("sync", "--lang", "en")

    assert proposed.exit_code == 1, proposed.output
    assert '+      "22": {channel: web_widget}' in proposed.stdout
    assert '-      "21": {channel: whatsapp}' in proposed.stdout
    assert installation.mapping.read_bytes() == before

    written = await installation.run("sync", "clinica", "--write")

    assert written.exit_code == 0, written.output
    assert "22" in installation.mapping.read_text("utf-8")
    (backup,) = installation.folder.glob("chatwoot_mapping.yaml.bak-*")
    assert backup.read_bytes() == before
    assert (await installation.run("sync")).exit_code == 0


async def test_an_unknown_account_and_a_missing_token_are_refused(
    installation: Installation,
) -> None:
    """Each with the way out."""
    await installation.connect("--no-prove", "--no-keep-user-token")

    unknown = await installation.run("sync", "outra")
    without = await installation.run("sync")

    assert unknown.exit_code == 2
    assert "há: clinica" in unknown.output
    assert without.exit_code == 2
    assert "não tem user_token" in without.output


async def test_an_account_without_a_token_does_not_hide_the_others(
    installation: Installation,
) -> None:
    """Each is told in one line, whichever comes first; the end is what the worst says."""
    await installation.connect("--no-prove")
    text = installation.mapping.read_text("utf-8")
    first = (
        "accounts:\n  antes:\n    account_id: 7\n    base_url: https://chat.example.com\n"
        "    tenant: health/varizemed\n    bots:\n"
        "      b: {agent_bot_id: 3, token: env:ADMIN_TOKEN, signature: if_present,"
        " path_token: env:ADMIN_TOKEN}\n"
        "    inboxes: {1: {channel: api}}\n"
    )
    installation.mapping.write_text(text.replace("accounts:\n", first, 1), "utf-8")
    installation.inboxes[1].bot = installation.bot

    result = await installation.run("sync", "--write")

    assert result.exit_code == 2, result.output
    assert "a conta 'antes' não tem user_token" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "clinica: caixa 22 (Site) tem o nosso bot e não está no mapeamento" in result.stdout
    assert '"22": {channel: web_widget}' in installation.mapping.read_text("utf-8")
