"""``chatcrew test``: which conversations went well, which did not and where, and exit codes."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatcrew.cli._commands import app
from chatcrew.tenancy.conversations import Line
from chatcrew.testing._conversations.verdict import Seen, judged

ROOT = Path(__file__).parents[2]
CLINIC = "health/varizemed"
FILE = Path("config/domains/health/varizemed.tests.yaml")
CONVERSATIONS = """\
conversations:
  - name: cumprimenta
    customer:
      - says: Oi!
        intent: greeting
  - name: preço errado
    channel: web_widget
    customer:
      - says: Quanto custa a primeira consulta?
        model: A primeira consulta custa R$ 99.
        contains: R$ 99
        intent: greeting
        tool: search_knowledge
        lacks: consulta
        handoff: true
"""


@pytest.fixture(scope="module")
def kept():
    """Give a data folder: the plays of this file make their database there once."""
    with tempfile.TemporaryDirectory(prefix="chatcrew-") as folder:
        # Root's database runs under another account, which must be able to pass
        Path(folder).chmod(0o711)
        yield folder


@pytest.fixture
def run(tmp_path, kept, monkeypatch):
    """Return a caller of the command over a copy of the clinic's files."""
    monkeypatch.setenv("CHATCREW_DATA_DIR", kept)
    shutil.copytree(ROOT / "config" / "domains" / "health", tmp_path / "config/domains/health")
    shutil.copytree(ROOT / "crews", tmp_path / "crews")
    monkeypatch.chdir(tmp_path)
    FILE.write_text(CONVERSATIONS, "utf-8")

    def call(*arguments):
        return CliRunner().invoke(app, ["test", *arguments])

    return call


def test_a_failure_names_the_line_what_was_wanted_and_what_was_read(run):
    """In Portuguese; one line for each conversation, and the result as exit code 1."""
    result = run(CLINIC)
    good, bad, *rest = result.stdout.splitlines()

    assert result.exit_code == 1, result.output
    assert good.startswith("✓ cumprimenta (0,")
    assert bad.startswith("✗ preço errado (")
    assert rest[:-1] == [
        f"    {FILE}:9: o cliente escreveu: “Quanto custa a primeira consulta?”",
        "      esperava a intenção greeting, veio nenhuma",
        "      esperava na resposta: “R$ 99”",
        "      não podia estar na resposta: “consulta”",
        "      esperava que uma pessoa fosse chamada, e não foi",
        "    o cliente leu: “A primeira consulta custa R$ 350. O retorno em até 30 dias não tem "
        "custo.”",
        "    caminho da resposta: cache: miss, crew: unfounded_price, "
        "repair: no_model, fast: no_model, "
        "extract: answered",
        "    model: diz algo que não está nos fatos, no conhecimento nem nas ferramentas",
    ]
    assert rest[-1].startswith("1 de 2 conversas deram certo (")


def test_one_json_object_says_the_same(run):
    """For programs; English is for people."""
    result = run(CLINIC, "--json")
    body = json.loads(result.stdout)
    good, bad = body["conversations"]

    assert (result.exit_code, body["ok"], body["tenant"]) == (1, False, CLINIC)
    assert (good["ok"], good["failures"], good["line"]) == (True, [], 2)
    assert bad["channel"] == "web_widget"
    assert [one["kind"] for one in bad["failures"]] == ["intent", "contains", "lacks", "handoff"]
    assert bad["failures"][0]["line"] == 9
    assert "crew: unfounded_price" in bad["failures"][0]["rungs"]


def test_a_chosen_conversation_that_goes_well_ends_with_0(run):
    """``--name`` takes a part of the name; ``--lang en`` says it in English."""
    result = run(CLINIC, "--name", "CUMPRI", "--lang", "en")

    assert result.exit_code == 0, result.output
    assert "1 of 1 conversations went well (" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("health/varizemd",), "não há 'health/varizemd' em config/domains (seria health/"),
        (("x/y", "--lang", "en"), "there is no 'x/y' in config/domains"),
        ((CLINIC, "--channel", "email"), "nenhuma conversa de config/domains/health/varizemed."),
        ((CLINIC, "--name", "zz"), "há cumprimenta (whatsapp); preço errado (web_widget)"),
    ],
)
def test_nothing_to_play_ends_with_2_before_anything_is_started(run, arguments, said):
    """A name typed wrong must not look like a success."""
    result = run(*arguments)

    assert result.exit_code == 2
    assert said in result.stderr


def test_a_business_without_conversations_is_told_where_they_belong(run):
    """Also as JSON."""
    FILE.unlink()

    result = run(CLINIC, "--json")

    assert result.exit_code == 2
    (fault,) = json.loads(result.stdout)["faults"]
    assert str(FILE) in fault


@pytest.mark.parametrize(("lang", "said"), [("pt-BR", "desconhecid"), ("en", "unknown")])
def test_faults_of_files_end_with_2_and_their_line(run, lang, said):
    """In the language asked for, those that only show beside the tenant too."""
    FILE.write_text(CONVERSATIONS.replace("intent: greeting", "intent: greting"), "utf-8")

    result = run(CLINIC, "--lang", lang)

    assert result.exit_code == 2
    assert f"{FILE}:5:" in result.stderr
    assert said in result.stderr


