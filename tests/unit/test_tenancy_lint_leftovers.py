"""Advice about what an author left behind, and about buttons that only a model could answer."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from chatcrew.cli._check import advice_on
from chatcrew.tenancy import Fault, check
from chatcrew.tenancy._linting.leftovers import EXAMPLES

ROOT = Path(__file__).parents[2]
VALID = ROOT / "tests" / "samples" / "tenancy" / "valid"
OWN = "config/domains/shop/acme.yaml"
BUTTON = "\n  - {name: menu, action: reply, phrases: [menu], replies: [Veja.], buttons: [%s]}\n  - "

Lint = Callable[[str, str], list[Fault]]


def checked(folder: Path) -> list[Fault]:
    """Return the warnings about the files of a folder, which hold."""
    report = check(
        folder / "chatwoot_mapping.yaml",
        folder / "config",
        folder / "crews",
        tools=frozenset({"search_knowledge", "handoff", "available_slots", "order_status"}),
        read_secrets=False,
        advice=advice_on(date(2026, 11, 21)),
    )
    assert report.lines() == []
    return list(report.warnings)


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    """Return a function that changes a valid sample's file and returns its new warnings."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    (tmp_path / "config/domains/shop/acme.tests.yaml").unlink()

    def run(old: str, new: str) -> list[Fault]:
        before = [str(one) for one in checked(tmp_path)]
        path = tmp_path / OWN
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return [one for one in checked(tmp_path) if str(one) not in before]

    return run


@pytest.mark.parametrize(
    ("hours", "code", "word"),
    [
        ("segunda a sexta, das 25h às 18h", "odd_time", "25h"),
        ("segunda a sexta, das 9h75 às 18h", "odd_time", "9h75"),
        ("das 08:00 às 24:30", "odd_time", "24:30"),
        ("seg-sex 9h-18h, sáb 9h-99h", "odd_time", "99h"),
        ("segunda a sexta, das 18h às 9h", "closes_first", "18h às 9h"),
        ("das 9:00 até as 8:00", "closes_first", "9:00 até as 8:00"),
        ("das 14h-12h", "closes_first", "14h-12h"),
    ],
)
def test_hours_that_no_clock_shows_are_told(lint: Lint, hours: str, code: str, word: str) -> None:
    """The bot would repeat them to customers."""
    (found,) = lint("rules:\n", f'hours: "{hours}"\nrules:\n')

    assert (found.code, found.path, found.values["word"]) == (code, "hours", word)


@pytest.mark.parametrize(
    "hours",
    [
        "segunda a sexta, das 9h às 18h, e sábado, das 9h às 14h; o site vende 24 horas",
        "aberto 24h, todos os dias",
        "das 8h às 12h e das 14h às 18h",
        "terça a domingo, das 18h às 2h",
        "das 18h à 0h",
        "das 18:00 às 24:00",
        "das 19h às 7h do dia seguinte",
        "9:00 am to 6:00 pm",
        "9h30-18h, intervalo às 12h",
        "só com hora marcada",
    ],
)
def test_hours_that_people_write_are_no_slip(lint: Lint, hours: str) -> None:
    """A bar closes after midnight, a shop at noon, and a site never."""
    assert lint("rules:\n", f'hours: "{hours}"\nrules:\n') == []


@pytest.mark.parametrize(
    ("written", "slips"),
    [("“Acme”", 1), ("“Acme", 1), ("«Acme»", 1), ("Loja “Acme” da Ana", 0), ('"Acme"', 0)],
)
def test_curly_quotes_around_a_text_are_told(lint: Lint, written: str, slips: int) -> None:
    """A word processor puts them; inside a sentence they are only quotes."""
    found = lint("rules:\n", f"facts: {{loja: {written}}}\nrules:\n")

    assert [one.code for one in found] == ["curly_quotes"] * slips


def test_what_an_example_left_is_told_once_with_all_its_lines(lint: Lint) -> None:
    """Customers of a copied business would be sent to a site that nobody can own (RFC 2606)."""
    facts = "facts:\n  site: https://bellaflor.example/x\n  loja: (41) 5555-0130\n"
    facts += "  mail: oi@bellaflor.example\nrules:\n"
    found = lint("rules:\n", facts)

    told = [(one.code, one.values["word"], one.values["lines"]) for one in found]
    first = (found[0].line or 0, found[1].line or 0)
    assert told == [
        ("example_left", "bellaflor.example", f"{first[0]}, {first[0] + 2}"),
        ("example_left", "(41) 5555-0130", str(first[1])),
    ]
    assert first[1] == first[0] + 1


def test_the_examples_are_those_that_come_with_the_product() -> None:
    """An example that is added or renamed must not be warned of, nor its old name excused."""
    folder = ROOT / "config" / "domains"
    own = [path for path in folder.glob("*/*.yaml") if "." not in path.stem]
    shipped = {f"{path.parent.name}/{path.stem}" for path in own if path.stem != "_base"}

    assert shipped == EXAMPLES
    assert not [one for one in checked(ROOT) if one.code in ("example_left", "curly_quotes")]


@pytest.mark.parametrize(
    ("title", "slips"),
    [
        ("Falar com atendente", 0),  # people are called
        ("Vocês entregam?", 0),  # the knowledge is certain
        ("Menu", 0),  # an intent with words of its own
        ("Quero marcar", 1),  # an intent that only leads to the crew
        ("Surpresa", 1),
    ],
)
def test_a_button_that_only_a_model_could_answer_is_told(
    lint: Lint, title: str, slips: int
) -> None:
    """Where no model is there, a tap on it would end with people."""
    found = lint("intents:\n  - ", f"intents:{BUTTON % title}")

    idle = [one for one in found if one.code == "button_leads_nowhere"]
    assert [one.values["word"] for one in idle] == [title] * slips


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_each_is_said_in_both_languages(lint: Lint, language: str) -> None:
    """With what can be done about it."""
    facts = "hours: das 25h às 18h\nfacts: {a: “b”, c: a.example}\nrules:\n"

    for one in lint("rules:\n", facts):
        line = one.render(language)
        assert line.endswith(")")
        assert ("inventado" in line) is (language == "pt-BR" and one.code == "example_left")
