"""The addresses of tabs: each account has its own, and nobody guesses it (S2-08)."""

import shutil
from pathlib import Path

import pytest

from chatcrew.tenancy import check

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
OTHER = """
  second:
    account_id: 9
    base_url: https://desk.other.example
    tenant: shop/acme
    tab_token: env:{}
    bots:
      second-bot: {{agent_bot_id: 3, token: env:T, secrets: {{agent_bot: [env:S]}}}}
"""


def faults(folder: Path, second: str, *, read: bool, language: str = "en") -> list[str]:
    """Return what is wrong with the tab tokens of two accounts; the first one's is in ``A``."""
    mapping = folder / "chatwoot_mapping.yaml"
    text = (VALID / mapping.name).read_text("utf-8")
    first = text.replace("    bots:\n", "    tab_token: env:A\n    bots:\n", 1)
    mapping.write_text(first.rstrip("\n") + OTHER.format(second), "utf-8")
    config, crews = folder / "config", folder / "crews"
    report = check(mapping, config, crews, tools=TOOLS, read_secrets=read)
    found = [one.render(language) for one in report.faults]
    return [line.partition(": ")[2] for line in found if "tab_token" in line]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an installation; ``A`` and ``B`` hold tokens of their own, ``C`` the first's again."""
    long = "x" * 16
    for name, value in {"A": long, "B": "y" * 16, "C": long, "D": "y" * 15}.items():
        monkeypatch.setenv(name, value)
    return shutil.copytree(VALID, tmp_path / "house")


def test_one_reference_in_two_accounts_is_seen_without_reading_it(folder: Path) -> None:
    """One of the two tabs would open the other account's."""
    (fault,) = faults(folder, "A", read=False)

    assert fault.startswith("accounts.second.tab_token: account")
    assert "has the same tab_token" in fault
    assert "tem o mesmo tab_token" in faults(folder, "A", read=False, language="pt-BR")[0]
    assert faults(folder, "B", read=False) == []


@pytest.mark.parametrize(("second", "words"), [("C", "has the same tab_token"), ("D", "shorter")])
def test_what_only_the_values_show_is_told_where_secrets_are_read(
    folder: Path, second: str, words: str
) -> None:
    """Two references with one value, and a token that could be guessed, whose tab stays shut."""
    (fault,) = faults(folder, second, read=True)

    assert words in fault
    assert "accounts.second.tab_token" in fault
    assert faults(folder, second, read=False) == []
    assert faults(folder, "B", read=True) == []
    assert "y" * 15 not in fault
