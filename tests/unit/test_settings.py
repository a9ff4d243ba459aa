"""The environment becomes settings, faults name the variable, secrets stay unseen."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from chatcrew.settings import Settings


@pytest.fixture(autouse=True)
def _no_ambient_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have variables of his own."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CHATCREW_{name.upper()}", raising=False)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_without_any_variable_one_machine_runs() -> None:
    """Defaults need no key, no Redis and no database; the admin port is loopback only (S0-01)."""
    settings = Settings()

    assert settings.database_url is None
    assert settings.redis_url is None
    assert not settings.model_configured
    assert settings.admin_host == "127.0.0.1"
    assert settings.log_format == "json"


def test_the_two_variables_of_openai_keep_their_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody's tools set them already."""
    monkeypatch.setenv("CHATCREW_OPENAI_API_KEY", "wrong-name")
    assert not Settings().model_configured

    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1")
    assert Settings().model_configured
    assert Settings().openai_base_url == "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize(
    "name", ["OPENAI_API_KEY", "OPENAI_BASE_URL", "CHATCREW_REDIS_URL", "CHATCREW_DATABASE_URL"]
)
def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Stack files pass ``${OPENAI_API_KEY:-}`` on: an empty key is no key."""
    monkeypatch.setenv(name, "")

    settings = Settings()

    assert not settings.model_configured
    assert settings.redis_url is None
    assert settings.database_url is None


@pytest.mark.parametrize(
    ("name", "value", "example"),
    [
        ("CHATCREW_DATABASE_URL", "mysql://user:s3cret@host/db", "postgresql://"),
        ("CHATCREW_DATABASE_URL", "/run/s3cret", "postgresql://"),
        ("CHATCREW_REDIS_URL", "s3cret:6379", "redis://"),
        ("OPENAI_BASE_URL", "s3cret:11434/v1", "http://"),
    ],
)
def test_what_is_no_address_is_refused_with_an_example_and_unseen(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, example: str
) -> None:
    """Before anything starts: a process that dies of it would only be started again (S4-28)."""
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError) as caught:
        Settings()

    said = caught.value.errors(include_input=False)[0]["msg"]
    assert example in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHATCREW_DATABASE_URL", "postgres://bot:p%40ss@127.0.0.1:5432/chatcrew"),
        ("CHATCREW_DATABASE_URL", "postgresql+asyncpg:///chatcrew?host=/run/postgresql"),
        ("CHATCREW_REDIS_URL", "rediss://:word@host:6380/1"),
        ("CHATCREW_REDIS_URL", "unix:///run/redis.sock"),
        ("OPENAI_BASE_URL", "https://api.example/v1"),
    ],
)
def test_every_usual_form_of_an_address_is_taken(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """What providers and stack files write."""
    monkeypatch.setenv(name, value)

    settings = Settings()

    kept = [settings.database_url, settings.redis_url]
    said = [address.get_secret_value() for address in kept if address is not None]
    assert value in (*said, settings.openai_base_url)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHATCREW_PORT", "70000"),
        ("CHATCREW_PORT", "http"),
        ("CHATCREW_WORKER_CONCURRENCY", "0"),
        ("CHATCREW_LOG_LEVEL", "loud"),
        ("CHATCREW_LOG_FORMAT", "xml"),
    ],
)
def test_a_value_out_of_bounds_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """The fault names the variable's own part."""
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError) as caught:
        Settings()

    (fault,) = caught.value.errors()
    assert "CHATCREW_" + str(fault["loc"][0]).upper() == name


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and URLs with passwords are in no repr and no dump."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-oops")
    monkeypatch.setenv("CHATCREW_DATABASE_URL", "postgresql://u:oops@127.0.0.1/db")
    monkeypatch.setenv("CHATCREW_REDIS_URL", "redis://:oops@127.0.0.1/0")

    settings = Settings()

    assert "oops" not in repr(settings)
    assert "oops" not in settings.model_dump_json()
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-oops"


def test_settings_do_not_change() -> None:
    """A process keeps what it began with."""
    settings = Settings()

    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]  # that it cannot be set is what is tested


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHATCREW_DATABASE_URL", "postgresql://bot:word@database/chatcrew"),
        ("CHATCREW_REDIS_URL", "redis://:word@redis:6379/0"),
        ("OPENAI_API_KEY", "sk-word"),
    ],
)
def test_a_secret_may_stand_in_a_file_that_a_stack_mounts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    """``docker secret`` gives files, often with a newline at the end (S4-51)."""
    place = tmp_path / "secret"
    place.write_text(f"{value}\n", "utf-8")
    monkeypatch.setenv(name, f"file:{place}")

    settings = Settings()

    read = {
        "CHATCREW_DATABASE_URL": settings.database_url,
        "CHATCREW_REDIS_URL": settings.redis_url,
        "OPENAI_API_KEY": settings.openai_api_key,
    }[name]
    assert read is not None
    assert read.get_secret_value() == value


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (None, "cannot be read"),
        (b"", "empty"),
        (b"\n", "empty"),
        (b"s3cret" * 20_000, "too long"),
        (b"s3cret\xff", "cannot be read"),
    ],
)
def test_a_secret_file_that_will_not_do_is_named_and_its_text_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, raw: bytes | None, said: str
) -> None:
    """The way out is the path; what stands in it stays unseen."""
    place = tmp_path / "key"
    if raw is not None:
        place.write_bytes(raw)
    monkeypatch.setenv("OPENAI_API_KEY", f"file:{place}")

    with pytest.raises(ValidationError) as caught:
        Settings()

    fault = caught.value.errors(include_input=False)[0]["msg"]
    assert str(place) in fault
    assert said in fault
    assert "s3cret" not in fault
