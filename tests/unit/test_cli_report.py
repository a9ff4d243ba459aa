"""``chatcrew report``: the same sheet as a table, as JSON and as CSV (S3-107..109)."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr
from tests.contract.analytics_rows import Records

from chatcrew.analytics import PostgresFacts
from chatcrew.cli import _report
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.settings import Settings

TENANT = "health/varizemed"
CLOCK = SystemClock()


@pytest.fixture
async def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of an installation where three talks were had, one of them for 2 dollars."""
    url = SecretStr(database.address)
    records, at = Records(database), CLOCK.now() - timedelta(hours=3)
    await records.talk(1, at=at, turns=["replied"], tenant=TENANT, cost=2.0, variant="curta/a")
    await records.talk(2, at=at, turns=["handed_off"], tenant=TENANT, variant="curta/b")
    await records.talk(3, at=at, turns=["replied"], tenant=TENANT, intent="=1+1")
    await PostgresFacts(database, CLOCK).run({TENANT: "America/Recife"})
    return Settings(_env_file=None, data_dir=tmp_path, database_url=url)  # type: ignore[call-arg]  # pydantic-settings' own


async def printed(settings: Settings, capsys, kind: str, form: str, **given: object) -> str:
    """Return what a report prints."""
    options = {"tenant": TENANT, "when": (7, None, None), "limit": 50, "lang": "en", **given}
    await _report.run_report(settings, kind=kind, form=form, **options)
    return str(capsys.readouterr().out)


async def test_each_report_is_printed_in_three_forms(settings: Settings, capsys) -> None:
    """Every form has the same rows; CSV begins no formula (S2-23)."""
    for kind in ("summary", "roles", "models", "tenants", "days", "conversations", "savings"):
        rows = json.loads(await printed(settings, capsys, kind, "json"))["rows"]
        table = list(csv.DictReader(io.StringIO(await printed(settings, capsys, kind, "csv"))))
        assert rows, kind
        assert len(table) == len(rows), kind
        assert list(table[0]) == list(rows[0]), kind
        assert await printed(settings, capsys, kind, "table", lang="pt-BR")

    talks = await printed(settings, capsys, "conversations", "csv", limit=2)
    assert len(talks.splitlines()) == 3
    assert ",=1+1" not in await printed(settings, capsys, "conversations", "csv")
    days = json.loads(await printed(settings, capsys, "roles", "json"))["rows"]
    assert [(one["role"], one["cost_usd"]) for one in days] == [("attendant", 2.0)]


async def test_experiments_and_causes_are_told_in_words(settings, capsys, monkeypatch) -> None:
    """Two sessions are not enough for any verdict (S2-41, S3-115)."""
    monkeypatch.setenv("COLUMNS", "300")
    out = await printed(settings, capsys, "experiments", "table", lang="pt-BR")
    assert "curta" in out
    assert "dados insuficientes" in out
    costly = await printed(settings, capsys, "costly", "table", lang="pt-BR")
    assert "outro modelo custaria menos" in costly or "a maior parte é de um papel" in costly


async def test_a_time_without_anything_says_so(settings: Settings, capsys) -> None:
    """And a day that is none is a fault of the command line."""
    when = (1, "2020-01-01", "2020-01-02")
    assert "Nada neste período." in await printed(
        settings, capsys, "roles", "table", when=when, lang="pt-BR"
    )
    with pytest.raises(typer.BadParameter):
        await printed(settings, capsys, "roles", "table", when=(1, "ontem", None))
