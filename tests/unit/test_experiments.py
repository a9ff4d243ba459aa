"""Two personas of a business: who meets which, and what may be concluded from their figures."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chatcrew.analytics import Cohort, Outcomes, Share, share, trials
from chatcrew.analytics._trials import difference
from chatcrew.app.privacy import _published
from chatcrew.cli._check import advice_on
from chatcrew.tenancy import check, load
from chatcrew.tenancy.known import house_version
from chatcrew.tenancy.model import Experiment, Tenant
from chatcrew.tenancy.trial import met, variant_of

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
NOON = datetime(2026, 11, 10, 15, tzinfo=UTC)


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[..., Tenant]:
    """Return what loads the sample business with words below its own file and its domain's."""

    def of(own: str, base: str = "") -> Tenant:
        folder = Path(shutil.copytree(VALID, tmp_path / "house", dirs_exist_ok=True))
        shop = folder / "config" / "domains" / "shop"
        for file, words in ((shop / "acme.yaml", own), (shop / "_base.yaml", base)):
            file.write_text(f"{file.read_text('utf-8')}\n{words}\n", "utf-8")
        found = load(
            folder / "chatwoot_mapping.yaml", folder / "config", folder / "crews", tools=TOOLS
        )
        return found.tenants["shop/acme"]

    return of


def advised(folder: Path, words: str) -> list[str]:
    """Return the faults and advice about an experiment of the sample business."""
    shutil.copytree(VALID, folder, dirs_exist_ok=True)
    file = folder / "config" / "domains" / "shop" / "acme.yaml"
    file.write_text(f"{file.read_text('utf-8')}\n{words}\n", "utf-8")
    report = check(
        folder / "chatwoot_mapping.yaml",
        folder / "config",
        folder / "crews",
        tools=TOOLS,
        read_secrets=False,
        advice=advice_on(date(2026, 11, 21)),
    )
    lines = [*report.lines(), *(one.render("en") for one in report.warnings)]
    return [line.partition(": ")[2] for line in lines if "experiment" in line]


def test_a_businesss_words_are_laid_over_its_domains(loaded) -> None:
    """Two personas, one of them as the business is (S2-41)."""
    tenant = loaded(
        "experiment: {name: curta, start: 2026-11-05, b: {tone: direta}}",
        "experiment: {name: antiga, share: 20, b: {style: Uma frase.}}",
    )

    assert tenant.experiment == Experiment(
        "curta",
        start=date(2026, 11, 5),
        share=20,
        personas={"a": {}, "b": {"tone": "direta", "style": "Uma frase."}},
    )
    assert "Uma frase." in set(_published(tenant))


def test_a_customer_meets_the_same_persona_in_every_conversation(loaded) -> None:
    """It hangs on who he is; both are met, and the value is the same one each time (S2-41)."""
    tenant = loaded("experiment: {name: curta, b: {name: Lia, tone: direta}}")
    found = {n: met(tenant, account="demo", contact=n, now=NOON) for n in range(1, 40)}

    assert {variant for _, variant in found.values()} == {"curta/a", "curta/b"}
    for number, (theirs, variant) in found.items():
        again, said = met(tenant, account="demo", contact=number, now=NOON)
        assert again is theirs
        assert said == variant
        assert (theirs.persona.name == "Lia") == (variant == "curta/b")
        assert theirs.persona.business == tenant.persona.business
        assert theirs.faq is tenant.faq


def test_two_variants_share_no_kept_answer(loaded) -> None:
    """Their personas make two houses (N7)."""
    tenant = loaded("experiment: {name: curta, b: {tone: direta}}")
    names = ("chatwoot_mapping.yaml", "config", "crews")
    crew = next(iter(load(*(VALID / name for name in names), tools=TOOLS).crews.values()))
    houses = {
        house_version(crew, met(tenant, account="demo", contact=n, now=NOON)[0])
        for n in range(1, 40)
    }
    assert len(houses) == 2


def test_who_is_not_known_takes_no_part(loaded) -> None:
    """By the conversation he would meet one today and the other tomorrow."""
    tenant = loaded("experiment: {name: curta, b: {tone: direta}}")
    assert met(tenant, account="demo", contact=None, now=NOON) == (tenant, None)


