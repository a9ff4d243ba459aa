"""``chatcrew check``: faults end with 2, warnings with 0 unless they are to count."""

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatcrew.cli._commands import app

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Return a caller of the command over a valid sample with one slip: a model nobody lists."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    (tmp_path / "config/models.yaml").write_text("models: {gpt-4o: {}}\n", "utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        return CliRunner().invoke(app, ["check", "--no-secrets", *arguments])

    return call


def test_warnings_are_told_apart_and_end_with_0(check):
    """What is doubtful stops nobody; the last line still says that all is well."""
    result = check()

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert any(
        line.startswith("aviso: config/domains/shop/outlet.yaml:6:3: crew.model: o modelo")
        for line in lines
    )
    assert re.fullmatch(
        r"Tudo certo: 1 bot, 2 negócios, 2 caixas de entrada; versão [0-9a-f]{12}", lines[-1]
    )
    assert result.stderr == f"{len(lines) - 1} avisos\n"


def test_strict_makes_warnings_count(check):
    """For a pipeline that lets nothing doubtful through."""
    assert check("--strict").exit_code == 2


def test_english_and_json(check):
    """The same places for people and for programs."""
    body = json.loads(check("--json", "--lang", "en").stdout)

    assert body["ok"] is True
    assert body["faults"] == []
    (model,) = [one for one in body["warnings"] if one["code"] == "model_unlisted"]
    assert model["file"] == "config/domains/shop/outlet.yaml"
    assert (model["line"], model["column"]) == (6, 3)
    assert "is not in config/models.yaml" in model["text"]


def test_who_lacks_only_secrets_reads_that_the_files_are_well(check, monkeypatch):
    """A first look at the shipped files says one useful thing, and each place that needs one."""
    monkeypatch.delenv("ACME_TOKEN", raising=False)

    result = check("--secrets")

    assert result.exit_code == 2
    *places, last = result.stdout.splitlines()
    assert any("env:ACME_TOKEN" in place for place in places)
    assert last == (
        "Os arquivos estão certos, só faltam segredos; sem eles: chatcrew check --no-secrets"
    )


def test_faults_come_alone(check, tmp_path):
    """While a file is broken there is nothing to advise; all faults come at once, with columns."""
    mapping = tmp_path / "chatwoot_mapping.yaml"
    text = mapping.read_text("utf-8").replace("whatsapp}", "whatsap}")
    mapping.write_text(text, "utf-8")
    result = check("--lang", "en")

    assert result.exit_code == 2
    assert result.stderr == "1 fault\n"
    assert result.stdout.splitlines() == [
        "chatwoot_mapping.yaml:14:14: accounts.acme.inboxes.31.channel: "
        "unknown channel 'whatsap' (did you mean 'whatsapp'?)"
    ]
    assert json.loads(check("--json").stdout)["faults"][0]["column"] == 14


def test_a_missing_mapping_says_where_to_stand(check, tmp_path):
    """The first thing that goes wrong on a new machine."""
    (tmp_path / "chatwoot_mapping.yaml").unlink()
    result = check()

    assert result.exit_code == 2
    assert "não pode ser lido: o arquivo não existe (rode na pasta onde ele está" in result.stdout
