"""``chatcrew explain``: who answers, with which engine and why, in two languages and as JSON."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatcrew.cli._commands import app

ROOT = Path(__file__).parents[2]


@pytest.fixture
def explain(tmp_path, monkeypatch):
    """Return a caller of the command over a copy of the shipped files."""
    shutil.copy(ROOT / "chatwoot_mapping.yaml", tmp_path)
    for name in ("config", "crews"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for name in ("CHATCREW_MODEL", "CHATCREW_FAST_MODEL"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments):
        return CliRunner().invoke(app, ["explain", *arguments])

    return call


def test_a_simple_crew_is_compiled_and_says_so(explain):
    """One role, one task: the reader sees engine, reason, model and times (S4-31)."""
    result = explain("demo", "1")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "conta demo, caixa 1"
    for line in (
        "  negócio    health/varizemed",
        "  canal      whatsapp",
        "  função     support (outras: scheduling)",
        "  engine     compiled: um papel e uma tarefa, nada que precise do CrewAI",
        "      ferramentas: search_knowledge, handoff",
        "    resposta prometida em 3 s",
        "    sem esperar modelo depois de 8 s",
    ):
        assert line in result.stdout.splitlines()


def test_another_function_in_english(explain):
    """What needs CrewAI is named key by key."""
    result = explain("demo", "2", "--function", "scheduling", "--lang", "en")

    assert result.exit_code == 0
    assert (
        "  engine     crewai: more than one task, more than one role, "
        "a task reads the result of another (context)"
    ) in result.stdout.splitlines()
    assert "    offer_slots: by scheduling, after find_specialty" in result.stdout.splitlines()


def test_json_has_everything_for_programs(explain, monkeypatch):
    """The same facts as values; models are those the process would ask."""
    monkeypatch.setenv("CHATCREW_MODEL", "big")
    monkeypatch.setenv("CHATCREW_FAST_MODEL", "small")

    facts = json.loads(explain("demo", "1", "--json").stdout)

    assert facts["ok"] is True
    assert (facts["tenant"], facts["crew"], facts["by"]) == (
        "health/varizemed",
        "whatsapp",
        "inbox",
    )
    assert facts["engine"]["name"] == "compiled"
    assert facts["engine"]["obstacles"] == []
    assert facts["roles"][0]["model"] == "big"
    assert facts["fast_model"] == "small"
    assert set(facts["times"]) == {"promise", "hedge", "deadline", "quiet", "max_wait"}


def test_an_inbox_that_only_the_account_answers_says_so(explain):
    """A number that is not in the mapping is the usual mistake."""
    result = explain("demo", "9")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].endswith("(não está em inboxes: vale o tenant da conta)")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("dem", "1"), "a conta 'dem' não está no mapeamento"),
        (("demo", "1", "--function", "sales"), "tem: support, scheduling"),
    ],
)
def test_a_wrong_question_ends_with_2_and_what_there_is(explain, arguments, said):
    """Exit codes are those of ``check``."""
    result = explain(*arguments)

    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 0, "Contas e caixas do mapeamento:"),
        (("--lang", "en"), 0, "Accounts and inboxes of the mapping:"),
        (("demo",), 0, "Contas e caixas do mapeamento:"),
        (("dem", "4"), 2, "a conta 'dem' não está no mapeamento"),
        (("dem", "--lang", "en"), 2, "account 'dem' is not in the mapping"),
    ],
)
def test_half_a_question_is_answered_with_what_can_be_asked(explain, arguments, code, said):
    """An admin who knows no label yet reads the accounts, their inboxes and a whole command."""
    result = explain(*arguments)

    assert result.exit_code == code
    lines = (result.stderr if code else result.stdout).splitlines()
    assert lines[0] == said
    assert "         4  telegram    jobs/sophie" in lines
    assert any("chatcrew explain demo 1" in line for line in lines)
    assert any("health/varizemed" in line and "1" not in line for line in lines)


def test_an_inbox_that_leads_nowhere_is_answered_with_those_that_do(explain, tmp_path):
    """Without a tenant of the account only the inboxes named in the mapping are answered."""
    mapping = tmp_path / "chatwoot_mapping.yaml"
    words = mapping.read_text(encoding="utf-8")
    words = words.replace("    tenant: health/varizemed #", "    # tenant: health/varizemed #")
    for inbox, channel in ((1, "whatsapp"), (2, "web_widget")):
        row = f'"{inbox}": {{channel: {channel}'
        words = words.replace(row, f"{row}, tenant: health/varizemed")
    mapping.write_text(words, encoding="utf-8")

    result = explain("demo", "9")

    assert result.exit_code == 2
    assert result.stderr.splitlines()[0] == "a caixa 9 de 'demo' não leva a lugar nenhum"
    assert "         5  email       sales/timmy" in result.stderr.splitlines()


def test_what_can_be_asked_is_json_where_json_was_asked_for(explain):
    """A program reads the accounts too, with and without a fault of its question."""
    asked, wrong = explain("--json"), explain("demo2", "1", "--json")

    accounts = json.loads(asked.stdout)["accounts"]
    assert json.loads(asked.stdout)["ok"] is True
    assert accounts[0]["account"] == "demo"
    assert {"inbox": 5, "channel": "email", "tenant": "sales/timmy"} in accounts[0]["inboxes"]
    assert json.loads(wrong.stdout) == {
        "ok": False,
        "error": "a conta 'demo2' não está no mapeamento",
        "accounts": accounts,
    }


def test_a_wrong_question_is_json_where_json_was_asked_for(explain):
    """A program reads one shape."""
    result = explain("dem", "1", "--json")

    assert result.exit_code == 2
    assert json.loads(result.stdout)["ok"] is False


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_faults_of_the_files_are_said_as_check_says_them(explain, tmp_path, flags):
    """Nothing is explained from files that do not hold."""
    with (tmp_path / "crews" / "whatsapp" / "crew.yaml").open("a", encoding="utf-8") as file:
        file.write("engin: compiled\n")

    result = explain("demo", "1", *flags)

    assert result.exit_code == 2
    assert "crews/whatsapp/crew.yaml" in result.stdout
    assert "engin" in result.stdout


def test_every_value_names_the_line_it_comes_from(explain):
    """A reader goes straight to the line to edit, and sees which line it overrules."""
    lines = explain("demo", "1").stdout.splitlines()

    (zone,) = [line for line in lines if line.startswith("    timezone = ")]
    assert zone == (
        "    timezone = America/Sao_Paulo  config/domains/health/varizemed.yaml:17 "
        "(no lugar de config/domains/health/_base.yaml:7)"
    )
    assert any("agents.attendant.goal = " in line and "crews/functions/" in line for line in lines)
    assert any("tasks.answer.description = " in line and "crews/_default" in line for line in lines)


def test_the_values_in_json_lead_to_their_lines(explain, tmp_path):
    """Each file and line named holds the last part of the path it is named for."""
    values = json.loads(explain("demo", "1", "--json").stdout)["values"]

    assert len(values) > 50
    for one in values:
        if not one["file"] or one["path"].startswith(("rules[", "plans.")):
            continue
        row = (tmp_path / one["file"]).read_text("utf-8").splitlines()[one["line"] - 1]
        assert one["path"].rsplit(".", 1)[-1].split("[")[0] in row, one


def test_the_models_of_roles_are_values_with_an_origin(explain, monkeypatch, tmp_path):
    """A model is named by a file, a variable or the program; the reader learns by which."""
    model, fast = "agents.attendant.model = ", "fast_model = "

    def named():
        rows = [line.strip() for line in explain("demo", "1").stdout.splitlines()]
        return [line for line in rows if line.startswith((model, fast))]

    default = "gpt-4o-mini  padrão do programa"
    assert sorted(named()) == [model + default, fast + default]

    monkeypatch.setenv("CHATCREW_MODEL", "big")
    big = "big  CHATCREW_MODEL"
    assert sorted(named()) == [model + big, fast + big]

    with (tmp_path / "config/models.yaml").open("a", encoding="utf-8") as file:
        file.write("fast: gpt-4o\n")
    rows = (tmp_path / "config/models.yaml").read_text("utf-8").splitlines()
    line = f"config/models.yaml:{len(rows)}"
    assert fast + f"gpt-4o  {line}" in named()

    monkeypatch.setenv("CHATCREW_FAST_MODEL", "small")
    assert fast + f"small  CHATCREW_FAST_MODEL (no lugar de {line})" in named()


def test_the_bots_keys_are_values_with_an_origin(explain, tmp_path):
    """Who may speak and what a signature is checked with; secrets as references only."""
    mapping = tmp_path / "chatwoot_mapping.yaml"
    words = mapping.read_text("utf-8").replace("signature: required", "path_token: env:PATH_X")
    mapping.write_text(words.replace("path_token:", "signature: off\n        path_token:", 1))
    rows = [line.strip() for line in explain("demo", "1").stdout.splitlines()]

    found = {line.split(" = ")[0]: line.split(" = ")[1] for line in rows if "bots." in line}
    bot = "bots.demo-bot"
    assert found.keys() == {
        f"{bot}.{key}"
        for key in ("agent_bot_id", "token", "signature", "path_token", "secrets.agent_bot")
    }
    assert found[f"{bot}.token"].startswith("env:CHATWOOT_BOT_TOKEN  chatwoot_mapping.yaml:")
    assert found[f"{bot}.signature"].startswith("off  chatwoot_mapping.yaml:")
    assert found[f"{bot}.path_token"].startswith("env:PATH_X  chatwoot_mapping.yaml:")


def test_no_two_values_have_the_same_name(explain):
    """The domain's first rule and the business's own are told apart."""
    paths = [one["path"] for one in json.loads(explain("demo", "1", "--json").stdout)["values"]]

    assert len(paths) == len(set(paths))
    assert {"rules[domain 0]", "rules[tenant 0]"} <= {*paths}
    assert {"timing.quiet", "capabilities.max_chars", "bots.demo-bot.signature"} <= {*paths}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("estou com falta de ar", "intenção emergency (dentro da mensagem, pela frase"),
        ("bom dia", "intenção greeting"),
        ("Quanto custa a primeira consulta?", "[resposta certa]"),
        ("xyzzy", "nenhuma intenção: quem lê é o crew"),
        ("xyzzy", "nada encontrado"),
    ],
)
def test_a_text_says_where_it_leads(explain, text, said):
    """Which intent, which knowledge; without a database (issue 4)."""
    result = explain("demo", "1", "--text", text)

    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == f"quem escreve {text!r}"
    assert said in result.stdout


def test_a_text_leads_to_the_same_places_in_json(explain):
    """Programs get file and line apart."""
    led = json.loads(explain("demo", "1", "--json", "--text", "estou com falta de ar").stdout)[
        "text"
    ]

    assert led["intent"]["name"] == "emergency"
    assert led["intent"]["file"] == "config/domains/health/_base.yaml"
    assert led["intent"]["line"] > 0


def test_a_message_that_is_like_an_intent_says_how_much(explain):
    """Below the turn's own bound it is only the nearest; above it the intent answers (S3-41)."""
    far = json.loads(explain("demo", "1", "--json", "--text", "queria ver um horario").stdout)[
        "text"
    ]

    assert far["intent"] is None or far["intent"]["how"] == "guess"
    assert 0 <= far["guess"]["confidence"] <= 1
    assert far["guess"]["sure"] is (far["intent"] is not None)
