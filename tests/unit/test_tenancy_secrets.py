"""Secrets are read by reference, when needed, and never shown (S0-11, S4-42)."""

import os
import pickle
import shutil
from pathlib import Path

import pytest

from chatcrew.errors import ConfigError
from chatcrew.tenancy import Fault, Secret, check, load, secrets

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
VARIABLES = ("ACME_TOKEN", "ACME_NEW", "ACME_OLD", "ACME_I32", "ACME_PATH")


def test_a_variable_is_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment has no cache of ours over it."""
    monkeypatch.setenv("SOME_SECRET", "first")
    assert secrets.read(Secret("env:SOME_SECRET")) == b"first"
    monkeypatch.setenv("SOME_SECRET", "çé\n")
    assert secrets.read(Secret("env:SOME_SECRET")) == "çé".encode()


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    """A secret rotates without a restart; the newline an editor leaves is no part of it."""
    path = tmp_path / "token"
    path.write_bytes(b"old\r\n")
    secret = Secret(f"file:{path}")
    assert secrets.read(secret) == b"old"

    replacement = tmp_path / "next"
    replacement.write_bytes(b"new\n")
    replacement.replace(path)

    assert secrets.read(secret) == b"new"


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    """Only its stamp is looked at: same time, size and inode mean same bytes."""
    path = tmp_path / "token"
    path.write_bytes(b"one")
    secret = Secret(f"file:{path}")
    secrets.read(secret)
    stamp = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    assert secrets.read(secret) == b"one"


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("env:NOT_THERE_AT_ALL", "environment variable of 'env:NOT_THERE_AT_ALL' is not set"),
        ("env:EMPTY_ONE", "'env:EMPTY_ONE' is empty"),
        ("file:/not/there", "'file:/not/there' cannot be read: No such file or directory"),
        ("file:/", "'file:/' cannot be read: Is a directory"),
    ],
)
def test_what_leads_nowhere_is_named_by_its_reference(
    reference: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reference is enough to find the mistake."""
    monkeypatch.setenv("EMPTY_ONE", "\n")

    with pytest.raises(ConfigError, match=said):
        secrets.read(Secret(reference))


def test_a_literal_is_never_repeated() -> None:
    """A value that got here by mistake is refused in silence about it."""
    with pytest.raises(ConfigError) as raised:
        secrets.read(Secret("sk-live-123"))

    assert "sk-live" not in str(raised.value)


def test_a_fault_survives_a_pipe() -> None:
    """A worker process can hand a fault to its supervisor without losing a word of it."""
    with pytest.raises(ConfigError) as raised:
        secrets.read(Secret("env:NOT_THERE_AT_ALL"))
    fault = raised.value

    again = pickle.loads(pickle.dumps(fault))

    assert isinstance(fault, Fault)
    assert str(again) == str(fault)
    assert again.render("pt-BR") == fault.render("pt-BR")


def test_check_tries_every_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each one that is not set is a fault with its line; set, there is none (issue 2)."""
    monkeypatch.chdir(VALID)
    files = (Path("chatwoot_mapping.yaml"), Path("config"), Path("crews"))
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)

    lines = check(*files, tools=TOOLS).lines()

    assert len(lines) == len(VARIABLES)
    assert lines[0] == (
        "chatwoot_mapping.yaml:10:9: accounts.acme.bots.acme-bot.token: environment variable of "
        "'env:ACME_TOKEN' is not set (set it for the process that runs chatcrew)"
    )
    for name in VARIABLES:
        monkeypatch.setenv(name, f"value-of-{name}")
    assert check(*files, tools=TOOLS).lines() == []


def test_loading_reads_no_secret_and_shows_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configuration's repr has references only; a relative file starts at the mapping."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    mapping = tmp_path / "chatwoot_mapping.yaml"
    mapping.write_text(mapping.read_text().replace("env:ACME_TOKEN", "file:run/token"))
    monkeypatch.setenv("ACME_NEW", "very-secret-value")

    configuration = load(mapping, tmp_path / "config", tmp_path / "crews", tools=TOOLS)

    assert configuration.bots["acme-bot"].token == Secret(f"file:{tmp_path}/run/token")
    assert "very-secret-value" not in repr(configuration)
    assert "very-secret-value" not in str(pickle.dumps(configuration))
