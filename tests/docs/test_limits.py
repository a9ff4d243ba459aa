"""``docs/limits.md`` says what the program does: examples load, defaults and bounds hold."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatcrew import tools
from chatcrew.cli._check import advice_on
from chatcrew.cli._commands import app
from chatcrew.llm._purse import _LONGEST_ANSWER
from chatcrew.tenancy import Report, check
from chatcrew.tenancy.model import BusinessLimits, Money, Rate

ROOT = Path(__file__).parents[2]
PAGES = ("docs/limits.md", "docs/limits.pt-BR.md")
CLINIC = "health/varizemed"


def page(name: str) -> str:
    """Return a page."""
    return (ROOT / name).read_text("utf-8")


def example(name: str, page_name: str) -> str:
    """Return the code under a marker."""
    found = re.search(rf"<!-- example: {name} -->\n\n```\w*\n(.+?)```", page(page_name), re.DOTALL)
    assert found is not None, name
    return found[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the shipped files, without an exchange rate and limits."""
    for name in ("config", "crews"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "chatwoot_mapping.yaml", tmp_path)
    models = tmp_path / "config" / "models.yaml"
    text = re.sub(r"(?m)^exchange:.*$", "", models.read_text("utf-8"))
    models.write_text(text, "utf-8")
    for business in (tmp_path / "config" / "domains").glob("*/*.yaml"):
        whole = business.read_text("utf-8")
        business.write_text(re.sub(r"(?m)^limits:\n(?: .*\n)+", "", whole), "utf-8")
    return tmp_path


def said(folder: Path, limits: str, exchange: str = "") -> Report:
    """Return what ``check`` says of the clinic with these limits."""
    clinic = folder / "config" / "domains" / "health" / "varizemed.yaml"
    text = clinic.read_text("utf-8")
    assert "\nlimits:" not in text, "the example would be a second limits:"
    clinic.write_text(f"{text}\n{limits}", "utf-8")
    models = folder / "config" / "models.yaml"
    models.write_text(f"{models.read_text('utf-8')}\n{exchange}", "utf-8")
    return check(
        folder / "chatwoot_mapping.yaml",
        folder / "config",
        folder / "crews",
        tools=tools.names(),
        read_secrets=False,
        advice=advice_on(date(2026, 11, 21), asks=True),
    )


@pytest.mark.parametrize("name", PAGES)
def test_the_example_is_what_the_page_says(name: str, folder: Path) -> None:
    """Copied to the end of a business's file, with a dollar in models.yaml, it holds."""
    report = said(folder, example("limits", name), example("exchange", name))
    assert report.faults == ()
    assert report.configuration is not None
    limits = report.configuration.tenants[CLINIC].limits
    assert (limits.currency, limits.tenant.money) == ("BRL", Money(50, 800))
    assert limits.tenant.calls == Rate(minute=120, hour=2000)
    assert limits.contact == Rate(minute=10, day=150)
    assert limits.roles["attendant"].calls == Rate(10, 100, 1000)
    assert limits.functions["support"].tokens == 1_000_000
    assert (limits.concurrency, limits.warn, limits.own_money) == (12, 75, True)
    here = [one for one in report.warnings if one.path.startswith("limits")]
    assert [one.code for one in here if one.file.endswith("varizemed.yaml")] == []


def test_reais_without_a_dollar_are_a_fault_with_its_line_and_a_way_out(folder: Path) -> None:
    """Nobody could say how many dollars R$ 50 are."""
    report = said(folder, "limits: {currency: BRL, money: {day: 50}}")
    (fault,) = report.faults
    assert (fault.code, fault.path) == ("no_exchange", "limits.currency")
    assert fault.line is not None
    assert "exchange:" in fault.render("pt-BR")
    assert "reais" in fault.render("en")


def test_what_nobody_limited_and_what_limits_nobody_is_advised(folder: Path) -> None:
    """Always set limits (S3-112): of money, with a name that is one, a day within its month."""
    report = said(
        folder,
        "limits:\n"
        "  money: {day: 100, month: 20}\n"
        "  roles: {atendent: {tokens: 5}}\n"
        "  functions: {suport: {tokens: 5}}\n",
    )
    assert report.faults == ()
    own = {one.code for one in report.warnings if one.file.endswith("varizemed.yaml")}
    assert {"limit_of_nobody", "limit_of_no_function", "day_over_month"} <= own
    assert "money_unsaid" not in own
    others = [one for one in report.warnings if one.code == "money_unsaid"]
    assert others
    for one in others:
        assert "US$ 10 por dia, US$ 200 por mês (escreva limits:" in one.render("pt-BR")
        assert "US$ 10 a day, US$ 200 a month (write limits:" in one.render("en")


def test_what_the_advice_says_to_write_can_be_written_as_it_stands(folder: Path) -> None:
    """Whoever copies it gets no other fault for it."""
    (advice, *_) = [one for one in said(folder, "").warnings if one.code == "money_unsaid"]
    wanted = re.search(r"limits: \{.*?\}\}", advice.render("pt-BR"))
    assert wanted is not None
    report = said(folder, wanted[0])
    assert report.faults == ()
    assert report.configuration is not None
    assert report.configuration.tenants[CLINIC].limits.own_money


def test_every_shipped_business_says_what_its_models_may_cost() -> None:
    """A first ``check`` with a key has no warning of money (S3-112)."""
    report = check(
        ROOT / "chatwoot_mapping.yaml",
        ROOT / "config",
        ROOT / "crews",
        tools=tools.names(),
        read_secrets=False,
        advice=advice_on(date(2026, 11, 21), asks=True),
    )
    assert [one.render("en") for one in report.warnings if "money" in one.code] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_defaults_are_those_of_the_page(name: str) -> None:
    """What holds for a business that says nothing."""
    plain, text = BusinessLimits(), page(name)
    assert f"US$ {plain.tenant.money.day:.0f} " in text
    assert f"US$ {plain.tenant.money.month:.0f} " in text
    assert plain.tenant.tokens == 20_000_000
    assert f"{plain.contact.minute} " in text
    assert f"{plain.warn}" in text
    assert f"{_LONGEST_ANSWER:,}" in text or f"{_LONGEST_ANSWER:,}".replace(",", ".") in text


def test_the_command_of_the_page_is_there() -> None:
    """``chatcrew limits`` with the option that is named."""
    shown = CliRunner().invoke(app, ["limits", "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert "--json" in shown.stdout
