"""What the pages show of an account is what the bot writes."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chatcrew.hub.orders import read
from chatcrew.messages import Rung
from chatcrew.why import Account, Cite, IntentTold, Spent, ToolTold, note
from chatcrew.why._versions import NEWEST

ROOT = Path(__file__).parents[2]
PAGES = ("docs/why.md", "docs/why.pt-BR.md")
CLINIC = "config/domains/health/varizemed.yaml"
SHOWN = Account(
    turn="t1",
    conversation="demo/bot/1",
    at=datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC),
    outcome="replied",
    reason="crew",
    crew="whatsapp",
    function="support",
    engine="compiled",
    config="abc123",
    intent=IntentTold("prices", "near", "", 0.55, "book"),
    cites=(Cite("knowledge", "Tem estacionamento?", (f"{CLINIC}:80", f"{CLINIC}:23")),),
    read=(Cite("role", "attendant", ("crews/whatsapp/agents.yaml:8",)),),
    tools=(ToolTold("find_slots", "ok", None, 2, 20.0), ToolTold("book", "waiting", 12)),
    rungs=(Rung("crew", "answered", 900.0),),
    stages={"answer": 900.0},
    waited_ms=1890,
    promise="kept",
    spent=Spent(1, 0, 0, 800, 90, 0.0002, 0, ("gpt-4o-mini",)),
    roles=("attendant",),
)


@pytest.mark.parametrize("page", PAGES)
def test_the_note_on_the_page_is_the_bots_own(page: str) -> None:
    """Whoever reads the page knows what to expect (N9)."""
    text = (ROOT / page).read_text("utf-8")
    shown = text.split("<!-- example: note -->\n\n```text\n", 1)[1].split("\n```", 1)[0]
    assert shown == note([SHOWN], None, back=1, zone=ZoneInfo("America/Sao_Paulo"))
    assert str(NEWEST) in text


def test_the_commands_on_the_page_are_understood() -> None:
    """In both languages, with and without a number."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    for words in ("/bot porque", "/bot why", "/bot porque 2", "/bot por que 20?"):
        assert read(words, now=now).order is not None, words
    for words in ("/bot porque 0", "/bot porque 21", "/bot porque sim"):
        assert "Qual delas" in read(words, now=now).note
