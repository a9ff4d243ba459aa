"""What a customer wrote is shown on an admin's terminal and never obeyed by it."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from chatcrew.cli import _proposals
from chatcrew.cli._shown import shown
from chatcrew.database import Database
from chatcrew.ids import ConversationId
from chatcrew.proposals import Cause, Content, Kind, NewProposal, PostgresProposals
from chatcrew.settings import Settings

STEERS = "\x1b]0;dono\x07\x1b[2J\x9b31m\u202eodagap\r"


@given(st.text())
def test_nothing_that_is_shown_steers_a_terminal(text: str) -> None:
    """Every other sign stays where it was, also accents, emoji and line ends."""
    seen = shown(text)
    assert not [one for one in seen if unicodedata.category(one) == "Cc" and one not in "\n\t"]
    assert shown(seen) == seen
    plain = "Não é R$ 10, é R$ 12 👍\n\tبالعربية\n"
    assert shown(plain) == plain


async def test_a_proposal_shows_a_customers_words_and_runs_none(
    tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """He chooses what stands in the list that an admin reads (N10)."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own
        data_dir=tmp_path,
        config_dir=tmp_path / "config",
        database_url=SecretStr(database.address),
    )
    content = Content("", f"quanto custa?{STEERS}", f"Custa R$ 5.{STEERS}")
    where = ConversationId("acme", "acme-bot", 7)
    new = NewProposal("k", "shop/ana", where, Kind.FAQ, Cause.COMMAND, f"Ana{STEERS}", content)
    made = await PostgresProposals(database).make(new)

    await _proposals.run_list(settings, tenant=None, every=False, lang="pt-BR", as_json=False)
    await _proposals.run_show(settings, number=made.id, play=False, lang="en", as_json=False)

    told = capsys.readouterr().out
    assert "quanto custa?" in told
    assert "Custa R$ 5." in told
    assert not set(STEERS) & {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(told)
