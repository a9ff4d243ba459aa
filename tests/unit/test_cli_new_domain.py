"""``chatcrew new-domain``: what it writes holds at once, and nobody's file is overwritten."""

import re
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatcrew import intents, tools
from chatcrew.cli._check import advice_on
from chatcrew.cli._commands import app
from chatcrew.tenancy import check
from chatcrew.tenancy.conversations import conversations_path, load_conversations

ROOT = Path(__file__).parents[2]
FILES = (Path("chatwoot_mapping.yaml"), Path("config"), Path("crews"))


@pytest.fixture
def new_domain(tmp_path, monkeypatch):
    """Return a caller of the command over a copy of the shipped files."""
    shutil.copy(ROOT / "chatwoot_mapping.yaml", tmp_path)
    for name in ("config", "crews", "docs/schema"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        return CliRunner().invoke(app, ["new-domain", *arguments])

    return call


def checked():
    """Return the report with warnings about the files of the new domain."""
    today = date(2026, 11, 21)
    return check(*FILES, tools=tools.names(), read_secrets=False, advice=advice_on(today))


def test_a_new_business_holds_at_once(new_domain):
    """``check`` finds no fault; no inbox leads there yet, and the phone is made up (S2-16)."""
    result = new_domain("beauty/studio-ana", "--business", "Studio da Ana: cílios & cia")
    report = checked()

    assert result.exit_code == 0, result.stderr
    assert report.lines() == []
    told = [one.code for one in report.warnings if "beauty" in one.file]
    assert told == ["tenant_unrouted", "example_left"]
    tenant = report.configuration.tenants["beauty/studio-ana"]
    assert tenant.persona.business == "Studio da Ana: cílios & cia"
    assert "chatcrew test beauty/studio-ana" in result.stdout
    assert "tenant: beauty/studio-ana" in result.stdout


def test_what_it_suggests_about_people_holds_without_the_marks_before_it(new_domain):
    """An admin only takes the ``#`` away (S1-67, S3-72)."""
    new_domain("beauty/ana")
    file = Path("config/domains/beauty/ana.yaml")
    before, _, suggested = file.read_text("utf-8").partition("# people:\n")
    assert suggested
    lines = [line.removeprefix("# ") for line in suggested.splitlines()]
    file.write_text("\n".join([before, "people:", *lines, ""]), "utf-8")
    report = checked()

    assert report.lines() == []
    people = report.configuration.tenants["beauty/ana"].people
    assert any(people.opening.week)
    assert people.takeover.resume_after is not None
    assert people.inactivity.close_after is not None


def test_its_tests_expect_what_its_files_say(new_domain):
    """Intents named are hit, none where none is expected; fragments stand in the knowledge."""
    new_domain("beauty/ana")
    tenant = checked().configuration.tenants["beauty/ana"]
    known = [*tenant.intents, *intents.builtin("pt-BR")]

    for conversation in load_conversations(conversations_path(Path("config"), "beauty/ana")):
        for line in conversation.lines:
            hit = intents.match(" ".join(line.says), known)
            assert (hit.intent.name if hit else "none") == line.intent
            for fragment in line.contains if line.model else ():
                assert fragment in line.model[0]
                assert any(fragment in entry.answer for entry in tenant.faq)


def test_editors_find_the_schemas(new_domain):
    """The first line of each file leads to a schema that is there."""
    new_domain("beauty/ana")
    folder = Path("config/domains/beauty")

    for path in folder.iterdir():
        _, _, target = path.read_text("utf-8").splitlines()[0].partition("$schema=")
        assert (folder / target).resolve().is_file(), path


def test_a_second_business_shares_the_domain(new_domain):
    """``_base.yaml`` is written once and never touched again."""
    new_domain("beauty/ana")
    base = Path("config/domains/beauty/_base.yaml")
    base.write_text(base.read_text("utf-8") + "# edited\n", "utf-8")
    result = new_domain("beauty/bia", "--lang", "en")

    assert result.exit_code == 0
    assert base.read_text("utf-8").endswith("# edited\n")
    assert "_base.yaml" not in result.stdout
    assert "made config/domains/beauty/bia.yaml" in result.stdout
    assert checked().lines() == []


@pytest.mark.parametrize("name", ["ana.yaml", "ana.tests.yaml"])
def test_what_is_there_is_never_overwritten(new_domain, name):
    """Neither file is written if one of them exists."""
    folder = Path("config/domains/beauty")
    folder.mkdir()
    (folder / name).write_text("mine", "utf-8")
    result = new_domain("beauty/ana")

    assert result.exit_code == 2
    assert "já existe" in result.stderr
    assert [path.name for path in folder.iterdir()] == [name]
    assert (folder / name).read_text("utf-8") == "mine"


@pytest.mark.parametrize("word", ["ana", "Beauty/Ana", "beauty/ana/x", "../etc/passwd", "a/"])
def test_a_name_that_is_none_is_refused(new_domain, word):
    """Nothing outside ``config/domains`` can be written."""
    result = new_domain(word)

    assert result.exit_code == 2
    assert "escreva dominio/negocio" in result.stderr
    assert sorted(path.name for path in Path("config/domains").iterdir()) == sorted(
        path.name for path in (ROOT / "config/domains").iterdir()
    )


def test_a_folder_that_cannot_be_made_is_said(new_domain):
    """With the system's reason, not with a trace."""
    Path("config/domains/beauty").write_text("a file", "utf-8")
    result = new_domain("beauty/ana")

    assert result.exit_code == 2
    assert "não consegui escrever" in result.stderr


def test_without_functions_there_is_nothing_to_begin_with(new_domain):
    """Whoever stands in the wrong folder is told so."""
    shutil.rmtree("crews")
    result = new_domain("beauty/ana")

    assert result.exit_code == 2
    assert "crews/functions" in result.stderr


def test_a_copy_of_an_example_holds_at_once_under_its_new_names(new_domain):
    """Who starts from an example has its knowledge, intents and conversations (S2-16)."""
    result = new_domain("beauty/ana", "--like", "cosmetics/bella", "--business", "Studio Ana")

    assert result.exit_code == 0
    folder = Path("config/domains/beauty")
    assert sorted(path.name for path in folder.iterdir()) == [
        "_base.yaml",
        "ana.tests.yaml",
        "ana.yaml",
    ]
    for path in folder.iterdir():
        words = path.read_text(encoding="utf-8")
        assert "Bella Flor Cosméticos" not in words
        assert "cosmetics/" not in words.replace("of cosmetics/bella:", "").replace(
            "Cópia de cosmetics/bella.", ""
        )
    report = checked()
    assert report.faults == ()
    copy, example = (report.configuration.tenants[key] for key in ("beauty/ana", "cosmetics/bella"))
    assert copy.persona.business == "Studio Ana"
    assert len(copy.faq) == len(example.faq)
    tests = conversations_path(Path("config"), "beauty/ana")
    assert load_conversations(tests)


def test_a_copy_names_every_line_that_still_speaks_of_the_original(new_domain):
    """Names, links, e-mails and phones are not found by reading 700 lines; ``check`` goes on."""
    result = new_domain("beauty/ana", "--like", "cosmetics/bella", "--business", "Studio Ana")
    told = re.findall(r"(?m)^  (config/\S+):(\d+)  (.+)$", result.stdout)
    rows = {name: Path(name).read_text("utf-8").splitlines() for name, _, _ in told}

    assert all(
        word in rows[name][int(line) - 1]
        for name, line, _, word in (
            (*place, word) for place in told for word in place[2].split(", ")
        )
    )
    named = {(name, int(line)) for name, line, _ in told}
    for path in sorted(Path("config/domains/beauty").iterdir()):
        for number, row in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if re.search(r"Bella\b|bellaflor|5555-0130", row) and not row.startswith("#"):
                assert (path.as_posix(), number) in named, row
    own = Path("config/domains/beauty/ana.yaml").read_text("utf-8").splitlines()
    assert own[2].startswith("# Cópia de cosmetics/bella.")
    assert "Nada aqui é real" not in "\n".join(own[:10])
    left = [one for one in checked().warnings if one.code == "example_left"]
    assert {one.values["word"] for one in left} == {
        "bellaflor.example",
        "(41) 5555-0130",
        "(41) 95555-0131",
    }


def test_a_new_business_greets_by_its_name_and_tells_its_phone_without_a_model(new_domain):
    """The first two things anybody tries."""
    new_domain("beauty/ana", "--business", "Studio Ana")
    tenant = checked().configuration.tenants["beauty/ana"]
    hit = intents.match("oi", [*tenant.intents, *intents.builtin("pt-BR")])
    advice = advice_on(date(2026, 11, 21))

    assert "{business_name}" in hit.intent.replies[0]
    assert advice.certain(tenant, "qual o telefone de vocês?")
    assert not advice.certain(tenant, "vocês fazem entrega de pizza?")


def test_the_next_steps_can_be_typed_as_they_stand(new_domain, monkeypatch):
    """In a clone the program is only where it was called from."""
    monkeypatch.setattr(sys, "argv", [".venv/bin/chatcrew", "new-domain"])

    assert "3. .venv/bin/chatcrew check" in new_domain("beauty/ana").stdout


def test_a_copy_inside_the_same_domain_keeps_its_base(new_domain):
    """The domain's own file is shared, and not written again."""
    base = Path("config/domains/cosmetics/_base.yaml")
    before = base.read_bytes()

    assert new_domain("cosmetics/ana", "--like", "cosmetics/bella").exit_code == 0
    assert base.read_bytes() == before
    assert checked().faults == ()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("beauty/ana", "--like", "cosmetics/nobody"), "nobody.yaml"),
        (("beauty/ana", "--like", "bella"), "'bella'"),
        (("jobs/ana", "--like", "cosmetics/bella"), "config/domains/jobs/_base.yaml"),
        (
            ("beauty/ana", "--like", "cosmetics/bella", "--business", "Ana: #1"),
            "'Ana: #1'",
        ),
    ],
)
def test_what_cannot_be_copied_leaves_nothing_behind(new_domain, arguments, said):
    """Code 2, one sentence, no half of a business."""
    before = sorted(Path("config").rglob("*"))

    for language in ("pt-BR", "en"):
        result = new_domain(*arguments, "--lang", language)
        assert result.exit_code == 2
        assert said in result.stderr
    assert sorted(Path("config").rglob("*")) == before
