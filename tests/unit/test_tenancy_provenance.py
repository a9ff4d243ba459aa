"""The origins of values are those of the values that are really in force."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from chatcrew import tools
from chatcrew.tenancy import Configuration, RoleSpec, load
from chatcrew.tenancy.provenance import Origin, origins

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "samples" / "tenancy" / "valid"
_ATTRIBUTES = {"max_iter": "max_rounds"}


def places(root: Path) -> tuple[Path, Path, Path]:
    """Return the three places of a configuration."""
    return root / "chatwoot_mapping.yaml", root / "config", root / "crews"


def every_crew(root: Path) -> Iterator[tuple[Path, str, int, str]]:
    """Yield each inbox of a mapping with each function of its tenant."""
    found = load(*places(root), tools=tools.names())
    for (account, inbox), route in found.routes.items():
        if inbox is not None:
            for function in found.tenants[route.tenant].functions:
                yield root, account, inbox, function


CREWS = [*every_crew(ROOT), *every_crew(SAMPLE)]


def traced(root: Path, account: str, inbox: int, function: str) -> dict[str, Origin]:
    """Return the origins by path."""
    found = origins(
        *places(root), tools=tools.names(), account=account, inbox=inbox, function=function
    )
    return {one.path: one for one in found}


def resolved(root: Path, account: str, inbox: int, function: str) -> tuple[Configuration, Any]:
    """Return the configuration and the crew in force."""
    found = load(*places(root), tools=tools.names())
    route = found.route(account, inbox)
    assert route is not None
    return found, found.crew(route, function)


@pytest.mark.parametrize("where", CREWS)
def test_every_value_of_a_crew_has_its_origin(where: tuple[Path, str, int, str]) -> None:
    """What explain names is what runs: roles, tasks, times, capabilities (issue 4, Done when)."""
    found = traced(*where)
    configuration, crew = resolved(*where)
    tenant = configuration.tenants[configuration.route(*where[1:3]).tenant]  # type: ignore[union-attr]

    for role in crew.roles:
        for key in ("role", "goal", "backstory", "temperature", "max_tokens", "max_iter"):
            given = found[f"agents.{role.name}.{key}"].given
            assert given.value == getattr(role, _ATTRIBUTES.get(key, key)), key
        _same_model(role, found)
        if not tenant.services:
            assert tuple(found[f"agents.{role.name}.tools"].given.value) == role.tools
    for task in crew.tasks:
        for key in ("description", "expected_output"):
            assert found[f"tasks.{task.name}.{key}"].given.value == getattr(task, key)
    for key in ("process", "engine", "promise", "hedge", "deadline", "history"):
        assert found[key].given.value == getattr(crew, key)
    for key, value in asdict(crew.delivery.on(crew.channel)).items():
        assert found[f"delivery.{key}"].given.value == value, key
    for path, one in found.items():
        if path.startswith("capabilities."):
            key = path.removeprefix("capabilities.")
            assert one.given.value == getattr(crew.capabilities, key)
    assert found["persona.name"].given.value == tenant.persona.name
    assert found["timezone"].given.value == tenant.timezone


def _same_model(role: RoleSpec, found: dict[str, Origin]) -> None:
    origin = found.get(f"agents.{role.name}.model")
    assert (origin.given.value if origin else None) == role.model


@pytest.mark.parametrize("where", CREWS, ids=str)
def test_every_entry_of_a_tenants_lists_has_its_origin(where: tuple[Path, str, int, str]) -> None:
    """Each rule, plan, answer, intent, example and person is accounted for, and nothing else."""
    root, account, inbox, function = where
    found, _ = resolved(*where)
    route = found.route(account, inbox)
    assert route is not None
    tenant = found.tenants[route.tenant]
    named = {
        **{f"faq.{one.question}": one.place for one in tenant.faq if one.kind == "faq"},
        **{f"intents.{one.name}": one.place for one in tenant.intents},
        **{f"plans.{one.name}": one.place for one in tenant.plans},
    }
    unplaced = {
        *(f"professionals.{one.name}" for one in tenant.professionals),
        *(f"examples.{one.customer}" for one in tenant.examples),
    }
    rules = [*tenant.rules, *(rule.text for rule in tenant.special_rules)]
    listed = origins(
        *places(root), tools=tools.names(), account=account, inbox=inbox, function=function
    )
    entries = [
        one
        for one in listed
        if one.path.split(".")[0] in ("faq", "intents", "plans", "professionals", "examples")
    ]

    assert {one.path for one in entries} == named.keys() | unplaced
    for one in entries:
        assert one.given.line > 0
        if one.path in named:
            file, line = named[one.path]
            assert (one.given.file.endswith(file), one.given.line) == (True, line)
    assert sorted(str(o.given.value) for o in listed if o.path.startswith("rules[")) == sorted(
        rules
    )


def test_a_tenants_word_stands_over_all_that_it_hides() -> None:
    """The outlet asks a small model, whatever its crews name; its own word is the last."""
    found = traced(SAMPLE, "acme", 32, "support")

    tokens = found["agents.attendant.max_tokens"]
    assert (tokens.given.layer, tokens.given.value) == ("tenant", 90)
    assert tokens.given.file.endswith("config/domains/shop/outlet.yaml")
    assert found["agents.attendant.model"].given.line == 6


def test_what_no_file_says_is_a_default() -> None:
    """A reader sees that there is no line to look for."""
    found = traced(SAMPLE, "acme", 31, "support")

    assert any(one.given.layer == "default" and one.given.file == "" for one in found.values())


def test_files_with_faults_or_an_unknown_inbox_have_no_origins(tmp_path: Path) -> None:
    """Nothing is explained from what does not hold."""
    none = {"tools": tools.names(), "account": "acme"}

    assert origins(*places(tmp_path), inbox=31, **none) == ()
    assert origins(*places(SAMPLE), inbox=31, tools=tools.names(), account="nobody") == ()
