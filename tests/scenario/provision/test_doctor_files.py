"""``chatcrew doctor`` says why a change of the files is not in force (S2-07, N13)."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from chatcrew import tools
from chatcrew.app._verdicts_sql import PostgresVerdicts
from chatcrew.app.rehearsal import Rehearsal
from chatcrew.app.verdicts import Verdict
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.settings import Settings
from chatcrew.tenancy import check
from chatcrew.testing.installation import Installation
from chatcrew.testing.processes import free_port

MESSAGE = {
    "pt-BR": "o teste de conversa 'horário' falha (chatcrew test health/varizemed mostra)",
    "en": "conversation test 'horário' fails (chatcrew test health/varizemed shows)",
}


class Admin:
    """Answers on the admin port of this machine as a server would."""

    def __init__(self, port: int, config: dict[str, object]) -> None:
        self._port, self._config = port, config
        app = web.Application()
        app.router.add_get("/health/ready", self._ready)
        self._runner = web.AppRunner(app)

    async def __aenter__(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _ready(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ready", "config": self._config}, status=503)


@pytest.fixture
async def port(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return the admin port of an installation with one connected inbox."""
    admin = free_port()
    monkeypatch.setenv("CHATCREW_ADMIN_PORT", str(admin))
    await installation.connect("--no-prove")
    return admin


async def test_a_change_that_the_server_refused_is_told_with_its_reason(
    installation: Installation, port: int
) -> None:
    """First of all, as a fault, in the reader's language, with the command that shows more."""
    refused = {"version": "abc", "faults": 1, "in_force": False, "messages": [MESSAGE]}
    async with Admin(port, refused):
        portuguese = await installation.run("doctor")
        english = await installation.run("doctor", "--lang", "en")
        other = await installation.run("doctor", "--mapping", str(installation.mapping))

    assert portuguese.exit_code == 1
    lines = portuguese.stdout.splitlines()
    assert lines[0] == "arquivos"
    assert "a mudança nos arquivos NÃO vale, o servidor segue com a versão abc" in lines[1]
    assert lines[2] == f"  FALHA    {MESSAGE['pt-BR']}"
    assert MESSAGE["en"] in english.stdout
    assert "NÃO vale" not in other.stdout


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"version": "abc", "faults": 0}, "ok       o que está nos arquivos vale: versão abc"),
        (
            {"version": "abc", "faults": 0, "coming": "def"},
            "atenção  uma mudança nos arquivos espera pelos testes de conversa",
        ),
        (
            {"version": "abc", "faults": 1, "in_force": True, "messages": [MESSAGE]},
            "atenção  a versão abc vale, mas há o que arrumar:",
        ),
    ],
)
async def test_the_state_of_the_files_is_told(
    installation: Installation, port: int, state: dict[str, object], said: str
) -> None:
    """What is in force and what is on its way are told apart."""
    async with Admin(port, state):
        result = await installation.run("doctor")

    assert said in result.stdout


async def test_without_a_server_the_databases_verdict_is_told(
    installation: Installation,
    database: Database,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The tests of the files as they are on disk were played before, and failed."""
    monkeypatch.setenv("CHATCREW_DATABASE_URL", database_url)
    await installation.connect("--no-prove")
    row = {"file": "config/domains/health/varizemed.tests.yaml", "line": 4, "name": "horário"}
    row |= {"kind": "says", "expected": "9h", "got": "8h", "tenant": "health/varizemed"}
    contents = await asyncio.to_thread(_contents, installation.mapping, database)
    verdict = Verdict(contents["health/varizemed"], "health/varizemed", (row,))
    await PostgresVerdicts(database).write(verdict)

    result = await installation.run("doctor")

    assert result.exit_code == 1, result.output
    assert "não passam nos testes de conversa" in result.stdout
    assert "veja: chatcrew test health/varizemed" in result.stdout
    assert "o teste de conversa 'horário' falha" in result.stdout


def _contents(mapping: Path, database: Database) -> dict[str, str]:
    settings = Settings()
    report = check(mapping, settings.config_dir, settings.crews_dir, tools=tools.names())
    assert report.configuration is not None
    rehearsal = Rehearsal(settings, PostgresVerdicts(database), clock=SystemClock())
    return rehearsal.contents(report.configuration, tuple(report.configuration.tenants.values()))
