"""Advice about files that hold: each slip is named at its line, and good files get none."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from chatcrew.cli._check import advice_on
from chatcrew.tenancy import check

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
TODAY = date(2026, 11, 21)
OWN = "config/domains/shop/acme.yaml"
OUTLET = "config/domains/shop/outlet.yaml"
CREW = "crews/_default/crew.yaml"
AGENTS = "crews/_default/agents.yaml"
WHATSAPP = "crews/whatsapp/crew.yaml"
MODELS = "config/models.yaml"
_OLD_PRICES = """models:
  m: {price: {as_of: 2025-11-20, input: 1, output: 1}}
  n: {price: {as_of: 2025-11-19, input: 1, output: 1}}
  o: {price: {as_of: 2025-11-21, input: 1, output: 1}}
"""

Lint = Callable[..., list[str]]


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lint:
    """Return a function that adds text to files of a valid sample and returns the warnings."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    (tmp_path / "config/domains/shop/acme.tests.yaml").unlink()
    monkeypatch.chdir(tmp_path)

    def run(*changes: tuple[str, str, str], language: str = "en") -> list[str]:
        for name, old, new in changes:
            path = tmp_path / name
            text = path.read_text("utf-8") if path.exists() else ""
            assert old in text, name
            path.write_text(text.replace(old, new, 1) if old else text + new, "utf-8")
        report = check(
            Path("chatwoot_mapping.yaml"),
            Path("config"),
            Path("crews"),
            tools=TOOLS,
            read_secrets=False,
            advice=advice_on(TODAY),
        )
        assert report.lines() == []
        return [warning.render(language) for warning in report.warnings]

    return run


def added(now: list[str], before: list[str]) -> list[str]:
    """Return what a change brought."""
    return [line for line in now if line not in before]


