"""Reports: what is dear and why, what figures are called, which days they cover (S3-107..115)."""

from datetime import UTC, date, datetime

import pytest

from chatcrew.analytics import Costs, Overview, Saving, Savings, Spend
from chatcrew.app import diagnosis, report_sheets
from chatcrew.app.report_words import _ADVICE, _SUMMARY, named, told
from chatcrew.app.reports import scope_of
from chatcrew.tenancy.model import Exchange, ModelCatalogue, ModelSpec, Persona, Price, Tenant

DAY = date(2026, 11, 1)
SMALL = ModelSpec("small", price=Price(DAY, input=1.0, output=2.0, cached_input=0.5))
LARGE = ModelSpec("large", price=Price(DAY, input=10.0, output=20.0))
MODELS = ModelCatalogue(models={"small": SMALL, "large": LARGE, "secret": ModelSpec("secret")})
REAL = Exchange(DAY, 5.0)


def spent(usd: float, **used: int) -> Spend:
    """Return what calls used."""
    return Spend(nanos=round(usd * 1_000_000_000), **used)


def test_another_model_costs_what_its_prices_say() -> None:
    """Cached tokens at their own price; of a model without a price nothing is said (N6, S3-56)."""
    used = spent(0.0, prompt_tokens=1_000_000, cached_tokens=400_000, completion_tokens=500_000)
    found = diagnosis.elsewhere(used, MODELS)
    assert found == {"small": pytest.approx(0.6 + 0.2 + 1.0), "large": pytest.approx(20.0)}


def test_every_cause_of_high_cost_is_found_dearest_first() -> None:
    """Prompt, provider's cache, calls, model, failures, unknown prices (S3-115)."""
    dear = spent(30.0, calls=100, failed=10, prompt_tokens=900_000, completion_tokens=1_000_000)
    costs = Costs(
        total=dear,
        roles={"attendant": dear},
        models={"large": dear, "secret": Spend(calls=3, unpriced=3)},
    )

    found = diagnosis.findings(costs, turns=20, models=MODELS)

    assert {one.cause for one in found} == set(_ADVICE)
    assert [one.usd or 0.0 for one in found] == sorted(
        (one.usd or 0.0 for one in found), reverse=True
    )
    (model,) = [one for one in found if one.cause == "model"]
    assert (model.of, model.usd) == ("large > small", pytest.approx(30.0 - 2.9))


def test_what_is_cheap_has_no_finding() -> None:
    """Short requests, kept by the provider, one call for each answer, the cheapest model."""
    low = spent(0.1, calls=20, prompt_tokens=40_000, cached_tokens=30_000, completion_tokens=40_000)
    costs = Costs(total=low, roles={"a": low}, models={"small": low})
    assert [one.cause for one in diagnosis.findings(costs, turns=20, models=MODELS)] == ["role"]
    assert diagnosis.findings(Costs(total=Spend()), turns=0, models=MODELS) == []


def test_money_is_in_dollars_and_reais_and_unknown_is_none() -> None:
    """Reais need somebody to say what a dollar is (S3-23)."""
    saved = Savings(2_000_000_000, 1, {"kept": Saving(3, 1_000_000_000, 1, measured=True)})
    known = {row["figure"]: row["value"] for row in _summary(saved, REAL)}
    assert (known["cost_usd"], known["cost_brl"]) == (2.0, 10.0)
    assert (known["saved_usd"], known["saved_brl"]) == (1.0, 5.0)
    assert known["containment"] is None
    unknown = {row["figure"]: row["value"] for row in _summary(saved, None)}
    assert unknown["cost_brl"] is None
    rows = report_sheets.saved(saved, REAL).records()
    assert rows == [
        {"saver": "kept", "count": 3, "usd": 1.0, "brl": 5.0, "unknown": 1, "how": "measured"},
        {"saver": "spent", "count": None, "usd": 2.0, "brl": 10.0, "unknown": 1, "how": ""},
        {"saver": "without", "count": None, "usd": 3.0, "brl": 15.0, "unknown": 1, "how": ""},
    ]


def _summary(saved: Savings, exchange: Exchange | None) -> list[dict[str, report_sheets.Cell]]:
    seen = Overview(spend=spent(2.0))
    return report_sheets.summary(seen, saved, exchange).records()


def test_every_figure_has_a_name_in_both_languages() -> None:
    """No key of ours is read by an owner."""
    for row in _summary(Savings(), REAL):
        assert row["figure"] in _SUMMARY
        assert "_" not in told(str(row["figure"]), "pt-BR")
    assert named("cost_usd", "pt-BR") == "custo (US$)"


def _business(zone: str) -> Tenant:
    return Tenant("shop/a", "pt-BR", zone, Persona("Bia", "Loja", "claro"))


def test_days_are_those_of_the_business() -> None:
    """At one in the morning in UTC it is still yesterday in Recife; both ends are whole days."""
    now = datetime(2026, 11, 10, 1, tzinfo=UTC)
    one = scope_of([_business("America/Recife")], everybody=False, now=now, days=2)
    assert one.since == datetime(2026, 11, 8, 3, tzinfo=UTC)
    assert one.until == datetime(2026, 11, 10, 3, tzinfo=UTC)
    assert one.tenants == frozenset({"shop/a"})
    many = [_business("America/Recife"), _business("America/Manaus")]
    both = scope_of(many, everybody=True, now=now, days=1)
    assert (both.tenants, both.since) == (None, datetime(2026, 11, 10, tzinfo=UTC))
    with pytest.raises(ValueError, match="ends before"):
        scope_of(many, everybody=True, now=now, days=1, since=DAY, until=date(2026, 10, 1))
