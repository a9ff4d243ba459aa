"""From an operator's correction to the files: proposed, tried, accepted; nothing before (N10)."""

import asyncio
import shutil
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr

from chatcrew.app.corrections import corrections_over
from chatcrew.cli import _proposals
from chatcrew.proposals import Cause, Kind, PostgresProposals, State
from chatcrew.settings import Settings
from chatcrew.tenancy.conversations import load_conversations

ROOT = Path(__file__).parents[2]
CLINIC = "config/domains/health/varizemed"
ASKED = "Quanto custa a primeira consulta?"
RIGHT = "A primeira consulta custa R$ 290, com retorno incluído."
KNOWN = "O prédio tem estacionamento. Com o carimbo da clínica, o valor é R$ 15 por até 2 horas."
RULE = "Nunca ofereça parcelamento em mais de três vezes."


@pytest.fixture
def files(tmp_path: Path, lean_config) -> Path:
    """Give a copy of the clinic's files with few tests: an admin's folder."""
    folder = tmp_path / "admin"
    shutil.copytree(lean_config("health/varizemed"), folder / "config")
    shutil.copytree(ROOT / "crews", folder / "crews")
    (folder / "chatwoot_mapping.yaml").write_text("version: 1\naccounts: {}\n", "utf-8")
    (folder / f"{CLINIC}.tests.yaml").write_text(
        "# ours\nconversations:\n  - name: oi\n    customer:\n      - says: Oi!\n", "utf-8"
    )
    return folder


def settings_of(files: Path, database) -> Settings:
    """Return the settings of the admin's command line."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own
        data_dir=files / "data",
        mapping=files / "chatwoot_mapping.yaml",
        config_dir=files / "config",
        crews_dir=files / "crews",
        database_url=SecretStr(database.address),
    )


async def ordered(c, conversation, text: str) -> str:
    """Give a command and return the note that answers it."""
    await c.chatwoot.agent_says(conversation, text, private=True)
    await c.settled()
    return conversation.notes[-1].content


async def accept(settings: Settings, number: int, answer: str = "") -> None:
    """Accept a proposal as the command line does."""
    await _proposals.run_accept(
        settings, number=number, answer=answer, question="", yes=True, lang="pt-BR"
    )


async def propose(c, database) -> None:
    """Let the operator correct the bot: an answer, a rule, and a reply that is deleted."""
    conversation = await c.says(ASKED)
    reply = await c.reply(conversation)
    assert "R$ 350" in reply.content
    await c.settled()
    await ordered(c, conversation, "/bot avaliar ruim")
    (bad,) = await PostgresProposals(database).listed()
    assert (bad.new.content.text, bad.new.content.question) == ("", ASKED)
    assert "Qual seria a certa?" in await ordered(c, conversation, "/bot corrigir")
    assert "Proposta 1" in await ordered(c, conversation, f'/bot corrigir "{RIGHT}"')
    assert "já diz o que seria certo" in await ordered(c, conversation, "/bot corrigir")
    assert "a regra “Nunca" in await ordered(c, conversation, f"/bot correct rule: {RULE}")
    corrections, now = corrections_over(database, c.bot.base.clock), c.bot.base.clock.now()
    await c.chatwoot.delete(reply)
    await c.settled()
    # that reply is proposal 1's already
    assert await corrections.deleted(now=now) == 0
    await c.says("Tem estacionamento?")
    await c.chatwoot.delete(await c.reply(conversation, 2))
    await c.settled()
    assert await corrections.deleted(now=now) == 1
    assert await corrections.deleted(now=now) == 0


async def test_a_correction_becomes_a_change_of_the_files_only_by_being_accepted(
    clinic, files, database, capsys
) -> None:
    """Note, diff, a test that fails before and passes after; deleted replies are noted, too."""
    async with clinic() as c:
        await propose(c, database)
    store, settings = PostgresProposals(database), settings_of(files, database)
    answer, rule, deleted = await store.listed()
    assert (answer.new.made_by, answer.new.content.question) == ("Patrícia Gomes", ASKED)
    assert (rule.new.kind, deleted.new.cause) == (Kind.RULE, Cause.DELETED)
    assert deleted.new.content.question == "Tem estacionamento?"
    business, tests = files / f"{CLINIC}.yaml", files / f"{CLINIC}.tests.yaml"
    before = business.read_text("utf-8"), tests.read_text("utf-8")

    # nobody said what is right; what the files say already is no correction; nor what breaks them
    for said, problem in (
        ("", "falta a resposta certa"),
        (KNOWN, "já dá certo hoje"),
    ):
        with pytest.raises(typer.Exit):
            await accept(settings, deleted.id, said)
        assert problem in capsys.readouterr().err
    assert (business.read_text("utf-8"), tests.read_text("utf-8")) == before

    for number in (answer.id, rule.id):
        await accept(settings, number)
    out = capsys.readouterr().out
    assert "✓ falha antes: correção 1" in out
    assert "✓ dá certo depois, com as outras 2 conversas" in out
    known = before[0].splitlines()
    changed = [line.strip() for line in business.read_text("utf-8").splitlines()]
    assert sorted(set(changed) - {line.strip() for line in known}) == [
        f"- {RULE}",
        f"answer: {RIGHT}",
    ]
    assert len(changed) == len(known) + 1
    assert tests.read_text("utf-8").startswith("# ours\n")
    assert len(await asyncio.to_thread(load_conversations, tests)) == 3
    assert [one.id for one in await store.listed(state=State.ACCEPTED)] == [answer.id, rule.id]
    await _proposals.run_reject(settings, number=deleted.id, reason="engano", lang="en")
    assert await store.listed() == []
