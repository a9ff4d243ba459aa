"""What stands in a command's way is said in the reader's language, without technical leftovers."""

import errno
import socket
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from chatcrew.app.sockets import listen
from chatcrew.cli._commands import app
from chatcrew.cli._demo import _routes
from chatcrew.cli._reasons import AlreadyOpen, UnknownChannel, in_words
from chatcrew.cli._start import start
from chatcrew.cli._usage import Program
from chatcrew.errors import ConfigError, ConfigErrors, StoreError
from chatcrew.settings import Settings
from chatcrew.tenancy import Fault

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("chek", "o comando 'chek' não existe; será 'check', 'cache', 'schema'?"),
        ("check --nope", "a opção --nope não existe"),
        ("check --lan en", "a opção --lan não existe; será --lang?"),
        ("chat", "falta o argumento tenant"),
        ("explain acme b", "valor inválido para 'inbox': não é um número inteiro"),
        ("quarantine --limit 0", "valor inválido para '--limit': tem de ser 1 ou mais"),
        ("connect --seconds x", "valor inválido para '--seconds': não é um número"),
        ("sync a b", "sobra na linha de comando: b"),
        ("run --lang", "a opção --lang pede um valor"),
    ],
)
def test_a_wrong_command_line_is_told_in_portuguese(words: str, said: str) -> None:
    """The framework's own sentences are English; the exit code stays its own."""
    result = CliRunner().invoke(app, words.split())

    assert result.exit_code == 2
    assert result.stderr.splitlines()[0] == f"Erro: {said}"


def test_with_lang_en_the_framework_speaks_for_itself() -> None:
    """Even where something else of the command line is wrong."""
    result = CliRunner().invoke(app, ["explain", "a", "b", "--lang", "en"])

    assert result.exit_code == 2
    assert "Invalid value for 'inbox'" in result.stderr
    assert "Erro:" not in result.stderr


def test_a_group_alone_shows_its_help_once() -> None:
    """Nothing is wrong with that, so nothing is called wrong."""
    result = CliRunner().invoke(app, ["cache"])

    assert result.output.count("Usage:") == 1
    assert "Erro:" not in result.output


@pytest.mark.parametrize(("lang", "said"), [("pt-BR", "Interrompido."), ("en", "Aborted.")])
def test_whoever_leaves_a_question_is_told_in_his_language(lang: str, said: str) -> None:
    """Ctrl-C and the end of the input at a question end with 1."""
    small = typer.Typer(cls=Program)

    @small.command()
    def ask(lang: str = "pt-BR") -> None:
        raise typer.Abort

    @small.command()
    def other() -> None:
        """Make it a group."""

    result = CliRunner().invoke(small, ["ask", "--lang", lang])

    assert result.exit_code == 1
    assert result.stderr.strip() == said


def test_exit_codes_of_commands_come_through() -> None:
    """What a command ends with is what the shell sees."""
    small = typer.Typer(cls=Program)

    @small.command()
    def leave(code: int) -> None:
        raise typer.Exit(code)

    @small.command()
    def other() -> None:
        """Make it a group."""

    assert [CliRunner().invoke(small, ["leave", code]).exit_code for code in "012"] == [0, 1, 2]


@pytest.mark.parametrize(
    ("language", "spoken"), [("pt-BR", "pt-BR"), ("anything", "pt-BR"), ("en", "en")]
)
def test_faults_at_the_start_are_told_as_check_tells_them(
    language: str, spoken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """``run``, ``serve``, ``work``, ``demo`` and ``chat`` say them in the reader's language."""
    fault = Fault("not_a_map", file="x.yaml", line=3, found="text")
    plain = ConfigError("a / b", path="CHATCREW_X")

    async def fails(_settings: Settings) -> None:
        raise ConfigErrors([fault, plain])

    with pytest.raises(SystemExit) as ended:
        start(fails, Settings(), process="x", language=language)

    assert ended.value.code == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first == fault.render(spoken)
    assert fault.render("en") != fault.render("pt-BR")
    assert second == "CHATCREW_X: a / b"


@pytest.mark.parametrize(
    ("error", "portuguese", "english"),
    [
        (
            AlreadyOpen("data/demo", holder=7),
            "já está aberto em outro terminal (processo 7): termine lá primeiro",
            "already running in 'data/demo' (process 7): stop it there first",
        ),
        (
            UnknownChannel("fax", known="api"),
            "canal desconhecido 'fax'; há: api",
            "unknown channel 'fax'; there are: api",
        ),
        (
            StoreError("away"),
            "o banco de dados não está à disposição: away",
            "the database is not available: away",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "data"),
            "sem permissão: data",
            "no permission: data",
        ),
    ],
)
def test_no_class_name_stands_in_a_message(
    error: StoreError | OSError, portuguese: str, english: str
) -> None:
    """``StoreError:`` helps nobody."""
    assert in_words(error, "pt-BR") == portuguese
    assert in_words(error, "en") == english


@pytest.mark.parametrize("setting", ["PORT", "ADMIN_PORT"])
def test_a_taken_port_names_the_culprit_and_the_setting(setting: str) -> None:
    """Portuguese first, English beside it: often the demo still runs in another terminal."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="chatcrew demo") as refused:
            listen("127.0.0.1", port, setting=setting)

    portuguese, _, english = in_words(refused.value, "pt-BR").partition(" / ")
    assert portuguese.startswith(f"não é possível escutar em 127.0.0.1:{port}: alguém já escuta")
    assert portuguese.endswith(f"para usar outro: CHATCREW_{setting}")
    assert english.startswith(f"cannot listen on 127.0.0.1:{port}: somebody else")
    assert english.endswith(f"CHATCREW_{setting}")


def test_an_address_of_another_machine_names_the_host_setting() -> None:
    """Another port would not help (192.0.2.0/24 is nobody's, RFC 5737)."""
    with pytest.raises(OSError, match="CHATCREW_ADMIN_HOST") as refused:
        listen("192.0.2.1", 0, setting="ADMIN_PORT")

    assert "não é desta máquina" in str(refused.value)


async def test_the_demo_does_not_promise_what_it_cannot_show(tmp_path: Path) -> None:
    """Only a mapping at fault can be done without; a business at fault ends the demo at once."""
    mapping = tmp_path / "chatwoot_mapping.yaml"
    mapping.write_text("version: 1\naccounts: []\n", "utf-8")
    shipped = {"config_dir": ROOT / "config", "crews_dir": ROOT / "crews"}
    settings = Settings(mapping=mapping, **shipped)

    routes, faulty = await _routes(settings, None)
    assert faulty
    assert len(routes) == 4

    domain = tmp_path / "config" / "domains" / "padaria"
    domain.mkdir(parents=True)
    (domain / "zz.yaml").write_text("persona: [1]\n", "utf-8")
    with pytest.raises(ConfigErrors):
        await _routes(settings.model_copy(update={"config_dir": tmp_path / "config"}), None)
