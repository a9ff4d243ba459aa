"""What ``config/models.yaml`` says: providers, prices, stand-ins; it may be missing (S0-15)."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from chatcrew.llm import fast_model_name
from chatcrew.tenancy import (
    Configuration,
    ModelCatalogue,
    ModelSpec,
    Price,
    Provider,
    Secret,
    check,
    load,
)
from chatcrew.tenancy.sealed import fingerprint, seal, unseal

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
FILES = (Path("chatwoot_mapping.yaml"), Path("config"), Path("crews"))
MODELS = """
fast: small
providers:
  local:
    base_url: http://127.0.0.1:11434/v1/
  spare:
    base_url: https://llm.example.com/v1
    api_key: file:secrets/spare
models:
  small: {}
  big:
    provider: spare
    id: vendor/Big-7B
    price: {as_of: 2026-11-05, input: 2, cached_input: 0.5, output: 8.0, source: their page}
    limits: {context: 128000, output: 4096, concurrency: 4}
    fallback: [small, other]
  other:
    provider: local
    fallback: [big]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a valid configuration."""
    shutil.copytree(SAMPLE, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(folder: Path, models: str | None) -> Configuration:
    """Return the configuration with this ``models.yaml``."""
    path = folder / "config" / "models.yaml"
    path.unlink(missing_ok=True)
    if models is not None:
        path.write_text(models, encoding="utf-8")
    return load(*FILES, tools=TOOLS)


def test_without_the_file_every_model_is_the_environments(folder: Path) -> None:
    """Nothing has to be written for a first answer; what it costs is unknown."""
    catalogue = loaded(folder, None).models

    assert catalogue == ModelCatalogue()
    assert catalogue.spec("any") == ModelSpec("any", provider="default", id="any", price=None)
    assert [spec.name for spec in catalogue.chain("any")] == ["any"]


def test_everything_the_file_says_is_read(folder: Path) -> None:
    """Addresses lose their slash; a secret's file starts at the configuration's folder."""
    catalogue = loaded(folder, MODELS).models
    key = Secret(f"file:{folder / 'config' / 'secrets' / 'spare'}")

    assert catalogue.providers == {
        "local": Provider("local", "http://127.0.0.1:11434/v1"),
        "spare": Provider("spare", "https://llm.example.com/v1", key),
    }
    assert catalogue.spec("big") == ModelSpec(
        name="big",
        provider="spare",
        id="vendor/Big-7B",
        price=Price(date(2026, 11, 5), 2, 8.0, cached_input=0.5, source="their page"),
        context=128_000,
        output=4096,
        concurrency=4,
        fallback=("small", "other"),
    )
    assert catalogue.spec("small") == ModelSpec("small", id="small")
    assert catalogue.fast == "small"


def test_stand_ins_may_lead_in_a_circle_and_each_is_asked_once(folder: Path) -> None:
    """Two models may stand in for each other."""
    catalogue = loaded(folder, MODELS).models

    assert [spec.name for spec in catalogue.chain("big")] == ["big", "small", "other"]
    assert [spec.name for spec in catalogue.chain("other")] == ["other", "big", "small"]


def test_the_version_changes_with_every_byte_of_the_file(folder: Path) -> None:
    """A price is part of the configuration: turns are stamped with what they were priced by."""
    versions = {
        loaded(folder, models).version
        for models in (None, "", MODELS, MODELS.replace("8.0", "9.0"))
    }

    assert len(versions) == 4


def test_a_sealed_configuration_comes_back_with_its_models(folder: Path) -> None:
    """What the cache keeps of the file is equal to what was loaded (ADR-0007)."""
    configuration = loaded(folder, MODELS)
    seen = fingerprint(*FILES, tools=TOOLS)

    assert unseal(seal(configuration, seen), seen) == configuration
    (folder / "config" / "models.yaml").write_text(MODELS + "#", encoding="utf-8")
    assert unseal(seal(configuration, seen), fingerprint(*FILES, tools=TOOLS)) is None


def test_a_key_that_leads_nowhere_is_named_with_its_line(folder: Path) -> None:
    """``chatcrew check`` tries the references of this file too."""
    loaded(folder, MODELS)

    faults = [fault for fault in check(*FILES, tools=TOOLS).faults if "models" in fault.file]

    assert [(fault.line, fault.path, fault.code) for fault in faults] == [
        (8, "providers.spare.api_key", "secret_unreadable")
    ]


@pytest.mark.parametrize("name", ["models.yml", "model.yaml"])
def test_a_file_that_would_be_overlooked_is_a_fault(folder: Path, name: str) -> None:
    """A wrong name would silently cost all prices."""
    (folder / "config" / name).write_text(MODELS, encoding="utf-8")

    lines = check(*FILES, tools=TOOLS, read_secrets=False).lines()

    assert lines == [f"config/{name}: is not read: rename it to models.yaml"]


def test_the_shipped_prices_are_dated_and_sourced() -> None:
    """Each says when it was seen and where; the default model has one."""
    where = (ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews")
    catalogue = load(*where, tools=TOOLS).models
    prices = [spec.price for spec in catalogue.models.values() if spec.price is not None]

    assert catalogue.spec("gpt-4o-mini").price is not None
    assert all(price.source.startswith("https://") for price in prices)
    assert all(0 < price.input < price.output for price in prices)
    assert all((price.cached_input or 0) < price.input for price in prices)


@pytest.mark.parametrize(
    ("configured", "fast", "expected"),
    [("chosen", "small", "chosen"), (None, "small", "small"), ("", "", "main"), (None, "", "main")],
)
def test_the_fast_model_is_the_nearest_that_is_named(
    configured: str | None, fast: str, expected: str
) -> None:
    """The environment's, then the file's, then the model itself (N5)."""
    assert fast_model_name(configured, ModelCatalogue(fast=fast), "main") == expected