@pytest.mark.parametrize(
    ("now", "runs"),
    [
        (datetime(2026, 11, 10, 2, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 10, 3, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 13, 2, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 13, 3, 0, tzinfo=UTC), False),
    ],
)
def test_it_runs_from_the_first_day_to_the_last_where_the_business_is(
    loaded, now: datetime, runs: bool
) -> None:
    """Both days belong to it; midnight is the business's own, three hours behind UTC."""
    words = "experiment: {name: curta, start: 2026-11-10, stop: 2026-11-12, b: {tone: direta}}"
    tenant = replace(loaded(words), timezone="America/Recife")
    assert (met(tenant, account="demo", contact=7, now=now)[1] is not None) is runs


def test_a_larger_share_moves_customers_one_way_only() -> None:
    """And the share of customers is the one asked for, within what 10,000 of them allow."""
    before: set[int] = set()
    for percent in (1, 20, 50, 99):
        trial = Experiment("curta", share=percent)
        now = {
            n
            for n in range(10_000)
            if variant_of(trial, "shop/acme", account="demo", contact=n) == "b"
        }
        assert before <= now
        assert abs(len(now) - percent * 100) < 200
        before = now


def test_another_name_divides_anew() -> None:
    """Else who met b in one experiment would meet b in all of them."""
    one, other = Experiment("curta"), Experiment("longa")
    same = sum(
        variant_of(one, "shop/acme", account="demo", contact=n)
        == variant_of(other, "shop/acme", account="demo", contact=n)
        for n in range(2000)
    )
    assert 800 < same < 1200


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("experiment: {name: curta}", "compares two personas that are the same"),
        ("experiment: {name: curta, stop: 2026-11-01, b: {tone: x}}", "ended on 2026-11-01"),
        (
            "experiment: {name: curta, start: 2026-12-01, stop: 2026-11-30, b: {tone: x}}",
            "stop lies before start",
        ),
        ("experiment: {b: {tone: x}}", "'name' is missing"),
        ("experiment: {name: curta, share: 100, b: {tone: x}}", "experiment.share"),
        ("experiment: {name: curta, b: {business: Outra}}", "unknown key 'business'"),
    ],
)
def test_what_cannot_be_compared_is_told(tmp_path: Path, words: str, told: str) -> None:
    """With the place in the file."""
    assert any(told in line for line in advised(tmp_path, words)), advised(tmp_path, words)


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
        (1, 2, 0.0945, 0.9055),
    ],
)
def test_intervals_are_those_of_wilson(hits: int, count: int, low: float, high: float) -> None:
    """Against published values, and reckoned by hand (81 of 263)."""
    found = share(hits, count)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_differences_are_those_of_newcombe() -> None:
    """56 of 70 and 48 of 80: 0.2 with 0.0524 to 0.3339, his own example (method 10)."""
    found = difference(share(48, 80), share(56, 70))
    assert found.value == pytest.approx(0.2)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)
    assert found.verdict == "b"
    assert difference(share(0, 29), share(29, 29)).verdict == "not_enough_data"


def arm(name: str, contained: int, handed: int) -> Cohort:
    """Return the figures of a variant whose sessions all ended."""
    total = contained + handed
    ends = Outcomes(sessions=total, attended=total, contained=contained, handed_off=handed)
    return Cohort(name, outcomes=ends)


def test_a_verdict_needs_data_and_an_interval_without_nothing() -> None:
    """Fewer sessions to people are better, more contained ones are (S2-41)."""
    clear, unclear, few = trials(
        [
            arm("clear/a", 500, 500),
            arm("clear/b", 650, 350),
            arm("unclear/a", 100, 100),
            arm("unclear/b", 104, 96),
            arm("z-few/a", 5, 45),
            arm("", 1, 1),
        ]
    )

    verdicts = {key: one.verdict for key, one in clear.differences.items()}
    assert verdicts == {
        "containment": "b",
        "escalation": "b",
        "durability": "not_enough_data",
        "satisfied": "not_enough_data",
    }
    assert unclear.differences["containment"].verdict == "no_difference"
    assert few.differences["containment"].verdict == "not_enough_data"
    assert few.shares["containment"]["b"] == Share(0, 0, 0.0, 1.0)
