"""What the pages show of a chain is what the command prints, and every break is told of."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chatcrew.ids import ConversationId
from chatcrew.messages import ActKind, Outcome, PartState, TurnState
from chatcrew.proofs import Chain, Input, Sent, Turn, lines, prove
from chatcrew.proofs._text import BREAKS

ROOT = Path(__file__).parents[2]
PAGES = (("docs/prove.md", "en"), ("docs/prove.pt-BR.md", "pt-BR"))
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SAID = datetime(2026, 11, 22, 12, 0, 2, tzinfo=UTC)
SHOWN = Chain(
    conversation=ConversationId("demo", "clinic-bot", 7),
    tenant="health/varizemed",
    status="pending",
    due_at=None,
    leased_until=None,
    worker=None,
    turns=(
        Turn(
            id="9b1e",
            state=TurnState.FINISHED,
            worker="worker-0",
            attempts=1,
            started_at=AT,
            decided_at=SAID,
            finished_at=SAID,
            outcome=Outcome.REPLIED,
            reason="crew",
            inputs=(Input("message", "message_created", 41, "5f0c", AT),),
            parts=(Sent(0, ActKind.MESSAGE, PartState.SENT, "t", 1, SAID, SAID, 42, None, True),),
        ),
    ),
)


@pytest.mark.parametrize(("page", "language"), PAGES)
def test_the_chain_on_the_page_is_the_commands_own(page: str, language: str) -> None:
    """Whoever reads the page knows what to expect."""
    text = (ROOT / page).read_text("utf-8")
    shown = text.split("<!-- example: prove -->\n\n```text\n", 1)[1].split("\n```", 1)[0]
    proof = prove(SHOWN, now=AT, chatwoot={"t": 1})

    zone = ZoneInfo("America/Sao_Paulo")
    assert shown == "\n".join(lines(proof, language, zone=zone, limit=20))


@pytest.mark.parametrize("page", [page for page, _ in PAGES])
def test_every_break_is_told_of(page: str) -> None:
    """By the name under which ``--json`` gives it."""
    text = (ROOT / page).read_text("utf-8")
    rows = re.findall(r"^\| (`[a-z_`, ]+`) \|", text, re.MULTILINE)

    assert {name for row in rows for name in re.findall(r"\w+", row)} == set(BREAKS)
