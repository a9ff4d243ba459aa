"""Every figure on the page of one conversation, recomputed from exported files (S3-101)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

import orjson
import pytest
from sqlalchemy import text
from tests.contract.analytics_rows import NOW
from tests.contract.figures_console import FiguresConsole, figures_console
from tests.contract.recount.one import Told, sessions_of, turns_of
from tests.contract.recount.rendered import VOID
from tests.contract.recount.world import fill
from tests.contract.test_console_recounted import KNOWN, facts_of, pages_of

from chatcrew.database import Database
from chatcrew.database.transactions import transaction
from chatcrew.ledger import PostgresLedger
from chatcrew.mailbox import PostgresMailbox
from chatcrew.outbox import PostgresOutbox
from chatcrew.testing import ManualClock
from chatcrew.why import StoredWhy

SNAPSHOT = {
    **{"version": 0, "status": "pending", "owner": None, "owner_known": True, "inbox_id": 1},
    **{"channel": "Channel::Whatsapp", "can_reply": True, "labels": [], "custom_attributes": {}},
    **{"team_id": None, "priority": None},
}
LABELS = {
    "pt-BR": {
        **{"tempo": "time", "custo": "cost", "o que foi tentado": "rungs", "arquivos": "version"},
        **{"ferramentas": "tools", "intenção": "intent", "Código": "turn"},
    },
    "en": {
        **{"time": "time", "cost": "cost", "what was tried": "rungs", "files": "version"},
        **{"tools": "tools", "intent": "intent", "Id": "turn"},
    },
}
ROW_OF_ONE_CONVERSATION = "{account}/{bot}/{number}"


@dataclass
class Block:
    """A list of pairs, what stands above it, and the bars below it."""

    above: str = ""
    pairs: list[list[str]] = field(default_factory=list)
    bars: list[list[str]] = field(default_factory=list)


class OnePage(HTMLParser):
    """The blocks of the page: first that of the conversation, then one for each turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks = [Block()]
        self._open: list[str] = []
        self.feed(html[html.index("<main") :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a pair or a bar."""
        if tag == "details":
            self.blocks.append(Block())
        elif tag == "dt":
            self.blocks[-1].pairs.append(["", ""])
        elif tag == "progress":
            found = dict(attrs)
            self.blocks[-1].bars.append([str(found["max"]), str(found["value"]), ""])
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep text where it stands."""
        block = self.blocks[-1]
        if "dt" in self._open:
            block.pairs[-1][0] += data
        elif "dd" in self._open:
            block.pairs[-1][1] += data
        elif "summary" in self._open:
            block.above += data
        elif "li" in self._open and block.bars and "progress" not in self._open:
            block.bars[-1][2] += data if any(one.isdigit() for one in data) else ""


def unlike(told: str, figures: Sequence[str]) -> bool:
    """Return whether a text holds other figures than these, or one more."""
    for one in sorted(figures, key=len, reverse=True):
        told, times = re.subn(rf"(?<![\d.,]){re.escape(one)}(?!\d)", "", told, count=1)
        if not times:
            return True
    return any(one.isdigit() for one in told)


def faults(page: OnePage, place: str, sessions: list[list[str]], turns: list[Told], labels) -> list:
    """Return where a page differs from what was recomputed."""
    whole, *each = page.blocks
    rest = [pair for pair in whole.pairs if any(one.isdigit() for one in "".join(pair))]
    wrong: list[object] = [] if rest[0][1].strip() == place else [rest[0]]
    told = [" ".join(pair) for pair in rest[1:]]
    wrong += [] if len(told) == len(sessions) else [(told, sessions)]
    wrong += [pair for pair in zip(told, sessions, strict=False) if unlike(*pair)]
    wrong += [] if len(each) == len(turns) else [(len(each), len(turns))]
    for block, turn in zip(each, turns, strict=False):
        found = {labels.get(label.strip(), label): words for label, words in block.pairs}
        found["moment"] = block.above
        wanted = {name: rows for name, rows in turn.rows.items() if rows}
        for name in {*found, *wanted}:
            if unlike(found.get(name, ""), wanted.get(name, [])):
                wrong.append((turn.turn, name, found.get(name), wanted.get(name)))
        bars = [(float(most), float(value), words.strip()) for most, value, words in block.bars]
        if sorted(bars) != sorted(turn.bars):
            wrong.append((turn.turn, bars, turn.bars))
    return wrong


@pytest.fixture
async def console(database: Database):
    """Give a console whose accounts of turns come from the records themselves."""
    await fill(database)
    async with transaction(database) as run:
        whole = "update conversation set snapshot = cast(:whole as jsonb) || snapshot"
        await run.execute(text(whole), {"whole": orjson.dumps(SNAPSHOT).decode()})
    clock = ManualClock(NOW)
    why = StoredWhy(
        PostgresLedger(database),
        outbox=PostgresOutbox(database, clock),
        states=PostgresMailbox(database, clock),
        quiet=lambda _: None,
    )
    async with figures_console(database, pages_of(database), known=KNOWN, why=why) as running:
        yield running


async def test_the_page_of_each_conversation_shows_the_figures_of_its_exported_rows(
    console: FiguresConsole,
) -> None:
    """Costs, tokens, waits, stages, steps, tools, guesses; a figure of nobody's is a fault."""
    facts = await facts_of(console, "")
    places = {
        (row["account"], row["bot"], row["number"]): row for row in reversed(facts.of_ever["turns"])
    }
    seen: dict[str, int] = {}
    for count, (place, row) in enumerate([*places.items()][::2]):
        lang = ("pt-BR", "en")[count % 2]
        view = {"language": lang, "next": "/console/"}
        await console.client.post("/console/view", data=view, allow_redirects=False)
        page = OnePage(await console.text(f"conversations/{'/'.join(place)}"))
        sessions = sessions_of(facts, row, lang=lang)
        turns = turns_of(facts, row, lang=lang)
        address = ROW_OF_ONE_CONVERSATION.format(**row)
        assert faults(page, address, sessions, turns, LABELS[lang]) == []
        for name, rows in [pair for turn in turns for pair in turn.rows.items()]:
            seen[name] = seen.get(name, 0) + len(rows)
    # The house holds something of each kind, so that none was compared with nothing
    assert min(seen[name] for name in ("time", "cost", "rungs", "tools", "intent")) > 10
