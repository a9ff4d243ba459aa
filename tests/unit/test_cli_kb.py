"""``chatcrew kb``: documents come into the index and are found as in a turn; faults are told."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner

from chatcrew.cli import _kb, _kb_gaps
from chatcrew.cli._commands import app
from chatcrew.cli._reasons import UnknownTenant, in_words
from chatcrew.database import Database
from chatcrew.knowledge import PostgresGaps
from chatcrew.settings import Settings

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
SHOP = "config/domains/shop"
OUTLET = f"{SHOP}/outlet/knowledge"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a valid sample with two documents, and stand there."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / OUTLET).mkdir(parents=True)
    (tmp_path / OUTLET / "trocas.md").write_text(
        "# Trocas\n\n## Como embalo o produto?\n\nNa caixa em que ele chegou.\n", "utf-8"
    )
    (tmp_path / OUTLET / "precos.csv").write_text("produto;preço\nBatom;R$ 49,90\n", "utf-8")
    return tmp_path


@pytest.fixture
def settings(folder: Path, database_url: str) -> Settings:
    """Return settings over the sample and a database of its own."""
    given: dict[str, Any] = {
        "data_dir": folder / "data",
        "mapping": folder / "chatwoot_mapping.yaml",
        "config_dir": folder / "config",
        "crews_dir": folder / "crews",
        "database_url": SecretStr(database_url),
    }
    # `_env_file` is pydantic-settings' own: no file of whoever runs the tests is read
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]  # see above


@pytest.fixture
def index(settings: Settings) -> Callable[..., Any]:
    """Return a caller of ``kb index``."""

    async def call(tenant: str | None = "shop/outlet", *, lang: str = "pt-BR") -> None:
        await _kb.run_index(settings, tenant=tenant, lang=lang, as_json=False)

    return call


async def test_documents_are_counted_and_read_once(
    index: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """The second time says that everything was there."""
    await index()
    first = capsys.readouterr()
    await index()
    second = capsys.readouterr()

    assert first.out == "shop/outlet: 2 documentos, 0 páginas de PDF, 2 passagens\n"
    assert "shop/outlet: 2 de 2 documentos\n" in first.err
    assert second.out == (
        "shop/outlet: 2 documentos, 0 páginas de PDF, 2 passagens (2 já no índice)\n"
    )


async def test_what_cannot_be_read_is_told_at_the_end(
    index: Callable[..., Any], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With file, line and the way out; the others are indexed all the same (S4-28)."""
    (folder / OUTLET / "frete.jsonl").write_text('{"text": "Grátis"}\n{"txt": "x"}\n', "utf-8")
    (folder / OUTLET / "foto.pdf").write_bytes(b"%PDF-1.4")

    with pytest.raises(typer.Exit) as ended:
        await index(lang="en")

    said = capsys.readouterr()
    assert ended.value.exit_code == 2
    # whoever runs the command configures the log, which these tests do not
    lines = [line for line in said.out.splitlines() if "document_left_out" not in line]
    assert lines[0] == "shop/outlet: 2 documents, 0 PDF pages, 2 passages"
    assert lines[1].startswith(f"{OUTLET}/foto.pdf: cannot be read as PDF (open it")
    assert lines[2].startswith(f'{OUTLET}/frete.jsonl:2: not one of our lines: {{"txt": "x"}} (')
    assert said.err.endswith("2 documents were left out\n")


