"""What somebody pasted into the wrong place of a file is in no fault, and so in no log."""

import shutil
from pathlib import Path

import pytest

from chatcrew.tenancy import check
from chatcrew.tenancy._faults.masking import masked

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
TOKENS = (
    "hQ7kx2VbnR4tYp9sWm3zLcA8",
    "sk-proj-abcdefghijklmnop",
    "9f86d081884c7d659a2feaa0c55ad015",
    "ghp_abcdefghijklmnopqrst",
    "aB3-cD4_eF5-gH6_iJ7-kL8_mN9",
)


@pytest.fixture
def said(tmp_path: Path):
    """Return what ``check`` says of the valid sample after one replacement in its mapping."""

    def call(old: str, new: str) -> str:
        root = tmp_path / "files"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(VALID, root)
        mapping = root / "chatwoot_mapping.yaml"
        words = mapping.read_text("utf-8")
        assert old in words
        mapping.write_text(words.replace(old, new, 1), "utf-8")
        report = check(mapping, root / "config", root / "crews", tools=TOOLS)
        assert report.faults
        return "\n".join(
            text for one in report.faults for text in (one.render("pt-BR"), str(one), repr(one))
        )

    return call


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("token: env:ACME_TOKEN", "token: env:ACME_TOKEN\n        signature: {}"),
        ("tenant: shop/acme", "tenant: {}"),
        ("token: env:ACME_TOKEN", "token: file:{}"),
        ("token: env:ACME_TOKEN", "{}: env:ACME_TOKEN"),
        ("token: env:ACME_TOKEN", "token: {}"),
        ("acme-bot:", "? {} x\n      :"),
        ("channel: whatsapp", "channel: {}"),
    ],
)
def test_a_token_beside_the_wrong_key_is_not_repeated(said, old, new, token) -> None:
    """The place is named, the token is not (S4-42)."""
    text = said(old, new.format(token))

    assert token not in text
    assert token[:12] not in text
    assert "chatwoot_mapping.yaml:" in text


@pytest.mark.parametrize(
    "text",
    [
        "health/varizemed",
        "unknown_setting_of_a_crew",
        "file:/run/secrets/chatwoot_bot_token",
        "env:CHATWOOT_BOT_SECRET_2026",
        "accounts.acme.bots.acme-bot.secrets.agent_bot",
        "Quanto custa a primeira consulta?",
        "mistralai/Mistral-7B",
        "anticonstitucionalissimamente",
        "+5511999990000",
    ],
)
def test_names_and_words_are_said(text: str) -> None:
    """A fault that hides what is wrong with a name helps nobody."""
    assert masked(text) == text


@pytest.mark.parametrize("number", [".inf", "-.inf", ".nan", "9" * 6000, "1e999"])
@pytest.mark.parametrize("key", ["deadline", "history"])
def test_a_number_that_is_none_is_called_so(tmp_path: Path, number: str, key: str) -> None:
    """Nobody is told that a number was expected and a number found."""
    shutil.copytree(VALID, tmp_path / "files")
    root = tmp_path / "files"
    with (root / "crews" / "_default" / "crew.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\n{key}: {number}\n")

    report = check(
        root / "chatwoot_mapping.yaml",
        root / "config",
        root / "crews",
        tools=TOOLS,
        read_secrets=False,
    )

    (fault,) = report.faults
    assert fault.code == "odd_number"
    assert "infinit" in fault.render("pt-BR")
