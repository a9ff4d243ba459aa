"""``chatcrew api-token``: a token is shown once, listed without what opens, ended at once."""

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from chatcrew.accounts import PostgresTokens, Principal, Role, is_token
from chatcrew.cli import _tokens
from chatcrew.cli._reasons import UnknownTenant, Unusable
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.settings import Settings

ROOT = Path(__file__).parents[2]
TENANT = "health/varizemed"


@pytest.fixture
def settings(database: Database, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of the shipped businesses on a database of the test's own."""
    monkeypatch.setenv("CHATWOOT_BOT_TOKEN", "x")
    monkeypatch.setenv("CHATWOOT_BOT_SECRET", "x")
    return Settings(
        database_url=SecretStr(database.address),
        mapping=ROOT / "chatwoot_mapping.yaml",
        config_dir=ROOT / "config",
        crews_dir=ROOT / "crews",
    )


async def make(settings: Settings, **given: object) -> None:
    """Make a token as the command does, with the usual options."""
    options = {"name": "Loja", "role": "admin", "tenants": [TENANT], "every": False, "days": 90}
    await _tokens.run_add(settings, **{**options, "lang": "pt-BR", **given})  # type: ignore[arg-type]  # as above


async def test_a_token_is_made_listed_and_revoked(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """The token alone stands on standard output; nothing that opens stands in the list."""
    store = PostgresTokens(database, SystemClock())

    await make(settings)
    out, err = capsys.readouterr()
    await _tokens.run_list(settings, lang="pt-BR", as_json=False)
    listed = capsys.readouterr().out
    await _tokens.run_list(settings, lang="en", as_json=True)
    told = json.loads(capsys.readouterr().out)
    whose = await store.whose(out.strip())
    await _tokens.run_revoke(settings, name="loja", lang="pt-BR")

    assert is_token(out.strip())
    assert "não é mostrado de novo" in err
    assert whose == Principal("loja", Role.ADMIN, frozenset({TENANT}))
    assert out.strip()[:12] in listed
    assert out.strip() not in listed
    assert told["tenants"] == [TENANT]
    assert await store.whose(out.strip()) is None


async def test_a_token_may_be_for_every_tenant_and_without_end(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only where it is said so."""
    await make(settings, tenants=[], every=True, days=0, lang="en")

    assert "every tenant; no end" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "a b"}, "not a name"),
        ({"role": "boss"}, "viewer, admin or owner"),
        ({"tenants": []}, "--all-tenants"),
        ({"every": True}, "--all-tenants"),
        ({"tenants": ["health/nobody"]}, TENANT),
    ],
)
async def test_what_makes_no_token_says_the_way_out(
    settings: Settings, given: dict[str, object], words: str
) -> None:
    """Nothing is made."""
    with pytest.raises((Unusable, UnknownTenant), match=words):
        await make(settings, **given)


async def test_a_name_is_given_once(settings: Settings) -> None:
    """Another of that name asks for the first to be revoked."""
    await make(settings)

    with pytest.raises(Unusable, match="api-token revoke loja"):
        await make(settings)
    with pytest.raises(Unusable, match="nobody"):
        await _tokens.run_revoke(settings, name="nobody", lang="pt-BR")
