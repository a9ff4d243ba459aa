"""``chatcrew tab sessions``: an admin sees who is paired and ends it (S2-08)."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from chatcrew.cli import _tab
from chatcrew.cli._commands import app
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.ids import ConversationId
from chatcrew.pairing import PostgresPairings
from chatcrew.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Return settings over a database of its own."""
    given: dict[str, Any] = {"data_dir": tmp_path, "database_url": SecretStr(database_url)}
    # `_env_file` is pydantic-settings' own: no file of whoever runs the tests is read
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]  # see above


async def test_an_admin_lists_sessions_and_ends_somebody_elses(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """The others stay; nothing that proves anything is printed, and no name steers a terminal."""
    pairings = PostgresPairings(database, SystemClock())
    secrets = []
    for number, (user, name) in enumerate([(12, "Ana\x1b[2J Lima"), (13, "Rui")], 1):
        begun = await pairings.begin("acme", number)
        place = ConversationId("acme", "acme-bot", number)
        await pairings.redeem(
            begun.code, place, tenant="shop/x", user_id=user, user_name=name, order=f"o{number}"
        )
        secrets.append(begun.secret)

    await _tab.run_list(settings, lang="pt-BR", as_json=False)
    await _tab.run_list(settings, lang="en", as_json=True)
    await _tab.run_revoke(settings, account="acme", user=12, lang="pt-BR")
    printed = capsys.readouterr().out
    assert "acme  shop/x  Rui (nº 13), desde" in printed
    assert "\x1b" not in printed
    assert not any(secret in printed for secret in secrets)
    bodies = [json.loads(row) for row in printed.splitlines() if row.startswith("{")]
    assert [one["user_id"] for one in bodies] == [13, 12]
    assert "acme: sessões encerradas: 1." in printed
    assert await pairings.session(secrets[0], "acme", "shop/x") is None
    assert await pairings.session(secrets[1], "acme", "shop/x") is not None

    await _tab.run_revoke(settings, account="acme", user=None, lang="en")
    await _tab.run_list(settings, lang="en", as_json=False)
    assert "No browser is paired." in capsys.readouterr().out


def test_nobody_ends_everybodys_sessions_by_leaving_a_number_out() -> None:
    """Exactly one of ``--user`` and ``--all`` is said."""
    for wrong in ([], ["--user", "3", "--all"]):
        result = CliRunner().invoke(app, ["tab", "sessions", "revoke", "acme", *wrong])
        assert result.exit_code == 2
