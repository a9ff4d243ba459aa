"""Every alert fires on its cause, is quiet before, and stands in the runbook (S1-73)."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatcrew.telemetry import Metrics
from chatcrew.telemetry.metrics import CATALOGUE
from chatcrew.testing.prometheus import Scrapes, rules

ROOT = Path(__file__).parents[2]
RULES = {
    rule["alert"]: rule
    for rule in rules(yaml.safe_load((ROOT / "deploy/alerts.yml").read_text("utf-8")))
}
LIVE = {
    "chatcrew_mailbox_waiting": 0.0,
    "chatcrew_mailbox_oldest_seconds": 0.0,
    "chatcrew_mailbox_parked": 0.0,
}
UNITS = {"s": 1, "m": 60, "h": 3600}

Act = Callable[[Metrics, dict[str, float]], object]


def _count(name: str, **labels: str) -> Act:
    return lambda metrics, _: metrics.count(name, **labels)


def _set(name: str, value: float, **labels: str) -> Act:
    return lambda metrics, _: metrics.set(name, value, **labels)


def _slow(metrics: Metrics, _: dict[str, float]) -> None:
    for seconds in (0.01,) * 50 + (2.0,) * 5:
        metrics.observe("chatcrew_webhook_seconds", seconds)


def _many(act: Act, times: int) -> Act:
    return lambda metrics, live: [act(metrics, live) for _ in range(times)]


def _crossed(metrics: Metrics, _: dict[str, float]) -> None:
    metrics.observe("chatcrew_talkover_seconds", 0.4)
    for _ in range(10):
        metrics.count("chatcrew_turns", tenant="a/b", outcome="replied", reason="answered")


CAUSES: dict[str, Act] = {
    "ChatcrewDatabaseAway": lambda _, live: live.clear(),
    "ChatcrewSilent": _count("chatcrew_events", bot="b", weight="turn", reason="message"),
    "ChatcrewQueueWaits": lambda _, live: live.update(chatcrew_mailbox_oldest_seconds=75.0),
    "ChatcrewWebhooksFail": _count(
        "chatcrew_webhooks", bot="b", status="500", reason="store_unavailable"
    ),
    "ChatcrewWebhooksRefused": _count("chatcrew_webhooks", bot="b", status="401", reason="stale"),
    "ChatcrewWebhooksLost": _count("chatcrew_sweeps", action="recovered"),
    "ChatcrewIngressSlow": _slow,
    "ChatcrewPromiseBurns": _set("chatcrew_promise_burn", 1.4),
    "ChatcrewParked": _count("chatcrew_parked"),
    "ChatcrewSendUnknown": _count("chatcrew_outbox_unknown"),
    "ChatcrewSaidTwice": _count("chatcrew_outbox_twice"),
    "ChatcrewTalksOver": _crossed,
    "ChatcrewModelAway": _count("chatcrew_model_breaker", model="gpt", state="open"),
    "ChatcrewCrewsDie": _many(_count("chatcrew_crew_processes", event="died"), 4),
    "ChatcrewBudgetSpent": _count(
        "chatcrew_budget_refusals", tenant="a/b", kind="money", span="day"
    ),
    "ChatcrewPriceUnknown": _count("chatcrew_model_unpriced", model="own"),
    "ChatcrewFilesFaulty": _set("chatcrew_config_faults", 2),
    "ChatcrewDoctorFinds": _set("chatcrew_doctor_findings", 1, kind="no_secret", level="fault"),
    "ChatcrewRedisAway": _many(
        _count("chatcrew_cache", layer="redis", kind="configs", result="error"), 11
    ),
    "ChatcrewBackupFailed": _count("chatcrew_backups", outcome="failed"),
}
"""What happens; done before every scrape from some moment on."""

LASTING = {"ChatcrewSilent", "ChatcrewIngressSlow", "ChatcrewTalksOver", "ChatcrewRedisAway"} | {
    "ChatcrewCrewsDie"
}
"""Those that a rate decides: their cause goes on; all others must notice the very first time."""

ORDINARY: tuple[Act, ...] = (
    _count("chatcrew_webhooks", bot="b", status="200", reason="stored"),
    _count("chatcrew_events", bot="b", weight="turn", reason="message"),
    _count("chatcrew_turns", tenant="a/b", outcome="replied", reason="answered"),
    _count("chatcrew_turns", tenant="a/b", outcome="handed_off", reason="asked"),
    _count("chatcrew_sweeps", action="announced"),
    _count("chatcrew_crew_processes", event="started"),
    _count("chatcrew_cache", layer="redis", kind="configs", result="miss"),
    _count("chatcrew_backups", outcome="taken"),
    _count("chatcrew_model_breaker", model="gpt", state="closed"),
    _set("chatcrew_doctor_findings", 1, kind="old_chatwoot", level="warning"),
    lambda metrics, _: metrics.observe("chatcrew_webhook_seconds", 0.01),
)


def _lasts(rule: dict[str, Any]) -> float:
    said = str(rule.get("for", "0s"))
    return float(said[:-1]) * UNITS[said[-1]]


def _firing(scrapes: Scrapes) -> set[str]:
    return {name for name, rule in RULES.items() if scrapes.fires(rule["expr"], for_=_lasts(rule))}


def _ordinary_day(metrics: Metrics, *, scrapes: int = 8) -> Scrapes:
    taken = Scrapes()
    for _ in range(scrapes):
        for act in ORDINARY:
            act(metrics, {})
        taken.take(metrics.exposition(LIVE))
    return taken


def test_nothing_fires_on_an_ordinary_day() -> None:
    """Answers, handoffs to people who were asked for, warnings of the doctor wake nobody."""
    assert _firing(_ordinary_day(Metrics(), scrapes=100)) == set()


def test_every_alert_has_its_cause_here() -> None:
    """A new one without a test that fires it fails."""
    assert set(RULES) == {*CAUSES, "ChatcrewDown"}


@pytest.mark.parametrize("name", sorted(CAUSES))
def test_the_alert_fires_on_its_cause_and_no_page_comes_along(name: str) -> None:
    """The first event of a counter that did not exist before is noticed, too."""
    metrics, live = Metrics(), dict(LIVE)
    scrapes = _ordinary_day(metrics)
    before = _firing(scrapes)
    for number in range(int(_lasts(RULES[name]) // scrapes.every) + 3):
        if number == 0 or name in LASTING:
            CAUSES[name](metrics, live)
        if name != "ChatcrewSilent":
            for act in ORDINARY[:3]:
                act(metrics, live)
        scrapes.take(metrics.exposition(live))
    if name == "ChatcrewSilent":
        for _ in range(45):  # until no turn ended within ten minutes
            CAUSES[name](metrics, live)
            scrapes.take(metrics.exposition(live))

    assert before == set()
    assert _firing(scrapes) == {name}


def test_a_server_that_does_not_answer_is_noticed() -> None:
    """Prometheus itself tells; what is read from a scrape is then absent, too."""
    scrapes = _ordinary_day(Metrics())
    for _ in range(30):
        scrapes.take(None)

    assert {"ChatcrewDown", "ChatcrewDatabaseAway"} <= _firing(scrapes)


def test_every_metric_of_a_rule_is_one_we_have_with_the_labels_it_has() -> None:
    """A misspelt name would be silent for ever."""
    known = {}
    for one in CATALOGUE:
        ends = {"counter": ["_total"], "histogram": ["_bucket", "_count"], "gauge": [""]}[one.kind]
        known |= {one.name + end: {*one.labels, "le"} for end in ends}
    known |= {name: set() for name in LIVE} | {"up": {"job"}}
    for rule in RULES.values():
        for name, braces in re.findall(r"\b(up|chatcrew_\w+)(\{[^}]*\})?", rule["expr"]):
            assert name in known
            assert set(re.findall(r"(\w+)=", braces)) <= known[name]


@pytest.mark.parametrize("page", ["runbook.md", "runbook.pt-BR.md"])
def test_the_runbook_says_what_to_do_about_each(page: str) -> None:
    """A heading by the alert's name; nothing left over of alerts that are gone."""
    said = (ROOT / "docs" / page).read_text("utf-8")
    headings = set(re.findall(r"^### (Chatcrew\w+)$", said, re.MULTILINE))

    assert headings == set(RULES)
    for rule in RULES.values():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert " / " in rule["annotations"]["summary"]
