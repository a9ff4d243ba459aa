"""``chatcrew privacy`` and ``audit``: a person is shown, erased and proven erased by one line."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr
from sqlalchemy import text
from typer.testing import CliRunner

from chatcrew.cli import _audit, _privacy
from chatcrew.cli._commands import app
from chatcrew.database import Database
from chatcrew.lgpd import Sought
from chatcrew.messages import Person
from chatcrew.settings import Settings
from chatcrew.testing._planted_sql import ANA, ENCODED, RUI, TENANT, TRACES, dumped, plant

ROOT = Path(__file__).parents[2]
PHONE = Sought(phone="(81) 98765-4321")
HERE = {"tenant": TENANT, "lang": "pt-BR"}


@pytest.fixture
async def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of an installation with two planted customers."""
    await plant(database, ANA, ENCODED)
    await plant(database, RUI, ["Bom dia, o pedido 4471 chegou?"])
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own
        data_dir=tmp_path / "data",
        mapping=ROOT / "chatwoot_mapping.yaml",
        config_dir=ROOT / "config",
        crews_dir=ROOT / "crews",
        database_url=SecretStr(database.address),
    )


def trace(said: str) -> bool:
    """Return whether a piece of what Ana is or said stands in a text."""
    return any(one.casefold() in said.casefold() for one in TRACES)


async def test_a_person_is_exported_into_a_private_file_and_erased_with_it(
    settings: Settings,
    database: Database,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The file goes with the person; the receipt is verified and holds no data (N8)."""
    out, receipt = tmp_path / "ana.json", tmp_path / "recibo.json"
    await _privacy.run_export(settings, **HERE, sought=PHONE, to=out)
    assert mode(out) == 0o600
    assert trace(read(out))

    await _privacy.run_erase(settings, **HERE, sought=PHONE, to=receipt, yes=True, as_json=False)
    said = capsys.readouterr().out
    assert "Verificado: nada mais foi encontrado" in said
    assert "O contato no Chatwoot continua lá" in said
    assert not out.exists()
    assert not any(trace(row) for rows in (await dumped(database)).values() for row in rows)

    await _privacy.run_verify(settings, file=receipt, public_key=None, lang="pt-BR")
    assert "O recibo é autêntico" in capsys.readouterr().out
    assert not trace(read(receipt))
    write(receipt, read(receipt).replace(TENANT, "shop/outra"))
    with pytest.raises(typer.Exit) as no:
        await _privacy.run_verify(settings, file=receipt, public_key=None, lang="pt-BR")
    assert no.value.exit_code == 1
    await _privacy.run_receipts(settings, tenant=None, lang="pt-BR", as_json=False)
    assert "restou: 0" in capsys.readouterr().out


def mode(path: Path) -> int:
    """Return a file's permissions."""
    return path.stat().st_mode & 0o777


def read(path: Path) -> str:
    """Return what a file says."""
    return path.read_text("utf-8")


def write(path: Path, said: str) -> None:
    """Write a file."""
    path.write_text(said, "utf-8")


async def test_where_several_are_found_nobody_is_erased(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are named by number, and one is to be chosen; nobody at all says so."""
    await plant(database, Person(TENANT, "acme", 9), ["fone 81 98765-4321"])

    with pytest.raises(typer.Exit) as several:
        await _privacy.run_erase(settings, **HERE, sought=PHONE, to=None, yes=True, as_json=True)
    said = capsys.readouterr().err
    assert several.value.exit_code == 1
    assert "contato 7 da conta acme" in said
    assert "contato 9 da conta acme" in said
    with pytest.raises(typer.Exit):
        await _privacy.run_export(settings, **HERE, sought=Sought(contact=1), to=None)
    assert "Ninguém foi encontrado" in capsys.readouterr().err


async def test_a_scan_says_where_and_changes_nothing(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Place, conversation and kind; never the value (N8)."""
    before = await dumped(database)
    await _privacy.run_scan(settings, **HERE, sought=PHONE, as_json=True)

    found = json.loads(capsys.readouterr().out)
    places = {hit["place"] for hit in found["hits"]}
    assert {"conversation.snapshot", "event.body", "tool_call.arguments"} <= places
    assert not trace(json.dumps(found))
    assert await dumped(database) == before


async def test_retention_says_what_would_go_and_then_deletes_it(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Planted in 2026, looked at by the machine's clock: only counted in a dry run."""
    old = datetime(2020, 1, 1, tzinfo=UTC)
    async with database.begin() as connection:
        await connection.execute(text("update quarantine set at = :at"), {"at": old})

    await _privacy.run_retention(settings, dry_run=True, lang="pt-BR", as_json=True)
    would = json.loads(capsys.readouterr().out)
    assert len((await dumped(database))["quarantine"]) == 2
    await _privacy.run_retention(settings, dry_run=False, lang="pt-BR", as_json=True)
    did = json.loads(capsys.readouterr().out.splitlines()[-1])

    assert [(one["store"], one["rows"]) for one in would["expired"]] == [
        (one["store"], one["rows"]) for one in did["expired"]
    ]
    assert ("quarantine", 2) in [(one["store"], one["rows"]) for one in did["expired"]]
    assert (await dumped(database))["quarantine"] == []


async def test_the_log_of_deeds_is_listed_and_verified(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hash that was noted elsewhere proves that the chain was not written anew (S2-30)."""
    await _privacy.run_export(settings, **HERE, sought=PHONE, to=None)
    capsys.readouterr()
    await _audit.run_list(
        settings, tenant=TENANT, action=None, limit=5, lang="pt-BR", as_json=False
    )
    assert "person.exported" in capsys.readouterr().out

    await _audit.run_verify(settings, seq=None, digest=None, lang="en", as_json=True)
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["whole"]
    asked = {"seq": verdict["seq"], "lang": "pt-BR", "as_json": False}
    await _audit.run_verify(settings, **asked, digest=verdict["hash"])
    assert "A corrente está inteira" in capsys.readouterr().out
    with pytest.raises(typer.Exit):
        await _audit.run_verify(settings, **asked, digest="0" * 64)
    assert "quebrada no registro 1" in capsys.readouterr().err


@pytest.mark.parametrize(
    "line",
    [
        ["privacy", "erase", TENANT],
        ["privacy", "export", TENANT, "--account", "acme"],
        ["audit", "verify", "--seq", "3"],
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_opened(line: list[str]) -> None:
    """Nobody is named, or half of what is to be compared."""
    assert CliRunner().invoke(app, line).exit_code == 2
