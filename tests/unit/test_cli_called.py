"""Hints name the program as it can be typed."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatcrew.cli._called import called
from chatcrew.cli._commands import app


@pytest.mark.parametrize(
    ("typed", "path", "said"),
    [
        ("{bin}/chatcrew", "{bin}", "chatcrew"),
        ("{bin}/chatcrew", "/nowhere", "{bin}/chatcrew"),
        ("clone/bin/chatcrew", "/nowhere", "clone/bin/chatcrew"),
        ("my clone/bin/chatcrew", "{bin}", "'my clone/bin/chatcrew'"),
        ("/lib/chatcrew/__main__.py", "/nowhere", "chatcrew"),
        ("", "/nowhere", "chatcrew"),
    ],
)
def test_a_path_is_said_only_where_no_shell_finds_the_name(
    typed: str, path: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a clone nobody installed, ``chatcrew check`` would be "command not found" (S2-16)."""
    program = tmp_path / "chatcrew"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", path.format(bin=tmp_path))
    monkeypatch.setattr(sys, "argv", [typed.format(bin=tmp_path), "check"])

    assert called() == said.format(bin=tmp_path)


def test_the_demos_help_says_what_it_forgets() -> None:
    """``--no-fresh`` keeps the database, which is not what somebody sees on the page (S2-17)."""
    shown = CliRunner().invoke(app, ["demo", "--help"]).stdout
    words = " ".join(shown.replace("│", " ").split())

    assert "somem quando a demonstração termina; um Chatwoot de verdade guarda tudo" in words
    assert "gone when the demo ends; a real Chatwoot keeps everything" in words
    assert "Erase database and kept answers of earlier demos" in words
