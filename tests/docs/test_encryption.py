"""``docs/encryption.md`` says what the program does."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from chatcrew.app.sealing import keys_of
from chatcrew.cli._commands import app
from chatcrew.errors import ConfigErrors
from chatcrew.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = ["encryption.md", "encryption.pt-BR.md"]


@pytest.mark.parametrize("page", PAGES)
def test_both_pages_name_the_commands_and_the_setting(page: str) -> None:
    """In the order in which they are used."""
    text = (ROOT / "docs" / page).read_text("utf-8")

    for words in ("chatcrew keys new 2026-11", "chatcrew keys rotate", "--plain"):
        assert words in text
    assert "CHATCREW_ENCRYPTION_KEYS=file:/run/secrets/chatcrew_keys" in text


async def test_a_key_made_by_the_command_is_read_from_the_setting_and_a_file(
    tmp_path: Path,
) -> None:
    """As the page shows it."""
    made = CliRunner().invoke(app, ["keys", "new", "2026-11"]).stdout.strip()
    (tmp_path / "keys").write_text(f"{made}\n", "utf-8")

    for said in (made, f"file:{tmp_path / 'keys'}"):
        keys = await keys_of(Settings(encryption_keys=SecretStr(said)))
        assert keys.names == ("2026-11",)
    assert (await keys_of(Settings())).names == ()


@pytest.mark.parametrize(
    ("said", "words"),
    [("abc", "falta o nome"), ("file:/nowhere/keys", "não se lê"), ("a:AAAA", "32 bytes")],
)
async def test_keys_that_cannot_be_used_are_refused_with_the_way_out(said: str, words: str) -> None:
    """The setting is named, the key is not."""
    with pytest.raises(ConfigErrors) as raised:
        await keys_of(Settings(encryption_keys=SecretStr(said)))

    fault = str(raised.value.exceptions[0])
    assert words in fault
    assert "CHATCREW_ENCRYPTION_KEYS" in fault
    assert "AAAA" not in fault


def test_a_name_that_is_none_makes_no_key() -> None:
    """What is printed can be used."""
    assert CliRunner().invoke(app, ["keys", "new", "A B"]).exit_code == 2


def test_without_keys_nothing_is_rotated_and_the_way_out_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A forgotten setting is no wish to have all that is sealed readable."""
    monkeypatch.delenv("CHATCREW_ENCRYPTION_KEYS", raising=False)
    monkeypatch.setenv("CHATCREW_DATA_DIR", str(tmp_path))
    ended = CliRunner().invoke(app, ["keys", "rotate"])
    assert ended.exit_code == 2
    assert "chatcrew keys new" in ended.output
    assert list(tmp_path.iterdir()) == [], "no database was opened"
