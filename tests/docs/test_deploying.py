"""Image, stack, compose, Kubernetes and systemd files are well-formed and fit the settings.

S2-39, S4-51..54. No Docker daemon, cluster or systemd runs in tests.
"""

import ast
import configparser
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from pydantic import SecretStr

from chatcrew.app.supervisor import DRAIN
from chatcrew.cli._schema import run_down, run_show
from chatcrew.privacy import keyring
from chatcrew.settings import Settings
from chatcrew.testing._postgres import PostgresForTests

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
STACKS = ("docker-stack.yml", "compose.yml")
OURS = ("ingress", "worker")


def _stack(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def _kubernetes() -> list[dict[str, Any]]:
    text = (ROOT / "deploy/kubernetes.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load_all(text))


def _pods() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for one in _kubernetes():
        if one["kind"] == "Deployment":
            spec = one["spec"]["template"]["spec"]
            yield spec, spec["containers"][0]


def _unit() -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read(ROOT / "deploy/chatcrew.service", encoding="utf-8")
    return unit


def _settings() -> set[str]:
    names = set()
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        names |= set(alias.choices) if alias is not None else {f"CHATCREW_{name.upper()}"}
    return names


def _seconds(said: str) -> float:
    return float(said.removesuffix("s"))


def test_the_image_file_has_no_fault_that_a_linter_knows() -> None:
    """hadolint, every rule, also the mere hints (S2-39)."""
    run = subprocess.run(
        [BIN / "hadolint", "--failure-threshold", "style", ROOT / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (run.returncode, run.stdout) == (0, "")


def test_stack_and_compose_files_are_valid_by_the_compose_specification() -> None:
    """check-jsonschema, with the schema that it brings (S4-54)."""
    run = subprocess.run(
        [
            BIN / "check-jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            *(ROOT / name for name in STACKS),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout


def test_every_variable_anywhere_is_a_setting() -> None:
    """A misspelt variable would be ignored in silence."""
    used: set[str] = set()
    for name in STACKS:
        for service in OURS:
            used |= set(_stack(name)["services"][service]["environment"])
    for one in _kubernetes():
        if one["kind"] == "ConfigMap":
            used |= set(one["data"])
    for _, container in _pods():
        used |= {variable["name"] for variable in container.get("env", ())}
    used |= {
        word.split("=")[0]
        for line in re.findall(r"^Environment=(.*)$", _text("deploy/chatcrew.service"), re.M)
        for word in line.split()
    }

    assert {"CHATCREW_DATABASE_URL", "OPENAI_API_KEY", "CHATCREW_DATA_DIR"} <= used
    assert used <= _settings()


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["docs/deploy.md", "docs/deploy.pt-BR.md"])
def test_a_secret_is_in_each_shape_where_the_page_says_that_it_is(page: str) -> None:
    """Containers get them at ``/run/secrets`` by themselves; Kubernetes where the file says."""
    told = re.findall(r"file:(/[\w/]+)/\w+", _text(page) + _text("deploy/kubernetes.yaml"))

    assert set(told) == {"/run/secrets"}
    for spec, container in _pods():
        places = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
        assert places["secrets"] == "/run/secrets"
        # else the cluster puts its own token below it, where nothing can be written
        assert spec["automountServiceAccountToken"] is False


def test_a_changed_mapping_comes_into_force_in_every_shape() -> None:
    """A file that is bound alone stays the old one once it is replaced; Swarm changes no config."""
    for service in OURS:
        one = _stack("compose.yml")["services"][service]
        folder = str(Path(one["environment"]["CHATCREW_MAPPING"]).parent)
        assert f"./mapping:{folder}:ro" in one["volumes"]
    assert (
        "${CHATCREW_MAPPING_TAG"
        in _stack("docker-stack.yml")["configs"]["chatwoot_mapping"]["name"]
    )


def test_what_is_no_python_among_the_packages_is_left_out_where_the_image_compiles_them() -> None:
    """``compileall`` ends with 1 for one file that it cannot read, and so would the build."""
    left_out = re.compile(re.findall(r"compileall .*-x '([^']+)'", _text("Dockerfile"))[0])
    packages = Path(sysconfig.get_path("purelib"))
    found = 0
    for path in packages.glob("*/templates/**/*.py"):
        try:
            ast.parse(path.read_bytes())
        except SyntaxError:
            found += 1
            assert left_out.search(str(path)), path
    assert found


@pytest.mark.parametrize("name", STACKS)
@pytest.mark.parametrize("service", OURS)
def test_every_secret_that_a_variable_points_to_is_mounted(name: str, service: str) -> None:
    """``docker inspect`` shows values of variables; a missing file stops the program."""
    one = _stack(name)["services"][service]
    read = {
        value.removeprefix("file:/run/secrets/")
        for value in one["environment"].values()
        if str(value).startswith("file:")
    }

    assert "database_url" in read
    assert read <= set(one["secrets"])
    assert set(one["secrets"]) <= set(_stack(name)["secrets"])
    assert not any("password" in str(value) for value in one["environment"].values())


@pytest.mark.parametrize("name", STACKS)
@pytest.mark.parametrize("service", OURS)
def test_nothing_is_written_but_to_data_and_tmp(name: str, service: str) -> None:
    """The root file system is read-only; data and temporary files have places of their own."""
    one = _stack(name)["services"][service]
    places = {
        mount["target"] if isinstance(mount, dict) else mount.split(":")[1]
        for mount in one["volumes"]
        if isinstance(mount, dict) or not mount.endswith(":ro")
    }

    assert one["read_only"] is True
    assert places | set(one.get("tmpfs", ())) == {"/tmp", "/app/data"}


@pytest.mark.parametrize("name", STACKS)
def test_a_worker_may_finish_its_turns_before_it_is_killed(name: str) -> None:
    """The grace period is longer than the drain (S1-12)."""
    assert _seconds(_stack(name)["services"]["worker"]["stop_grace_period"]) > DRAIN


def test_only_the_public_port_is_open_to_the_world() -> None:
    """Compose publishes the admin port to the machine itself only."""
    ports = _stack("compose.yml")["services"]["ingress"]["ports"]

    assert ports == ["8080:8080", "127.0.0.1:8081:8081"]
    assert "ports" not in _stack("compose.yml")["services"]["postgres"]


def test_workers_know_how_many_they_are() -> None:
    """They divide Chatwoot's request limit: replicas and setting come from one variable."""
    worker = _stack("docker-stack.yml")["services"]["worker"]

    assert worker["deploy"]["replicas"] == "${CHATCREW_WORKERS:-2}"
    assert worker["environment"]["CHATCREW_WORKER_PROCESSES"] == "${CHATCREW_WORKERS:-2}"


def test_pods_are_probed_drained_and_read_only() -> None:
    """Kubernetes: the paths that the server has, time to drain, user 10001 (S2-39)."""
    pods = list(_pods())

    assert [container["args"] for _, container in pods] == [
        ["chatcrew", "serve"],
        ["chatcrew", "work"],
    ]
    for spec, container in pods:
        assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"
        assert container["readinessProbe"]["httpGet"]["path"] == "/health/ready"
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert spec["securityContext"]["runAsUser"] == 10001
        mounted = {mount["name"] for mount in container["volumeMounts"]}
        assert mounted == {volume["name"] for volume in spec["volumes"]}
    assert pods[1][0]["terminationGracePeriodSeconds"] > DRAIN


def test_systemd_waits_for_turns_under_way_and_tells_only_the_supervisor() -> None:
    """A signal to the whole group would end ingress before its connections are answered."""
    service = _unit()["Service"]

    assert service["ExecStart"].endswith("/chatcrew run")
    assert service["KillMode"] == "mixed"
    assert float(service["TimeoutStopSec"]) > DRAIN


def test_the_secrets_script_makes_what_is_ours_and_names_what_is_not(tmp_path: Path) -> None:
    """A password, an address that has it, a key that seals; twice changes nothing (S1-76)."""
    folder = tmp_path / "secrets"
    first = _secrets(folder)
    made = {one.name: one.read_text("utf-8") for one in folder.iterdir()}
    for name in ("chatwoot_bot_token", "chatwoot_bot_secret", "openai_api_key"):
        assert name in first.stdout
        (folder / name).write_text("x", "utf-8")
    second = _secrets(folder)

    assert (first.returncode, second.returncode) == (1, 0)
    assert made["postgres_password"].strip() in made["database_url"]
    assert len(keyring(made["encryption_keys"].strip()).names) == 1
    assert folder.stat().st_mode & 0o077 == 0
    assert {name: (folder / name).read_text("utf-8") for name in made} == made
    assert not any(text.strip() in first.stdout for text in made.values())


def _secrets(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts/secrets", folder], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("lang", "said"), [("pt-BR", "revisão 0022"), ("en", "revision 0022")])
async def test_the_way_back_of_the_page_is_walked_and_told(
    postgres: PostgresForTests,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    lang: str,
    said: str,
) -> None:
    """``schema show`` and ``schema down``; a second time there is nothing to undo (S2-40)."""
    page = "deploy.md" if lang == "en" else "deploy.pt-BR.md"
    assert "chatcrew schema down 0029" in _text(f"docs/{page}")
    async with postgres.fresh() as url:
        here = Settings(database_url=SecretStr(url), data_dir=tmp_path)
        await run_show(here, lang=lang, as_json=False)
        await run_down(here, to="0022", yes=True, lang=lang)
        assert said in capsys.readouterr().out
        with pytest.raises(typer.Exit):
            await run_down(here, to="0022", yes=True, lang=lang)
        assert "0022" in capsys.readouterr().err
