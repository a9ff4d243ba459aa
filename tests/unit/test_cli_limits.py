"""``chatcrew limits``: what is used, what is left, where the month is going (S3-89, S3-113)."""

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from chatcrew.app.configuration import load_directory
from chatcrew.budgets import Keeper, PostgresCounters
from chatcrew.cli import _limits
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.messages import Bid, ModelCall, Usage
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics

TENANT = "health/varizemed"


@pytest.fixture
async def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of an installation where one call of two dollars was made."""
    url = SecretStr(database.address)
    made = Settings(_env_file=None, data_dir=tmp_path, database_url=url)  # type: ignore[call-arg]  # pydantic-settings' own
    directory = await load_directory(made)
    clock = SystemClock()
    keeper = Keeper(
        PostgresCounters(database),
        tenants=lambda: directory.current.tenants,
        exchange=lambda: directory.current.models.exchange,
        clock=clock,
        metrics=Metrics(),
    )
    held = await keeper.reserve(Bid(TENANT, "gpt-4o", tokens=5000, cost=4.0))
    usage = Usage(prompt_tokens=1200, completion_tokens=34)
    await held.settle(ModelCall(TENANT, "gpt-4o", usage, clock.now(), cost=2.0))
    await keeper.reserve(Bid(TENANT, "gpt-4o", tokens=100, cost=1.0))
    return made


async def test_used_reserved_left_and_forecast_are_told(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Money in the currency of the business, tokens beside it."""
    monkeypatch.setenv("COLUMNS", "160")
    await _limits.run_limits(settings, tenant=TENANT, lang="pt-BR", as_json=False)
    out = capsys.readouterr().out
    assert "US$ 5,00 por dia" in out
    assert "US$ 2,00 (60%)" in out
    assert "US$ 1,00" in out
    assert "20 respostas por minuto" in out
    assert "20.000.000 tokens por dia" in out
    assert "previsão" in out
    await _limits.run_limits(settings, tenant=TENANT, lang="en", as_json=False)
    assert "US$ 100.00 a month" in capsys.readouterr().out


async def test_as_json_every_limit_is_a_row(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line a business, with what its limits leave."""
    await _limits.run_limits(settings, tenant=None, lang="pt-BR", as_json=True)
    bodies = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(bodies) > 1
    (own,) = [one for one in bodies if one["tenant"] == TENANT]
    rows = {(one["kind"], one["span"]): one for one in own["limits"] if one["scope"] == "tenant"}
    day = rows["money", "day"]
    assert (day["used"], day["reserved"], day["left"]) == (2.0, 1.0, 2.0)
    assert rows["tokens", "day"]["used"] == 1234
    assert rows["money", "month"]["forecast"] >= 2.0
