"""Advice about who gets a conversation: slips that load well and then never do anything."""

import shutil
from datetime import date
from pathlib import Path

from chatcrew.cli._check import advice_on
from chatcrew.tenancy import check

ROOT = Path(__file__).parents[2]
VALID = ROOT / "tests" / "samples" / "tenancy" / "valid"
PEOPLE = """
people:
  distribution:
    method: load
    specialties:
      - {topics: [boook, wants_person], functions: [suport], team: vendas}
"""


def advised(folder: Path, language: str) -> list[str]:
    """Return the advice on the people of the sample."""
    report = check(
        folder / "chatwoot_mapping.yaml",
        folder / "config",
        folder / "crews",
        tools=frozenset({"search_knowledge", "handoff", "available_slots"}),
        read_secrets=False,
        advice=advice_on(date(2026, 11, 21)),
    )
    assert report.lines() == []
    found = [one.render(language) for one in report.warnings]
    return [line.partition(": ")[2] for line in found if "people." in line]


def test_what_never_fits_and_who_is_never_seen_is_told(tmp_path: Path) -> None:
    """A topic that is no intent, a function nobody has, a method without eyes (S3-79, S3-84)."""
    folder = shutil.copytree(VALID, tmp_path / "house")
    file = folder / "config" / "domains" / "shop" / "acme.yaml"
    file.write_text(file.read_text("utf-8") + PEOPLE, "utf-8")

    unseen, topic, function = advised(folder, "en")

    assert topic.startswith("people.distribution.specialties[0].topics[0]: no intent is called")
    assert "did you mean 'book'?" in topic
    assert "functions[0]: unknown function 'suport'" in function
    assert "did you mean 'support'?" in function
    assert "method 'load' needs to see who is available" in unseen
    assert "o Chatwoot" in advised(folder, "pt-BR")[0]

    mapping = folder / "chatwoot_mapping.yaml"
    text = mapping.read_text("utf-8")
    seeing = text.replace("    bots:\n", "    user_token: env:U\n    bots:\n", 1)
    assert seeing != text
    mapping.write_text(seeing, "utf-8")
    assert len(advised(folder, "en")) == 2


INACTIVE = """
people:
  inactivity: {nudge_after: 30m, close_after: 2d}
  distribution:
    specialties:
      - {reasons: [urgente, mood, "intent:wants_person", "intent:gone"], team: vendas}
"""
TEMPLATE = "template: {name: volta, language: pt_BR, text: Oi}, close_after: 2d"


def test_what_comes_too_late_to_be_said_and_a_reason_nobody_has_are_told(tmp_path: Path) -> None:
    """A goodbye after the 24 hours of the channel (S3-72); misspelt reasons (S3-84)."""
    folder = shutil.copytree(VALID, tmp_path / "house")
    file = folder / "config" / "domains" / "shop" / "acme.yaml"
    plain = file.read_text("utf-8")
    file.write_text(plain + INACTIVE, "utf-8")

    late, urgent, gone = advised(folder, "en")

    assert late.startswith(
        "people.inactivity.close_after: close_after: 2d comes after the 24 hours"
    )
    assert "channel 'whatsapp'" in late
    assert "no handoff has the reason 'urgente'" in urgent
    assert "did you mean 'urgent'?" in urgent
    assert "'intent:gone'" in gone
    assert "modelo (template)" in advised(folder, "pt-BR")[0]

    file.write_text(plain + INACTIVE.replace("close_after: 2d", TEMPLATE), "utf-8")
    assert not any("24 hours" in one for one in advised(folder, "en"))
    file.write_text(plain + INACTIVE.replace("2d", "23h"), "utf-8")
    assert not any("24 hours" in one for one in advised(folder, "en"))
