"""Rules with days and keywords, plans with prices, examples: what a business decides as data."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chatcrew.tenancy import Plan, Rule, Tenant, check, load, rules_on
from chatcrew.tenancy._values.business import money, plan_text
from chatcrew.tenancy.sealed import fingerprint, seal, unseal

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
OWN = """
persona: {name: Ana, business: Acme}
rules:
  - Fale da Acme.
  - {text: Frete grátis em dezembro., type: promotion, from: 2026-12-01, until: 2026-12-31}
  - text: Trocas só com nota fiscal.
    type: policy
    keywords: [troca, devolução]
plans:
  - name: Essencial
    price: 297
    period: month
    features: [até 300 conversas, suporte por e-mail]
    ideal_for: quem está começando
  - {name: Completo, price: 1297.5, period: month, recommended: true}
  - {name: Sob medida}
examples:
  - {customer: Tá caro!, reply: "Entendo. Posso mostrar o que cada plano inclui?"}
functions: [support]
"""


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    """Return a business with rules and plans, loaded from its file."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    (tmp_path / "config/domains/shop/acme.yaml").write_text(OWN, "utf-8")
    (tmp_path / "config/domains/shop/acme.tests.yaml").unlink()
    files = (tmp_path / "chatwoot_mapping.yaml", tmp_path / "config", tmp_path / "crews")
    assert check(*files, tools=TOOLS, read_secrets=False).lines() == []
    return load(*files, tools=TOOLS).tenants["shop/acme"]


def test_a_sentence_is_still_a_rule_that_always_holds(tenant: Tenant) -> None:
    """Who writes plain sentences sees no difference; conditions are kept apart."""
    assert tenant.rules == ("Não prometa desconto.", "Fale da Acme.")
    assert [rule.type for rule in tenant.special_rules] == ["promotion", "policy"]
    assert tenant.special_rules[0].place == ("config/domains/shop/acme.yaml", 5)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2026, 11, 30), False),
        (date(2026, 12, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_a_rule_holds_from_its_first_day_to_its_last(
    tenant: Tenant, day: date, holds: bool
) -> None:
    """Both days count; a promotion that is over is never promised (S3-116)."""
    assert ("Frete grátis em dezembro." in rules_on(tenant, day)) is holds


@pytest.mark.parametrize(
    ("talk", "given"),
    [
        (None, True),
        ("Quero fazer uma TROCA.", True),
        ("como peço a devolucao?", True),
        ("o destroca não conta", False),
        ("", False),
    ],
)
def test_a_rule_with_keywords_is_given_where_they_are_said(
    tenant: Tenant, talk: str | None, given: bool
) -> None:
    """Whole words, without case and accents; nobody looks where no talk is given."""
    rules = rules_on(tenant, date(2026, 11, 1), talk=talk)

    assert ("Trocas só com nota fiscal." in rules) is given


def test_plans_are_facts_and_knowledge(tenant: Tenant) -> None:
    """A price in a reply rests on data, whether a crew writes it or the ladder extracts it."""
    assert tenant.facts["plano Essencial"] == (
        "R$ 297,00 por mês; inclui até 300 conversas, suporte por e-mail; "
        "indicado para quem está começando"
    )
    assert tenant.facts["site"] == "https://shop.example"
    plans = [entry for entry in tenant.faq if entry.kind == "plan"]
    assert [entry.question for entry in plans] == [
        "Quanto custa o plano Essencial?",
        "Quanto custa o plano Completo?",
        "Quanto custa o plano Sob medida?",
        "Quais são os planos e os preços?",
    ]
    assert "Completo: R$ 1.297,50 por mês; o mais recomendado" in plans[-1].answer
    assert "Sob medida: preço sob consulta" in plans[-1].answer
    assert plans[1].place == ("config/domains/shop/acme.yaml", 15)


def test_examples_are_kept_as_written(tenant: Tenant) -> None:
    """They show tone and form (S2-18)."""
    assert tenant.examples[0].customer == "Tá caro!"


def test_the_businesss_own_wording_of_a_question_stands(tmp_path: Path) -> None:
    """A generated entry never answers beside one that somebody wrote."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    own = tmp_path / "config/domains/shop/outlet.yaml"
    own.write_text(
        "persona: {name: Léo, business: Outlet}\nfunctions: [support]\n"
        "plans: [{name: Kit, price: 10}]\n"
        "faq: [{question: quanto custa o plano kit, answer: Dez reais.}]\n",
        "utf-8",
    )
    files = (tmp_path / "chatwoot_mapping.yaml", tmp_path / "config", tmp_path / "crews")

    faq = load(*files, tools=TOOLS).tenants["shop/outlet"].faq

    assert [
        entry.answer for entry in faq if "Kit" in entry.question or "kit" in entry.question
    ] == ["Dez reais."]


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        (1297.5, "BRL", "pt-BR", "R$ 1.297,50"),
        (1297.5, "USD", "en", "US$ 1,297.50"),
        (0, "EUR", "pt-BR", "€ 0,00"),
    ],
)
def test_money_is_written_as_people_read_it(
    amount: float, currency: str, language: str, written: str
) -> None:
    """The comma is decimal in Brazil."""
    assert money(amount, currency, language) == written


def test_a_plan_reads_in_the_businesss_language() -> None:
    """English where the tenant speaks it."""
    plan = Plan("Basic", 90.0, currency="USD", period="month", features=("chat",))

    assert plan_text(plan, "en") == "US$ 90.00 a month; includes chat"


def test_the_same_rule_is_said_once(tenant: Tenant) -> None:
    """A sentence of the domain may be repeated with dates by the tenant."""
    again = replace(tenant, special_rules=(Rule("Fale da Acme.", type="policy"),))

    assert rules_on(again, date(2026, 1, 1)).count("Fale da Acme.") == 1


def test_rules_and_plans_survive_the_cache(tenant: Tenant, tmp_path: Path) -> None:
    """A process that takes the configuration from the cache keeps the same days and prices."""
    files = (tmp_path / "chatwoot_mapping.yaml", tmp_path / "config", tmp_path / "crews")
    whole, print_ = load(*files, tools=TOOLS), fingerprint(*files, tools=TOOLS)

    again = unseal(seal(whole, print_), print_)

    assert again == whole
    assert again is not None
    assert again.tenants["shop/acme"].special_rules == tenant.special_rules
