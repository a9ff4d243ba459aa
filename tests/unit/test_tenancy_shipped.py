"""Every YAML file and schema that comes with chatcrew is valid and current."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from chatcrew import tools
from chatcrew.tenancy import check, load
from chatcrew.tenancy._reading.document import parse
from chatcrew.tenancy.schema import schemas

ROOT = Path(__file__).parents[2]
SHIPPED = [
    ROOT / "chatwoot_mapping.yaml",
    *sorted((ROOT / "config").rglob("*.yaml")),
    *sorted((ROOT / "crews").rglob("*.yaml")),
]
TOOLS = tools.names()
SAMPLE = ROOT / "tests" / "samples" / "tenancy" / "valid"


def files(root: Path) -> tuple[Path, Path, Path]:
    """Return the three places of a configuration."""
    return root / "chatwoot_mapping.yaml", root / "config", root / "crews"


@cache
def _made() -> Mapping[str, Any]:
    """Return the schemas as the code makes them now, once: it takes a tenth of a second."""
    return {name: json.loads(text) for name, text in schemas().items()}


def schema_of(path: Path) -> dict[str, Any]:
    """Return the schema for a file by where it stands."""
    if path.name == "chatwoot_mapping.yaml":
        name = "mapping"
    elif path.name == "models.yaml":
        name = "models"
    elif path.name.endswith(".tests.yaml"):
        name = "tests"
    elif "domains" in path.parts:
        name = "domain"
    else:
        name = "function" if path.parent.name == "functions" else path.stem
    found: dict[str, Any] = _made()[f"{name}.schema.json"]
    return found


def test_the_shipped_configuration_is_valid() -> None:
    """Only its secrets are the admin's to set."""
    assert check(*files(ROOT), tools=TOOLS, read_secrets=False).lines() == []


def test_checking_what_is_shipped_only_asks_for_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """``chatcrew check`` on a fresh clone names each variable to set and nothing else."""
    for name in ("CHATWOOT_BOT_TOKEN", "CHATWOOT_BOT_SECRET"):
        monkeypatch.delenv(name, raising=False)

    faults = check(*files(ROOT), tools=TOOLS).faults

    assert [fault.code for fault in faults] == ["secret_env_missing"] * 2


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_shipped_file_leads_editors_to_its_schema(path: Path) -> None:
    """The first line names the schema by a path that is really there."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    start, _, target = first.partition("$schema=")

    assert start == "# yaml-language-server: "
    schema = (path.parent / target).resolve()
    assert schema.parent == ROOT / "docs" / "schema"
    assert json.loads(schema.read_text(encoding="utf-8")) == schema_of(path)


@pytest.mark.parametrize(
    "path",
    [*SHIPPED, *sorted(SAMPLE.rglob("*.yaml"))],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_the_schema_accepts_what_we_accept(path: Path) -> None:
    """An editor does not underline what is right."""
    document, _ = parse(path.read_bytes(), path.name)

    assert document is not None
    jsonschema.Draft202012Validator(schema_of(path)).validate(document.data)


def test_the_schema_refuses_a_literal_secret_and_an_unknown_key() -> None:
    """An editor underlines the two worst mistakes before anything is started."""
    schema = json.loads(schemas()["mapping.schema.json"])
    document, _ = parse((SAMPLE / "chatwoot_mapping.yaml").read_bytes(), "mapping")
    assert document is not None
    data = document.data
    data["accounts"]["acme"]["bots"]["acme-bot"]["token"] = "sk-live-1"
    data["accounts"]["acme"]["base_ulr"] = "https://x.example"

    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(data))

    assert len(errors) == 2


def test_the_written_schemas_are_current() -> None:
    """``python -m chatcrew.tenancy.schema docs/schema`` writes them again."""
    folder = ROOT / "docs" / "schema"

    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == schemas()


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_key_is_explained_to_the_editor(name: str) -> None:
    """Hovering over a key says what it is for; a key without a sentence fails here."""
    schema = json.loads(schemas()[name])
    maps = [schema, *schema.get("$defs", {}).values()]

    silent = [
        f"{one.get('title')}.{key}"
        for one in maps
        for key, value in one.get("properties", {}).items()
        if not value.get("description")
    ]

    assert silent == []
    assert all(one.get("description") for one in maps if one.get("type") == "object")


def test_the_shipped_crews_are_the_ones_promised() -> None:
    """One crew has two roles; every role reads tools only, every task ends with the message."""
    configuration = load(*files(ROOT), tools=TOOLS)
    scheduling = configuration.crews["whatsapp", "health/varizemed", "scheduling"]

    assert {name for name, _, _ in configuration.crews} >= {"_default", "whatsapp", "web_widget"}
    assert [role.name for role in scheduling.roles] == ["triage", "scheduling"]
    assert scheduling.tasks[1].context == ("find_specialty",)
    for crew in configuration.crews.values():
        assert all(role.temperature <= 0.3 for role in crew.roles)
        assert all("handoff" in role.tools for role in crew.roles)
        assert all(task.description.endswith("{message}") for task in crew.tasks)
    assert (
        configuration.crews["whatsapp", "health/varizemed", "support"].capabilities.max_buttons
        == 10
    )
    assert configuration.crews["web_widget", "health/varizemed", "support"].capabilities.typing
