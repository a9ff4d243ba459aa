"""``chatcrew memory``: what is remembered is shown, corrected and forgotten by one line each."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner

from chatcrew.cli import _memory
from chatcrew.cli._commands import app
from chatcrew.database import Database
from chatcrew.ids import ConversationId
from chatcrew.memory import PostgresMemory
from chatcrew.messages import Consent, FactKind, NewFact, Noted, Person
from chatcrew.settings import Settings

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
TENANT = "health/varizemed"
WHO = {"tenant": TENANT, "contact": 501, "account": None, "lang": "pt-BR"}


@pytest.fixture
async def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of an installation that remembers one customer of one account."""
    await remember(database, "acme", "O cliente se chama Joana.")
    url = SecretStr(database.address)
    return Settings(_env_file=None, data_dir=tmp_path, database_url=url)  # type: ignore[call-arg]  # pydantic-settings' own


async def remember(database: Database, account: str, text: str) -> None:
    """Remember one fact and consent."""
    talk = ConversationId(account, f"{account}-bot", 7)
    person = Person(TENANT, account, 501)
    fact = NewFact(FactKind.FACT, text, "name", talk, 11)
    consent = Consent(given=True, at=NOW, version="3f2a", source=str(talk))
    noted = Noted(talk, 1, person, up_to=11, remember=True, facts=(fact,), consent=consent)
    await PostgresMemory(database).note(noted, now=NOW, keep_days=3650)


async def test_a_fact_is_listed_corrected_and_forgotten(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each by its number, which the list shows."""
    await _memory.run_list(settings, **WHO, as_json=True)
    (fact,) = json.loads(capsys.readouterr().out)["facts"]
    await _memory.run_edit(settings, **WHO, fact=fact["id"], text="Se chama  Joana Prado.")
    await _memory.run_list(settings, **WHO, as_json=False)
    out = capsys.readouterr().out
    assert f"{fact['id']:>6}  " in out
    assert "Se chama Joana Prado." in out
    assert "Consentimento: sim em 2026-08-03T12:00 (texto 3f2a)." in out

    await _memory.run_forget(settings, **WHO, fact=fact["id"])
    await _memory.run_list(settings, **WHO, as_json=False)
    assert "Nenhum fato." in capsys.readouterr().out


async def test_a_customer_is_forgotten_whole(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was forgotten is counted; then nothing is left."""
    await _memory.run_forget(settings, **WHO, fact=None)
    assert "fatos: 1, resumos: 0, consentimentos: 1" in capsys.readouterr().out

    await _memory.run_list(settings, **WHO, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"facts": [], "consent": None, "summaries": []}


async def test_of_two_accounts_one_has_to_be_named(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """A contact number is an account's own; nobody of the other is shown."""
    await remember(database, "filial", "O cliente se chama Pedro.")

    with pytest.raises(typer.Exit):
        await _memory.run_list(settings, **WHO, as_json=True)
    assert "acme | filial" in capsys.readouterr().err
    await _memory.run_list(settings, **{**WHO, "account": "filial"}, as_json=False)
    out = capsys.readouterr().out
    assert "Pedro" in out
    assert "Joana" not in out


@pytest.mark.parametrize("who", [{"contact": 502}, {"tenant": "health/other"}])
async def test_nobody_is_no_trace(
    settings: Settings, capsys: pytest.CaptureFixture[str], who: dict[str, object]
) -> None:
    """Another contact or tenant ends with 1 and its reason."""
    with pytest.raises(typer.Exit) as ended:
        await _memory.run_list(settings, **{**WHO, **who}, as_json=True)

    assert ended.value.exit_code == 1
    assert "Nada é lembrado" in capsys.readouterr().err


async def test_a_fact_that_is_not_there_and_a_text_that_is_none(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ends with 1 and 2."""
    for text, code in (("Certo.", 1), ("  ", 2), ("x" * 400, 2)):
        with pytest.raises(typer.Exit) as ended:
            await _memory.run_edit(settings, **WHO, fact=999_999, text=text)
        assert ended.value.exit_code == code
    assert "999999" in capsys.readouterr().err


def test_a_whole_customer_is_asked_about_first() -> None:
    """Anything but a yes forgets nothing, and no database is opened."""
    ended = CliRunner().invoke(app, ["memory", "forget", TENANT, "501"], input="n\n")

    assert ended.exit_code == 1
    assert "Nada foi esquecido" in ended.output
