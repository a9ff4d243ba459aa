"""``chatcrew console``: accounts are made, listed, given passwords and ended (S1-15, S2-20)."""

import json
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner

from chatcrew.accounts import QUICK, Accounts, Entered, Passwords, PostgresAccounts, Role
from chatcrew.cli import _console
from chatcrew.cli._commands import app
from chatcrew.cli._demo import USER, _let_in
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.settings import Settings

ROOT = Path(__file__).parents[2]
RIGHT = "um segredo bem longo"
CLINIC = "health/varizemed"


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of an installation with the example businesses."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own
        data_dir=tmp_path,
        database_url=SecretStr(database.address),
        mapping=ROOT / "chatwoot_mapping.yaml",
        config_dir=ROOT / "config",
        crews_dir=ROOT / "crews",
    )


@pytest.fixture
def accounts(database: Database) -> Accounts:
    """The accounts of that installation."""
    return Accounts(PostgresAccounts(database, SystemClock()), Passwords(QUICK))


async def add(settings: Settings, name: str = "Ana", **options: object) -> None:
    """Make an account."""
    wanted = {"role": Role.OWNER, "tenants": None, "secret": RIGHT, "lang": "pt-BR", **options}
    await _console.run_add(settings, name=name, **wanted)  # type: ignore[arg-type]  # as the command gives them


async def test_an_account_is_made_listed_and_ended(
    settings: Settings, accounts: Accounts, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who was made may sign in, with his role and businesses; who was revoked is out."""
    await _console.run_users(settings, lang="pt-BR", as_json=False)
    assert "chatcrew console add-user NOME" in capsys.readouterr().out
    await add(settings)
    assert (
        "ana pode entrar em http://127.0.0.1:8081/console como dono (owner)."
        in capsys.readouterr().out
    )
    await add(settings, "bia", role=Role.VIEWER, tenants=[CLINIC])
    entered = await accounts.enter("ana", RIGHT, address="127.0.0.1")
    assert isinstance(entered, Entered)
    capsys.readouterr()
    await _console.run_users(settings, lang="en", as_json=True)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [(one["name"], one["role"], one["tenants"], one["sessions"]) for one in rows]
    assert told == [("ana", "owner", None, 1), ("bia", "viewer", [CLINIC], 0)]
    await _console.run_passwd(settings, name="ana", secret="outro segredo longo", lang="pt-BR")
    assert await accounts.session(entered.secret) is None
    await _console.run_revoke(settings, name="bia", remove=True, lang="pt-BR")
    assert "A conta bia foi apagada." in capsys.readouterr().out
    assert [one.name for one in await accounts.users()] == ["ana"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "ana"}, "ana já existe"),
        ({"name": "a b"}, "O nome tem de 1 a 64"),
        ({"name": "bia", "secret": "curta"}, "A senha precisa de 10"),
        ({"name": "bia", "tenants": ["no/body"]}, "no/body não está nos arquivos; há: "),
    ],
)
async def test_what_cannot_be_an_account_is_told(
    settings: Settings, capsys: pytest.CaptureFixture[str], options: dict, said: str
) -> None:
    """With the way out, and nothing is made."""
    await add(settings)
    with pytest.raises(typer.Exit) as ended:
        await add(settings, **options)
    assert ended.value.exit_code == 1
    assert said in capsys.readouterr().err


async def test_nobody_is_nobody(settings: Settings) -> None:
    """A typing mistake in a name does not look like a success."""
    with pytest.raises(typer.Exit):
        await _console.run_revoke(settings, name="nobody", remove=False, lang="en")
    with pytest.raises(typer.Exit):
        await _console.run_passwd(settings, name="nobody", secret=RIGHT, lang="en")


def test_a_password_is_the_first_line_of_its_file(tmp_path: Path) -> None:
    """An editor's last line break is not part of it; a file that is not there is told."""
    file = tmp_path / "senha.txt"
    file.write_text("um segredo bem longo\r\nresto\n", "utf-8")
    assert _console.password(file, lang="pt-BR") == RIGHT
    with pytest.raises(typer.Exit):
        _console.password(tmp_path / "nothing.txt", lang="en")


def test_an_unknown_role_is_refused_before_a_password_is_asked_for() -> None:
    """With those there are."""
    found = CliRunner().invoke(app, ["console", "add-user", "ana", "--role", "boss"])
    assert found.exit_code == 2
    assert "viewer, admin, owner" in found.output


async def test_a_demo_lets_in_whoever_reads_its_terminal(
    settings: Settings, accounts: Accounts
) -> None:
    """With another password each time: that of the last demo opens nothing."""
    first, second = await _let_in(settings), await _let_in(settings)
    entered = await accounts.enter(USER, second, address="127.0.0.1")
    assert isinstance(entered, Entered)
    assert entered.who.role is Role.OWNER
    assert not isinstance(await accounts.enter(USER, first, address="127.0.0.1"), Entered)
