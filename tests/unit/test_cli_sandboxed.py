"""What ``chatcrew demo`` and ``chatcrew chat`` stand on: typed lines, an own folder, an end."""

import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest

from chatcrew.cli._demo import _page_port
from chatcrew.cli._lines import typed_lines
from chatcrew.cli._sandboxed import (
    answering,
    every_tenant,
    free_port,
    mapped,
    reserved,
    stoppable,
)
from chatcrew.errors import ConfigErrors, StoreError
from chatcrew.settings import Settings
from chatcrew.tenancy import ModelCatalogue, ModelSpec, Provider

ROOT = Path(__file__).parents[2]


async def test_lines_come_as_they_are_typed_and_end_with_the_input() -> None:
    """Empty lines, accents and a last line without its end are all kept; then it ends."""
    source, target = os.pipe()
    lines = typed_lines(source)

    os.write(target, b"oi\n\n")
    assert [await anext(lines), await anext(lines)] == ["oi", ""]
    os.write(target, "não\r\nfim".encode())
    os.close(target)

    assert [line async for line in lines] == ["não", "fim"]
    os.close(source)


async def test_bytes_that_are_no_text_end_nothing() -> None:
    """A terminal in another encoding is read as well as it can be."""
    source, target = os.pipe()
    os.write(target, b"ol\xe1\n")
    os.close(target)

    assert [line async for line in typed_lines(source)] == ["ol\ufffd"]
    os.close(source)


def test_a_second_sandbox_does_not_share_the_folder_of_the_first(tmp_path: Path) -> None:
    """It would take its mapping, counters and database; the message names who has it."""
    folder = tmp_path / "data" / "demo"
    with reserved(folder):
        with pytest.raises(StoreError, match=str(os.getpid())), reserved(folder):
            pytest.fail("both have it")
        with reserved(folder.with_name("chat")):
            pass
    with reserved(folder):
        pass


async def test_ctrl_c_leaves_the_block_and_clean_up_runs_once() -> None:
    """Whatever it waits for; a second Ctrl-C does not break the clean-up off."""
    cleaned: list[str] = []
    with stoppable():
        try:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.Event().wait()
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(0.02)
            cleaned.append("done")

    assert cleaned == ["done"]
    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()


async def test_a_cancelled_block_stays_cancelled() -> None:
    """Only a signal is swallowed."""

    async def block() -> None:
        with stoppable():
            await asyncio.Event().wait()

    task = asyncio.create_task(block())
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_chosen_port_is_not_exchanged_for_another() -> None:
    """Who asked for it looks there; who did not gets a free one, and is told which."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])

        with pytest.raises(OSError, match=str(port)):
            _page_port(port)
        assert free_port(port) not in (0, port)
    assert _page_port(None) > 0


def _settings(mapping: Path) -> Settings:
    return Settings(mapping=mapping, config_dir=ROOT / "config", crews_dir=ROOT / "crews")


async def test_the_shipped_mapping_shows_four_businesses_over_five_channels() -> None:
    """The demo is what an admin's own mapping says, inbox by inbox."""
    routes = await mapped(_settings(ROOT / "chatwoot_mapping.yaml"))

    assert [(route.tenant, route.channel) for route in routes] == [
        ("health/varizemed", "whatsapp"),
        ("health/varizemed", "web_widget"),
        ("cosmetics/bella", "instagram"),
        ("jobs/sophie", "telegram"),
        ("sales/timmy", "email"),
    ]


async def test_without_a_mapping_that_loads_every_business_of_the_folder_is_there(
    tmp_path: Path,
) -> None:
    """Neither bases nor conversation tests are taken for businesses."""
    settings = _settings(tmp_path / "none.yaml")

    with pytest.raises(ConfigErrors):
        await mapped(settings)
    routes = await every_tenant(settings)

    found = [route.tenant for route in routes]
    assert found == ["cosmetics/bella", "health/varizemed", "jobs/sophie", "sales/timmy"]
    assert {route.channel for route in routes} == {"whatsapp"}


_LOCAL = Provider("local", "http://user:pw@127.0.0.1:11434/v1")


@pytest.mark.parametrize(
    ("environment", "models", "said"),
    [
        ({}, ModelCatalogue(), None),
        ({"OPENAI_API_KEY": "sk-1"}, ModelCatalogue(), "gpt-4o-mini (OpenAI)"),
        (
            {"OPENAI_BASE_URL": "http://localhost:1/v1"},
            ModelCatalogue(),
            "gpt-4o-mini (localhost)",
        ),
        (
            {"CHATCREW_MODEL": "llama"},
            ModelCatalogue({"local": _LOCAL}, {"llama": ModelSpec("llama", "local")}),
            "llama (127.0.0.1)",
        ),
        (
            {},
            ModelCatalogue(
                {"local": _LOCAL},
                {
                    "gpt-4o-mini": ModelSpec("gpt-4o-mini", fallback=("llama",)),
                    "llama": ModelSpec("llama", "local"),
                },
            ),
            "llama (127.0.0.1)",
        ),
    ],
)
def test_the_sandbox_says_which_model_the_worker_asks(
    environment, models, said, monkeypatch
) -> None:
    """One that only ``models.yaml`` names counts as one; an address shows its host only (S3-64)."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "CHATCREW_MODEL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert answering(Settings(), models) == said