async def test_a_question_finds_its_passage_with_source_and_reason(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a turn would, and without ``kb index`` before."""
    await _kb.run_search(
        settings,
        tenant="shop/outlet",
        question="como eu embalo?",
        limit=1,
        lang="pt-BR",
        as_json=False,
    )

    first, title, text, why = capsys.readouterr().out.splitlines()
    assert first.startswith("1. ")
    assert first.endswith(f"  {OUTLET}/trocas.md:5")
    assert title.strip().endswith("Como embalo o produto?")
    assert text.strip() == "Na caixa em que ele chegou."
    assert why.strip() == "por: embalo"


async def test_a_search_in_json_is_for_programs(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every passage with its words."""
    await _kb.run_search(
        settings, tenant="shop/outlet", question="batom", limit=5, lang="en", as_json=True
    )

    (found, *_) = json.loads(capsys.readouterr().out)
    assert found["source"] == f"{OUTLET}/precos.csv:2"
    assert found["text"] == "produto: Batom; preço: R$ 49,90"
    assert found["words"] == ["batom"]


async def test_what_is_not_found_ends_with_1(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """For scripts."""
    with pytest.raises(typer.Exit) as ended:
        await _kb.run_search(
            settings, tenant="shop/outlet", question="xyzzy", limit=5, lang="pt-BR", as_json=False
        )

    assert ended.value.exit_code == 1
    assert capsys.readouterr().out == "Nada encontrado\n"


async def test_gaps_tell_what_was_asked_in_vain_and_what_contradicts_itself(
    settings: Settings, folder: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """The most frequent first, without who asked; then places that cannot both be right."""
    (folder / OUTLET / "promo.csv").write_text(
        "produto;preço;validade\nBatom;R$ 39,90;\nKit;R$ 99,90;2020-01-31\n", "utf-8"
    )
    gaps = PostgresGaps(database)
    for question in ("Vendem perfume?", "Tem loja em Recife?", "vendem perfume"):
        await gaps.note("shop/outlet", question)
    await gaps.note("shop/acme", "Outra loja?")

    await _kb_gaps.run_gaps(settings, tenant="shop/outlet", limit=5, lang="pt-BR", as_json=False)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Perguntas que ficaram sem resposta (vezes, última em):"
    assert re.fullmatch(r"    2×  \d{4}-\d\d-\d\d  vendem perfume", lines[1])
    assert lines[2].endswith("  tem loja em recife")
    assert lines[3] == "Para conferir:"
    assert f"venceu: {OUTLET}/promo.csv:3: 2020-01-31" in lines
    (contradiction,) = [line for line in lines if line.startswith("dizem coisas diferentes: ")]
    assert f"{OUTLET}/precos.csv:2 ↔ {OUTLET}/promo.csv:2: price: " in contradiction


async def test_nothing_wanting_is_said_too(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the reader's language; for programs there are two empty lists."""
    await _kb_gaps.run_gaps(settings, tenant="shop/outlet", limit=5, lang="en", as_json=False)
    await _kb_gaps.run_gaps(settings, tenant="shop/outlet", limit=5, lang="en", as_json=True)

    said, body = capsys.readouterr().out.splitlines()
    assert said == "No question without an answer, nothing to look at"
    assert json.loads(body) == {"gaps": [], "remarks": []}


async def test_an_unknown_tenant_is_told_those_there_are(index: Callable[..., Any]) -> None:
    """In the reader's language."""
    with pytest.raises(UnknownTenant) as raised:
        await index("shop/outlt")

    assert in_words(raised.value, "pt-BR") == (
        "negócio desconhecido 'shop/outlt'; há: shop/acme, shop/outlet"
    )


def test_check_reads_documents_too(folder: Path) -> None:
    """A fault inside a document is a fault; what has expired is a warning (S4-28)."""
    runner = CliRunner()
    (folder / OUTLET / "promo.md").write_text("---\nexpires: 2020-01-31\n---\nTudo!", "utf-8")
    well = runner.invoke(app, ["check", "--no-secrets"])
    (folder / OUTLET / "promo.csv").write_text("promo,validade\nTudo,logo\n", "utf-8")

    ill = runner.invoke(app, ["check", "--no-secrets"])

    assert well.exit_code == 0
    over = f"aviso: {OUTLET}/promo.md: venceu: o último dia foi 2020-01-31 (renove-o ou apague-o"
    assert over in well.stdout
    assert ill.exit_code == 2
    assert f"{OUTLET}/promo.csv:2: 'logo' não é um dia até o qual ele vale (escreva" in ill.stdout
    assert "Tudo certo" not in ill.stdout
    assert "faltam segredos" not in ill.stdout
