"""Conversation tests: every shipped one goes well, and one that must fail does (issue 4)."""

import shutil
from pathlib import Path

import pytest
import yaml

from chatcrew.database import Database
from chatcrew.errors import ConfigErrors
from chatcrew.testing.conversations import Played, Report, run_conversations

ROOT = Path(__file__).parents[2]
DOMAINS = ROOT / "config" / "domains"
TENANTS = [
    f"{path.parent.name}/{path.name.removesuffix('.tests.yaml')}"
    for path in sorted(DOMAINS.glob("*/*.tests.yaml"))
]
CLINIC = "health/varizemed"
PRICE = "Quanto custa a primeira consulta?"


@pytest.fixture
def play(database: Database, tmp_path: Path):
    """Return a player of conversations, written as YAML would be, with the clinic."""
    folder = tmp_path / "config" / "domains" / "health"
    shutil.copytree(DOMAINS / "health", folder)

    async def run(*conversations: list[dict], **options: object) -> Report:
        named = [{"name": f"c{n}", "customer": one} for n, one in enumerate(conversations)]
        text = yaml.safe_dump({"conversations": named}, allow_unicode=True)
        (folder / "varizemed.tests.yaml").write_text(text, "utf-8")
        return await run_conversations(
            CLINIC,
            config_dir=tmp_path / "config",
            crews_dir=ROOT / "crews",
            database=database,
            **options,
        )

    return run


@pytest.mark.crewai
@pytest.mark.timeout(180)
@pytest.mark.xdist_group("crew-pool")
@pytest.mark.parametrize("tenant", TENANTS)
async def test_every_shipped_conversation_goes_well(tenant: str, database: Database) -> None:
    """The file beside a business is played as ``chatcrew test`` plays it."""
    report = await run_conversations(
        tenant, config_dir=ROOT / "config", crews_dir=ROOT / "crews", database=database
    )

    assert len(report.played) >= 10
    assert not report.failures


WRONG = {
    "intent": {"says": "Oi!", "intent": "none"},
    "tool": {"says": "Oi!", "tool": "search_knowledge"},
    "contains": {"says": PRICE, "contains": "R$ 999"},
    "lacks": {"says": PRICE, "lacks": "r$ 350"},
    "handoff": {"says": "quero falar com uma pessoa", "handoff": False},
}


async def test_each_kind_of_wrong_expectation_is_found(play) -> None:
    """A test that cannot fail would be no test; what the customer read goes with each."""
    report = await play(*([line] for line in WRONG.values()))

    assert not report.ok
    assert [[failure.kind for failure in one.failures] for one in report.played] == [
        [kind] for kind in WRONG
    ]
    intent, tool, contains, _, handoff = report.failures
    assert (intent.expected, intent.got) == ("none", "greeting")
    assert (tool.expected, tool.got) == ("search_knowledge", "")
    assert "R$ 350" in contains.read
    assert contains.says == PRICE
    assert "extract: answered" in contains.rungs
    assert (handoff.expected, handoff.got) == ("no", "yes")
    assert contains.place[0].endswith("health/varizemed.tests.yaml")
    assert contains.place[1] > intent.place[1] > 0


async def test_an_invented_price_fails_a_test_that_wants_it_said(play) -> None:
    """The model of a test is checked like any other: what stands in no source is not said (N6)."""
    line = {
        "says": "Vocês fazem microagulhamento no rosto?",
        "model": "Fazemos, por R$ 1.290.",
        "contains": "1.290",
        "handoff": False,
    }

    (played,) = (await play([line])).played

    assert [failure.kind for failure in played.failures] == ["contains", "handoff"]
    assert "1.290" not in played.failures[0].read
    assert "crew: unfounded_price" in played.failures[0].rungs


async def test_conversations_know_nothing_of_each_other(play) -> None:
    """An answer that may be given again is not given to the next conversation (S0-19)."""
    first, second = (
        {"says": "Vocês atendem no sábado?", "model": words, "contains": words}
        for words in ("Sim, das 8h às 12h.", "Aos sábados, de manhã.")
    )

    report = await play([first], [second])

    assert not report.failures


async def test_a_conversation_ends_with_its_first_wrong_line(play) -> None:
    """What comes after a line that went wrong says nothing about the business."""
    lines = [{"says": "Oi!", "handoff": True}, {"says": "Oi de novo", "contains": "xyz"}]

    (played,) = (await play(lines)).played

    assert [failure.kind for failure in played.failures] == ["handoff"]


async def test_several_messages_are_one_turn(play) -> None:
    """Messages sent one upon the other get one answer, to all of them (S1-05)."""
    line = {"says": ["oi", "tudo bem?", PRICE], "model": "A consulta custa R$ 350."}

    report = await play([{**line, "intent": "none", "contains": "A consulta custa R$ 350."}])

    assert not report.failures


async def test_the_bot_may_be_silent_once_people_have_the_conversation(play) -> None:
    """Nobody answers over a person's head, so silence is no failure there."""
    report = await play(
        [
            {"says": "quero falar com uma pessoa", "handoff": True},
            {"says": "alguém aí?", "handoff": True, "lacks": "Clara"},
        ]
    )

    assert not report.failures


async def test_only_chosen_conversations_are_played_and_each_is_told(play) -> None:
    """By name or channel; who waits sees each as soon as it is over."""
    told: list[Played] = []
    lines = [{"says": "Oi!"}]

    report = await play(lines, lines, lines, name="C1", told=told.append)

    assert [one.name for one in report.played] == ["c1"]
    assert tuple(told) == report.played
    assert (await play(lines, channel="email")).played == ()


async def test_a_faulty_file_plays_nothing(play, tmp_path: Path) -> None:
    """A file of the business that does not hold is told with its line, as ``check`` tells it."""
    broken = tmp_path / "config" / "domains" / "health" / "varizemed.yaml"
    broken.write_text(broken.read_text("utf-8") + "\nunknown_key: 1\n", "utf-8")

    with pytest.raises(ConfigErrors) as raised:
        await play([{"says": "Oi!"}])

    assert "unknown_key" in str(raised.value.exceptions[0])
