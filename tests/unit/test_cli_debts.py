"""``chatcrew debts``: who waits for people now, and how true the promises were (N14)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from chatcrew.cli import _debts
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.debts import PostgresDebts
from chatcrew.mailbox import PostgresMailbox
from chatcrew.messages import DebtEnd, DebtKind, NewDebt, Promise
from chatcrew.settings import Settings
from chatcrew.testing.stores import Talk

TENANT = "health/varizemed"


@pytest.fixture
async def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of an installation where one customer waits and ten were answered."""
    clock = SystemClock()
    mailbox, book = PostgresMailbox(database, clock), PostgresDebts(database, clock)
    for number in range(1, 12):
        talk = Talk(clock, number=number)
        await mailbox.put(talk.says("oi?"))
        since = clock.now() - timedelta(minutes=7)
        new = NewDebt(
            talk.id,
            TENANT,
            DebtKind.HANDOFF,
            "customer_asked",
            opened_at=since,
            next_at=None,
            promise=Promise(60.0, 120.0, 300.0),
        )
        debt = await book.owe(new)
        assert debt is not None
        if number <= 10:
            waited = 400.0 if number > 8 else 90.0
            at = since + timedelta(seconds=waited)
            await book.end(debt.id, ending=DebtEnd.ANSWERED, at=at, waited=waited, by=12)
    for number, hours in ((1, 30), (2, 3), (3, 30)):
        since = clock.now() - timedelta(hours=hours)
        end = NewDebt(
            Talk(clock, number=number).id, TENANT, DebtKind.RESOLUTION, "vip", since, None
        )
        debt = await book.owe(end)
        assert debt is not None
        if number == 3:
            at = since + timedelta(hours=2)
            await book.end(debt.id, ending=DebtEnd.RESOLVED, at=at, waited=7200.0)
    url = SecretStr(database.address)
    return Settings(_env_file=None, data_dir=tmp_path, database_url=url)  # type: ignore[call-arg]  # pydantic-settings' own


async def test_who_waits_is_listed_and_promises_are_measured(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the reader's language, and as JSON: eight of ten kept, and one that is late already."""
    await _debts.run_debts(settings, tenant=TENANT, days=30, lang="pt-BR", as_json=False)
    words = capsys.readouterr().out
    await _debts.run_debts(settings, tenant=TENANT, days=30, lang="en", as_json=True)
    (line,) = capsys.readouterr().out.splitlines()
    body = json.loads(line)

    assert "7 min" in words
    assert "acme/acme-bot/11  customer_asked  → nenhum passo" in words
    assert "ainda esperam 1, respondidas 10" in words or "respondidas 10, ainda esperam 1" in words
    assert "Tempo prometido 11×: 73% dentro do que foi dito (certo: 80%)" in words
    assert "30 h    " in words
    assert "acme/acme-bot/1  vip" in words
    assert "Solução em até 24 h de atendimento" in words
    assert "1 de 2 no prazo; em andamento: 2" in words
    assert body["resolution"] == {"within": 86_400, "judged": 2, "in_time": 1}
    assert [one["kind"] for one in body["resolving"]] == ["resolution"] * 2
    (standing,) = body["standing"]
    assert (standing["conversation"], standing["reason"]) == ("acme/acme-bot/11", "customer_asked")
    assert body["ended"] == {"answered": 10, "standing": 1}
    assert body["calibration"]["promises"] == 11


async def test_a_business_nobody_waits_for_says_so(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every business is told of where none is named."""
    await _debts.run_debts(settings, tenant=None, days=30, lang="en", as_json=False)

    assert "Nobody waits for a person." in capsys.readouterr().out
