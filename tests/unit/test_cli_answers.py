"""``chatcrew cache answers``: the list, what an answer rests on, and forgetting it (N7)."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import SecretStr

from chatcrew.answers import KeptAnswers, PostgresAnswers
from chatcrew.cache import open_cache
from chatcrew.cli import _answers
from chatcrew.cli._reasons import UnknownTenant
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.hub.resting import wanted_of
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.messages import Wanted
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import load
from chatcrew.tenancy.known import knowledge_version
from chatcrew.tenancy.model import rules_on
from chatcrew.tools import names

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TENANT = "shop/acme"
TOOLS = names()
QUESTION = "Vocês entregam?"
SAID = "Sim! Entregamos em todo o Brasil."
SAME: dict[str, Any] = {"tenant": TENANT, "lang": "pt-BR"}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Settings:
    """Return settings over a valid sample and a database of its own."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    given: dict[str, Any] = {
        "data_dir": tmp_path / "data",
        "mapping": tmp_path / "chatwoot_mapping.yaml",
        "config_dir": tmp_path / "config",
        "crews_dir": tmp_path / "crews",
        "database_url": SecretStr(database_url),
    }
    # `_env_file` is pydantic-settings' own: no file of whoever runs the tests is read
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]  # see above


async def asked(settings: Settings, database: Database, text: str) -> Wanted:
    """Return a question as a turn puts it together."""
    found = await asyncio.to_thread(
        load, settings.mapping, settings.config_dir, settings.crews_dir, tools=TOOLS
    )
    tenant = found.tenants[TENANT]
    crew = next(one for (_, key, _), one in found.crews.items() if key == TENANT)
    knowledge, version = PostgresKnowledge(database), knowledge_version(tenant)
    await knowledge.sync(TENANT, tenant.faq, version=version)
    today = SystemClock().now().date()
    return wanted_of(
        tenant,
        crew,
        text=text,
        language="pt-BR",
        intent="",
        rules=rules_on(tenant, today, talk=text),
        passages=await knowledge.search(TENANT, text, version=version),
    )


async def kept(settings: Settings, database: Database) -> int:
    """Keep one answer and one question asked in vain; return the answer's number."""
    clock = SystemClock()
    async with open_cache(clock) as cache:
        answers = KeptAnswers(
            PostgresAnswers(database), cache=cache, clock=clock, metrics=Metrics()
        )
        wanted = await asked(settings, database, QUESTION)
        await answers.keep(wanted, text=SAID, turn="t1")
        await answers.keep_vain(await asked(settings, database, "Tem bicicletas?"), turn="t2")
        found = await answers.find(wanted)
    assert found is not None
    return found.id


async def test_the_list_says_what_is_kept_and_whether_other_words_find_it(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """As text for people, and as JSON; few questions prove nothing, so near matching is off."""
    number = await kept(settings, database)

    await _answers.run_list(settings, limit=10, as_json=False, **SAME)
    text = capsys.readouterr().out
    assert "só as mesmas palavras contam" in text
    assert f"{number:<6}    1" in text
    assert QUESTION in text
    assert "Tem bicicletas? (perguntado em vão)" in text

    await _answers.run_list(settings, limit=10, as_json=True, **SAME)
    body = json.loads(capsys.readouterr().out)
    assert body["near"]["least"] is None
    assert [one["vain"] for one in body["answers"]] == [False, True]


async def test_why_names_what_an_answer_rests_on_and_what_has_changed_since(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing, then the entry, then the rules that stand before every answer."""
    number = await kept(settings, database)
    file = settings.config_dir / "domains" / "shop" / "acme.yaml"
    written = await asyncio.to_thread(file.read_text, "utf-8")

    async def told(change: tuple[str, str]) -> dict[str, Any]:
        await asyncio.to_thread(file.write_text, written.replace(*change), "utf-8")
        await _answers.run_why(settings, number=number, as_json=True, **SAME)
        body: dict[str, Any] = json.loads(capsys.readouterr().out)
        return body

    same = await told(("", ""))
    assert (same["holds"], same["house"]) == (True, True)
    entry = {"kind": "knowledge", "name": QUESTION, "standing": "same"}
    assert entry.items() <= same["rests"][0].items()
    assert (await told(("Das 9h às 17h", "Das 9h às 16h")))["holds"] is True
    changed = await told(("em todo o Brasil", "só em Manaus"))
    assert (changed["holds"], changed["rests"][0]["standing"]) == (False, "changed")
    ruled = await told(("Fale da Acme.", "Fale só da Acme."))
    assert (ruled["holds"], ruled["house"]) == (False, False)

    await _answers.run_why(settings, number=number, as_json=False, **SAME)
    text = capsys.readouterr().out
    assert "MUDOU            persona, regras, papéis e tarefas" in text
    assert "conhecimento: Vocês entregam?  (config/domains/shop/acme.yaml:" in text
    assert "Não seria dada" in text


async def test_forgetting_asks_first_and_takes_one_or_all(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """A number that is not there, and a business that is not there, end with 1 and 2."""
    number = await kept(settings, database)

    await _answers.run_forget(settings, number=number, yes=True, **SAME)
    with pytest.raises(typer.Exit):
        await _answers.run_forget(settings, number=number, yes=True, **SAME)
    with pytest.raises(typer.Exit):
        await _answers.run_why(settings, number=number, as_json=False, **SAME)
    await _answers.run_forget(settings, number=None, yes=True, **SAME)
    said = capsys.readouterr().out
    assert said.count("Respostas esquecidas: 1") == 2
    with pytest.raises(UnknownTenant):
        await _answers.run_list(settings, tenant="shop/none", limit=1, lang="en", as_json=False)
