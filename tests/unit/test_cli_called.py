"""Hints name the program as it can be typed."""

import sys
from pathlib import Path

import pytest

from chatcrew.cli._called import called


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
