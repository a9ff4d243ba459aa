"""``docs/examples.md``, in both languages, says of the four businesses what is so."""

import re
from pathlib import Path

import pytest

from chatcrew import tools
from chatcrew.cli._explain_text import hits
from chatcrew.tenancy import load

ROOT = Path(__file__).parents[2]
PAGES = ("docs/examples.md", "docs/examples.pt-BR.md")


@pytest.fixture(scope="module")
def configuration():
    """Return what the shipped files say."""
    files = (ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews")
    return load(*files, tools=tools.names())


def rows(page: str, name: str) -> list[list[str]]:
    """Return the cells of a table, without its head."""
    text = (ROOT / page).read_text("utf-8").split(f"<!-- table: {name} -->\n\n", 1)[1]
    lines = text.split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("page", PAGES)
def test_each_business_is_there_with_its_bot_and_inboxes(page, configuration) -> None:
    """A business of the folder has its row; names and inbox numbers are those of the files."""
    found = {row[0]: row for row in rows(page, "businesses")}

    assert set(found) == set(configuration.tenants)
    for key, row in found.items():
        persona = configuration.tenants[key].persona
        assert persona.name in row[1]
        assert persona.business in row[1]
        own = {n for (_, n), route in configuration.routes.items() if n and route.tenant == key}
        assert {int(number) for number in re.findall(r"\d+", row[2])} == own


@pytest.mark.parametrize("page", PAGES)
def test_what_one_may_write_is_answered_without_a_model(page, configuration) -> None:
    """An intent or a certain knowledge entry: nobody without a key is disappointed (S3-41)."""
    messages = rows(page, "messages")

    assert {row[0] for row in messages} == set(configuration.tenants)
    for tenant, words, _ in messages:
        led = hits(configuration.tenants[tenant], words)
        certain = any(one["certain"] for one in led["knowledge"])
        assert led["intent"] is not None or certain, (tenant, words)


def test_both_pages_have_the_same_script() -> None:
    """The English one is played in tests/scenario/processes/test_showcase.py."""
    english, portuguese = (rows(page, "scripted") for page in PAGES)

    assert [(row[1], row[3]) for row in english] == [(row[1], row[3]) for row in portuguese]
    assert len(english) > 10
