"""``chatcrew connect`` refuses whatever it can before anything is made, planned or done (N13)."""

import pytest
from aiohttp import web

from chatcrew.testing.installation import Installation

DRY = pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["for real", "dry run"])


def untouched(installation: Installation) -> bool:
    """Return whether neither Chatwoot nor the folder has anything new."""
    quiet = all(call.method == "GET" for call in installation.chatwoot.requests)
    return quiet and not installation.mapping.exists()


@DRY
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--tenant", "padaria/zz"), "o negócio 'padaria/zz' não existe em config/domains; há: "),
        (("--inbox", "22=fax"), "--inbox 22=fax: canal desconhecido; há: "),
    ],
)
async def test_what_does_not_exist_is_refused_before_anything_is_done(
    installation: Installation, dry: tuple[str, ...], words: tuple[str, ...], said: str
) -> None:
    """No bot is left behind in Chatwoot, no secret on disk, and no plan is promised."""
    result = await installation.connect("--no-prove", *words, *dry)

    assert result.exit_code == 2, result.output
    assert said in result.output
    assert "Plano" not in result.output
    assert "O que já foi feito" not in result.output
    assert untouched(installation)
    assert not (installation.folder / "data").exists()


@DRY
async def test_a_mapping_that_would_have_faults_is_refused_before_anything_is_done(
    installation: Installation, dry: tuple[str, ...]
) -> None:
    """The new text is checked with all the files it leads to, as if it were there already."""
    (installation.folder / "config").unlink()
    domain = installation.folder / "config" / "domains" / "health"
    domain.mkdir(parents=True)
    (domain / "varizemed.yaml").write_text("persona: {name: [1]}\n", "utf-8")

    result = await installation.connect("--no-prove", *dry)

    assert result.exit_code == 2, result.output
    assert "varizemed.yaml:1" in result.output
    assert untouched(installation)
    assert not (installation.folder / "data").exists()


@DRY
async def test_secrets_that_could_not_be_stored_are_told_before_anything_is_done(
    installation: Installation, dry: tuple[str, ...]
) -> None:
    """A file stands where the folder of secrets would be made."""
    (installation.folder / "data").write_text("x", "utf-8")

    result = await installation.connect("--no-prove", *dry)

    assert result.exit_code == 1, result.output
    assert "não foi possível escrever" in result.output
    assert untouched(installation)


async def test_an_open_public_address_is_warned_of_in_the_plan(installation: Installation) -> None:
    """What customers write would travel in the clear; this machine's own address may be http."""
    words = ("--public-url", "http://bot.example.com", "--dry-run")

    warned = await installation.connect(*words)
    silent = await installation.connect("--dry-run")

    assert warned.exit_code == 0, warned.output
    assert "! o endereço público http://bot.example.com é http" in warned.output
    assert "endereço público" not in silent.output


async def test_the_end_says_what_is_true_of_the_server(installation: Installation) -> None:
    """Where no server runs it has to be started; where one knows the bot nothing is left to do."""
    none = await installation.connect("--no-prove")
    installation.inboxes[0].bot = None
    async with _Standing(installation.port, knows="clinica-bot"):
        there = await installation.connect("--no-prove")

    assert "Pronto. Agora: chatcrew run" in none.output
    assert "Pronto: o servidor desta máquina já atende estas caixas" in there.output
    assert "chatcrew run" not in there.output


@DRY
async def test_the_demo_is_not_taken_for_the_server(
    installation: Installation, dry: tuple[str, ...]
) -> None:
    """It would never know the bot, however often it is started again: it has to be ended."""
    label = "demo-20261121190000-1"
    demo = installation.folder / "data" / "demo"
    demo.mkdir(parents=True)
    (demo / "chatwoot_mapping.yaml").write_text(f"accounts: {{a: {{bots: {{{label}: {{}}}}}}}}\n")

    async with _Standing(installation.port, knows=label):
        result = await installation.connect("--no-prove", *dry)

    assert result.exit_code == 1, result.output
    assert f"na porta {installation.port} desta máquina responde a demonstração" in result.output
    assert "Ctrl-C" in result.output
    assert untouched(installation)


async def test_chatwoots_silence_is_told_in_plain_words(installation: Installation) -> None:
    """Neither the names of our calls nor those of a library's errors, and no word of what stays."""
    wrong = await installation.connect("--url", "http://127.0.0.1:1", "--dry-run")
    english = await installation.connect("--url", "http://127.0.0.1:1", "--lang", "en")

    assert wrong.exit_code == 1
    assert "o Chatwoot não responde em http://127.0.0.1:1 (ninguém escuta ali)" in wrong.output
    assert "(nobody listens there)" in english.output
    for said in (wrong.output, english.output):
        assert "ClientConnectorError" not in said
        assert "feito" not in said
        assert "stays" not in said


class _Standing:
    """Stands on our port as a server that knows one bot would."""

    def __init__(self, port: int, *, knows: str) -> None:
        self._port, self._knows = port, knows
        app = web.Application()
        app.router.add_get("/health/live", self._live)
        app.router.add_post("/webhooks/chatwoot/{bot}", self._take)
        self._runner = web.AppRunner(app)

    async def __aenter__(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _live(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "live"})

    async def _take(self, request: web.Request) -> web.Response:
        known = request.match_info["bot"] == self._knows
        return web.Response(status=401 if known else 404)
