"""``chatcrew feedback``: what customers were dissatisfied with; slips that ``check`` tells."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from chatcrew.cli import _feedback
from chatcrew.cli._check import advice_on
from chatcrew.database import Database
from chatcrew.feedback import PostgresFeedback
from chatcrew.ids import ConversationId
from chatcrew.messages import Signal
from chatcrew.settings import Settings
from chatcrew.tenancy import check
from chatcrew.tools import names

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
SLIPS = """
people:
  handoff:
    topics:
      nada: {team: 5}
      pedido: {intents: [pedidoo]}
  feedback:
    digest: {conversation: 4, bot: nobody}
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Settings:
    """Return settings over a valid sample and a database of its own."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    given: dict[str, Any] = {
        "data_dir": tmp_path / "data",
        "mapping": tmp_path / "chatwoot_mapping.yaml",
        "config_dir": tmp_path / "config",
        "crews_dir": tmp_path / "crews",
        "database_url": SecretStr(database_url),
    }
    # `_env_file` is pydantic-settings' own: no file of whoever runs the tests is read
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]  # see above


async def test_signals_of_the_last_days_are_printed_and_written(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """As text for people, and as JSON into a file."""
    place = ConversationId("acme", "acme-bot", 7)
    now = datetime.now(UTC)
    await PostgresFeedback(database).note(
        [Signal("generic", "shop/outlet", place, "t1", now, "loop", said="não foi isso")]
    )
    out = tmp_path / "semana.json"
    same: dict[str, Any] = {"tenant": "shop/outlet", "days": 7, "lang": "pt-BR"}

    await _feedback.run_feedback(settings, **same, as_json=False, out=None)
    await _feedback.run_feedback(settings, **same, as_json=True, out=out)

    printed = capsys.readouterr().out
    assert "1 sinais em 1 conversas" in printed
    assert "#7: não foi isso" in printed
    (body,) = json.loads(out.read_text("utf-8"))
    assert body["kinds"] == {"generic": 1}
    assert body["places"] == [{"conversation": str(place), "signals": 1}]


def test_topics_and_digests_that_can_never_work_are_told(settings: Settings) -> None:
    """With file and line, in both languages; the configuration stays usable."""
    outlet = settings.config_dir / "domains" / "shop" / "outlet.yaml"
    outlet.write_text(outlet.read_text("utf-8") + SLIPS, "utf-8")

    report = check(
        settings.mapping,
        settings.config_dir,
        settings.crews_dir,
        tools=names(),
        read_secrets=False,
        advice=advice_on(date(2026, 11, 21)),
    )
    told = {
        language: [one.render(language) for one in report.warnings] for language in ("en", "pt-BR")
    }

    for words in (
        "topic 'nada'",
        "no intent is called 'pedidoo'",
        "no bot of this business is called 'nobody'",
    ):
        assert any(words in line for line in told["en"]), words
    for words in ("assunto 'nada'", "nenhuma intenção se chama 'pedidoo'", "nenhum bot"):
        assert any(words in line for line in told["pt-BR"]), words
    assert report.lines() == []
