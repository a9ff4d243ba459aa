"""The stack and image files agree with the settings (S4-51..54); no Docker daemon runs in tests."""

from pathlib import Path

import yaml

from chatcrew.settings import Settings

ROOT = Path(__file__).parents[2]


def _stack() -> dict:
    return yaml.safe_load((ROOT / "docker-stack.yml").read_text(encoding="utf-8"))


def _known() -> set[str]:
    names = set()
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        names |= set(alias.choices) if alias is not None else {f"CHATCREW_{name.upper()}"}
    return names


def test_every_variable_of_the_image_is_a_setting() -> None:
    """The Dockerfile sets CHATCREW_* only by their real names."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    used = {word.split("=")[0] for word in text.split() if word.startswith("CHATCREW_")}

    assert used
    assert used <= _known()


def test_ingress_runs_twice_and_starts_before_it_stops() -> None:
    """A rolling restart always leaves somebody to answer Chatwoot (S1-12)."""
    deploy = _stack()["services"]["ingress"]["deploy"]

    assert deploy["replicas"] == 2
    assert deploy["update_config"]["order"] == "start-first"


def test_redis_has_its_volume_and_the_limits_of_the_plan() -> None:
    """S4-51 and S4-52: redis_data:/data; 2 CPU and 4 GB at most, 1 CPU and 2 GB reserved."""
    stack = _stack()
    redis = stack["services"]["redis"]

    assert redis["volumes"] == ["redis_data:/data"]
    assert "redis_data" in stack["volumes"]
    assert redis["deploy"]["resources"] == {
        "limits": {"cpus": "2.0", "memory": "4G"},
        "reservations": {"cpus": "1.0", "memory": "2G"},
    }


def test_services_share_an_overlay_network_and_published_ports_match_the_settings() -> None:
    """S4-54; only the public port is published."""
    stack = _stack()
    port = Settings.model_fields["port"].default

    assert stack["networks"]["chatcrew"]["driver"] == "overlay"
    assert stack["services"]["ingress"]["ports"] == [f"{port}:{port}"]
    assert [name for name, one in stack["services"].items() if "ports" in one] == ["ingress"]


def test_the_ingress_image_is_built_from_a_lock_without_crewai() -> None:
    """The ingress target must not carry 480 MB it may never import."""
    lock = (ROOT / "requirements-ingress.lock").read_text(encoding="utf-8")

    assert "\ncrewai==" not in lock
    assert "\naiohttp==" in lock