def test_silence_and_lateness_are_failures_of_their_own():
    """A line that wants nothing still wants an answer, unless people had the conversation."""
    line = Line(says=("Oi",), handoff=False)
    nothing = {"records": (), "routed": (), "called": (), "replies": (), "people": False}

    silent = judged(line, Seen(**nothing, answering=True), routes={})
    late = judged(line, Seen(**nothing, answering=True, late=True), routes={})
    owned = judged(line, Seen(**nothing, answering=False), routes={})

    assert [failure.kind for failure in silent] == ["silent"]
    assert [failure.kind for failure in late] == ["late"]
    assert owned == ()


def test_words_of_the_model_that_nobody_asks_for_are_a_failure(run):
    """Whoever writes them believes the turn reaches a model; a retry not needed counts too."""
    FILE.write_text(
        "conversations:\n"
        "  - name: nunca\n"
        "    customer: [{says: Oi!, intent: greeting, model: [nunca]}]\n"
        "  - name: de sobra\n"
        "    customer:\n"
        "      - says: Quanto custa a primeira consulta?\n"
        "        model: [A primeira consulta custa R$ 350., de sobra]\n",
        "utf-8",
    )

    result = run(CLINIC)
    body = json.loads(run(CLINIC, "--json").stdout)

    assert result.exit_code == 1, result.output
    assert "      model: não foi pedido, e ficou por dizer: “nunca”" in result.stdout.splitlines()
    assert [
        [(failure["kind"], failure["expected"]) for failure in one["failures"]]
        for one in body["conversations"]
    ] == [[("model", "nunca")], [("model", "de sobra")]]


def test_an_intent_that_only_leads_on_is_seen_by_where_it_leads():
    """It leaves no reply of its own; of two that lead to the same either may be meant."""
    routes = {"book": "scheduling", "exam": "scheduling", "buy": "sales"}
    seen = Seen(
        records=(), routed=("scheduling",), called=(), replies=(), people=False, answering=False
    )

    kinds = {
        name: [failure.got for failure in judged(Line(("x",), intent=name), seen, routes=routes)]
        for name in (*routes, "none")
    }

    assert kinds == {"book": [], "exam": [], "buy": ["book"], "none": ["book"]}


def test_a_new_business_passes_its_own_tests_at_once(run):
    """What ``new-domain`` writes is played as it stands (S2-16)."""
    made = CliRunner().invoke(app, ["new-domain", "beauty/ana"])

    result = run("beauty/ana")

    assert made.exit_code == 0, made.output
    assert result.exit_code == 0, result.output


def test_several_businesses_are_played_in_one_go(run):
    """Without a name: all that have tests; for programs one object on one line for each (N11)."""
    shutil.copytree(ROOT / "config" / "domains" / "jobs", "config/domains/jobs")
    own = Path("config/domains/jobs/sophie.tests.yaml")
    own.write_text(CONVERSATIONS.partition("  - name: preço")[0], "utf-8")

    result = run("--json")
    text = run("jobs/sophie", CLINIC, "--name", "cumprimenta")

    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [(one["tenant"], one["ok"]) for one in found] == [(CLINIC, False), ("jobs/sophie", True)]
    assert len({one["content"] for one in found}) == 2
    assert text.exit_code == 0
    lines = text.stdout.splitlines()
    assert [lines[0], lines[2]] == ["jobs/sophie", CLINIC]
    assert lines[4].startswith("2 de 2 conversas deram certo (")


def test_the_database_is_kept_where_a_server_keeps_its_data(run, data_dir, monkeypatch):
    """The second play spares its making; one that is broken is made anew."""
    monkeypatch.setenv("CHATCREW_DATA_DIR", str(data_dir))
    data_dir.mkdir(mode=0o711)
    cluster = data_dir / "rehearsal" / "postgres" / "cluster"

    played = [run(CLINIC, "--name", "cumprimenta")]
    # Not its inode: a file system may give the same one to the folder that comes after
    (cluster / "seen").touch()
    played.append(run(CLINIC, "--name", "cumprimenta"))
    kept = (cluster / "seen").exists()
    (cluster / "PG_VERSION").write_text("9", "utf-8")
    played += [run(CLINIC, "--name", "cumprimenta") for _ in range(2)]

    said = [(one.output, one.exception) for one in played]
    assert [one.exit_code for one in played] == [0, 0, 0, 0], said
    assert (kept, (cluster / "seen").exists()) == (True, False)


def test_the_same_files_are_answered_the_same_each_time(run):
    """Neither chance nor the free stage chooses among variants: verdicts are kept (N11)."""
    one = "  - name: c{}\n    customer:\n      - says: Oi!\n        contains: nunca dito\n"
    FILE.write_text("conversations:\n" + "".join(map(one.format, range(6))), "utf-8")

    first, second = ([*_read(run(CLINIC, "--json").stdout)] for _ in range(2))

    assert len(first) == 6
    assert first == second


def _read(said):
    for played in json.loads(said)["conversations"]:
        yield from (failure["read"] for failure in played["failures"])