CASES = {
    "model": (
        [(MODELS, "", "models: {gpt-4o: {}}\n"), (CREW, "", "model: gpt-4oo\n")],
        "crews/_default/crew.yaml:6:1: model: model 'gpt-4oo' is not in config/models.yaml: "
        "its price and limits are unknown (did you mean 'gpt-4o'?)",
    ),
    "price": (
        [(MODELS, "", _OLD_PRICES)],
        "config/models.yaml:3:15: models.n.price.as_of: prices older than a year, the oldest was "
        "looked up 367 days ago: n, m (look at the provider's page and write the day into as_of)",
    ),
    "temperature": (
        [(CREW, "temperature: 0.2", "temperature: 0.9")],
        "crews/_default/crew.yaml:1:1: temperature: temperature 0.9 makes role 'attendant' say "
        "things differently each time, and uncached",
    ),
    "unreachable": (
        [(OWN, "intents:\n", "intents:\n  - {name: a, phrases: [falar com atendente], "
          "action: handoff}\n  - {name: b, phrases: [quero falar com atendente], "
          "action: handoff}\n")],
        "intents[1].name: intent 'b' is never reached: intent 'a' catches all its phrases",
    ),
    "caught": (
        [(OWN, "phrases: [quero marcar]", "phrases: [quero marcar, falar com atendente]")],
        "intents[0].phrases[1]: intent 'wants_person' catches phrase 'falar com atendente'",
    ),
    "wording": (
        [(OWN, "also: [Tem entrega?]", "also: [Tem entrega?, qual é o horário]")],
        "question: 'qual e o horario' asks what line 8 asks already",
    ),
    "behind": (
        [(OWN, "also: [Tem entrega?]", "also: [Tem entrega?, bom dia]")],
        "faq[0].also[1]: intent 'greeting' answers 'bom dia' before the knowledge is asked",
    ),
    "long": (
        [(OWN, "action: route", "action: route\n    replies: [" + "a " * 3000 + "]")],
        "characters, but channel 'whatsapp' takes 4096: it is sent in parts",
    ),
    "text": (
        [(OWN, "pt-BR: Vou chamar alguém.", "pt-BR: " + "a " * 3000)],
        "texts.handoff.pt-BR: 5999 characters, but channel 'whatsapp' takes 4096",
    ),
    "buttons": (
        [
            (WHATSAPP, "max_buttons: 3", "max_buttons: 2, button_chars: 9"),
            (OWN, "action: route", "action: route\n    buttons: [um, dois, terceiro]"),
        ],
        "intents[0].buttons: 3 buttons, but channel 'whatsapp' shows 2: they become numbered lines",
    ),
    "button": (
        [
            (WHATSAPP, "max_buttons: 3", "max_buttons: 3, button_chars: 5"),
            (OWN, "action: route", "action: route\n    buttons: [um, terceiro]"),
        ],
        "intents[0].buttons[1]: button 'terceiro' is longer than the 5 characters of channel "
        "'whatsapp'",
    ),
    "over": (
        [(OWN, "  - Fale da Acme.", "  - {text: Natal, until: 2026-11-20}")],
        "rules[0].until: this rule ended on 2026-11-20",
    ),
    "slots": (
        [(OWN, "slots: [seg-ter 08:00-12:00]", "slots: [seg-ter 08:00-12:00, ter 11:00-13:00]")],
        "professionals[0].slots[1]: 'ter 11:00-13:00' overlaps another time of the same person",
    ),
    "unrouted": (
        [("config/domains/shop/third.yaml", "", "persona: {name: Bia, business: Third}\n")],
        "config/domains/shop/third.yaml:1:1: no inbox leads to tenant 'shop/third'",
    ),
    "vague": (
        [(OUTLET, "max_tokens: 90", "max_tokens: 90, goal: vender")],
        "crew.agents.attendant.goal: 'vender' is too short to guide a model",
    ),
    "tokens": (
        [(OUTLET, "max_tokens: 90", "max_tokens: 9000")],
        "crew.agents.attendant.max_tokens: max_tokens 9000 is far more than the 4096 characters",
    ),
    "handoff": (
        [("crews/functions/support.yaml", "tools: [search_knowledge, handoff]",
          "tools: [search_knowledge]")],
        "role 'attendant' has tools but not handoff: it cannot call people",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_slip_is_named_at_its_place(case: str, lint: Lint) -> None:
    """A slip brings its line; without the slip the line is not there."""
    changes, expected = CASES[case]
    before = lint()

    found = added(lint(*changes), before)

    assert [line for line in found if expected in line], found


def test_each_warning_can_be_said_in_portuguese(lint: Lint) -> None:
    """The same place, other words."""
    changes, _ = CASES["over"]

    assert any(
        "esta regra terminou em 2026-11-20" in line for line in lint(*changes, language="pt-BR")
    )


@pytest.mark.parametrize(("route", "slips"), [("scheduling", 0), ("support", 1)])
def test_a_shortcut_to_the_same_function_is_no_slip(route: str, slips: int, lint: Lint) -> None:
    """The whole message is answered at once; longer ones still go to the wider intent."""
    short = (
        f"intents:\n  - {{name: short, phrases: [quero marcar], action: route, route: {route}, "
        "whole: true, replies: [Vamos lá.]}\n"
    )
    before = lint()
    now = lint((OWN, "intents:\n", short))

    assert len([line for line in added(now, before) if "'short' catches" in line]) == slips


def test_a_channel_without_buttons_is_no_slip(lint: Lint) -> None:
    """Options become numbered lines there on purpose."""
    before = lint()
    now = lint((OWN, "action: route", "action: route\n    buttons: [um, dois]"))

    assert not [
        line for line in added(now, before) if "of channel" in line or "but channel" in line
    ]


def test_a_limit_that_no_layer_gives_is_told(lint: Lint) -> None:
    """S3-112: always set limits."""
    found = lint()

    assert any("gives role 'attendant' a max_iter" in line for line in found)


@pytest.mark.parametrize(
    ("said", "warning"),
    [
        ("Nunca invente preços.", "says that nothing may be invented"),
        ("{rules}", "holds {rules}: the house's rules reach no model"),
    ],
)
def test_what_a_prompt_must_say_is_missed_until_it_is_said(
    said: str, warning: str, lint: Lint
) -> None:
    """S3-110: specific, never invent; and the rules of the house must reach somebody."""
    missed = [line for line in lint() if warning in line]
    answered = lint((AGENTS, "Responda em {language}.", f"Responda em {{language}}. {said}"))

    assert missed
    assert len([line for line in answered if warning in line]) < len(missed)
