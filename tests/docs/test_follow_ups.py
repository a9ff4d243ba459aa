"""``docs/follow-ups.md`` says what the program does: its examples load, its figures hold."""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from chatcrew import tools
from chatcrew.hub import idle
from chatcrew.ids import ConversationId
from chatcrew.messages import ConversationState, Snapshot, reply_window
from chatcrew.tenancy import load
from chatcrew.tenancy.model import Abuse, People

ROOT = Path(__file__).parents[2]
ENGLISH = (ROOT / "docs" / "follow-ups.md").read_text("utf-8")
PORTUGUESE = (ROOT / "docs" / "follow-ups.pt-BR.md").read_text("utf-8")


def people(folder: Path, name: str) -> People:
    """Return what the clinic's file says of people with an example in place of its own words."""
    found = re.search(rf"<!-- example: {name} -->\n\n?```yaml\n(.+?)```", ENGLISH, re.DOTALL)
    assert found is not None
    for part in ("config", "crews"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("knowledge"))
    shutil.copy(ROOT / "chatwoot_mapping.yaml", folder)
    clinic = folder / "config" / "domains" / "health" / "varizemed.yaml"
    written = {**yaml.safe_load(clinic.read_text("utf-8")), **yaml.safe_load(found[1])}
    clinic.write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")
    loaded = load(
        folder / "chatwoot_mapping.yaml", folder / "config", folder / "crews", tools=tools.names()
    )
    return loaded.tenants["health/varizemed"].people


def test_the_example_of_silence_loads(tmp_path: Path) -> None:
    """Two spans and a template whose every parameter is filled."""
    silence = people(tmp_path, "inactivity").inactivity

    assert silence.nudge_after == timedelta(hours=2)
    assert silence.close_after == timedelta(hours=22)
    window = reply_window(
        ConversationState(ConversationId("a", "b", 1), channel="whatsapp", snapshot=Snapshot())
    )
    assert window is not None
    assert silence.close_after < window, "the goodbye would never be said"
    assert silence.template is not None
    wanted = set(re.findall(r"\{\{(\w+)\}\}", silence.template.text))
    assert wanted == set(silence.template.params)


def test_the_example_of_floods_loads(tmp_path: Path) -> None:
    """What it does not say stays as it is."""
    abuse = people(tmp_path, "abuse").abuse

    assert (abuse.minute, abuse.then, abuse.opt_out) == (20, "handoff", ("chega de zap",))
    assert abuse.day == Abuse().day


@pytest.mark.parametrize("page", [ENGLISH, PORTUGUESE])
def test_figures_and_labels_are_those_of_the_program(page: str) -> None:
    """Both pages say the same."""
    policy = Abuse()
    for said in (str(policy.day), str(policy.minute), str(policy.longest)):
        assert said in page
    for label in (policy.label, policy.opt_out_label, idle.CLOSED_LABEL):
        assert f"`{label}`" in page
    assert policy.every == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("channel", "hours"),
    [("whatsapp", 24), ("facebook", 24), ("instagram", 24), ("tiktok", 48), ("email", None)],
)
def test_the_windows_are_those_that_the_page_names(channel: str, hours: int | None) -> None:
    """Counted from the customer's last word."""
    state = ConversationState(ConversationId("a", "b", 1), channel=channel, snapshot=Snapshot())
    window = reply_window(state)
    assert window == (None if hours is None else timedelta(hours=hours))


@pytest.mark.parametrize("name", ["inactivity", "abuse"])
def test_both_pages_show_the_same_examples(name: str) -> None:
    """Who reads Portuguese has something to copy, too."""
    marked = rf"<!-- example: {name} -->\n\n?```yaml\n(.+?)```"
    ours, theirs = (re.search(marked, page, re.DOTALL) for page in (PORTUGUESE, ENGLISH))
    assert ours is not None
    assert theirs is not None
    assert ours[1] == theirs[1]
