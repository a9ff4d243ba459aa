"""Documents beside the YAML: whose they are, what is left out, what a reload sees (S3-97)."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from chatcrew.app.watching import stamp
from chatcrew.cli._check import advice_on
from chatcrew.tenancy import Configuration, Memory, Report, check, load
from chatcrew.tenancy._reading import documents as reading
from chatcrew.tenancy.known import knowledge_version
from chatcrew.tenancy.model import LARGEST_DOCUMENT
from chatcrew.tenancy.snapshot import restored, snapshot

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
SHOP = "config/domains/shop"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the valid sample that may be changed."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    return tmp_path


def files(folder: Path) -> tuple[Path, Path, Path]:
    """Return the three places of a configuration."""
    return folder / "chatwoot_mapping.yaml", folder / "config", folder / "crews"


def loaded(folder: Path, memory: Memory | None = None) -> Configuration:
    """Load the configuration of a folder."""
    return load(*files(folder), tools=TOOLS, memory=memory)


def checked(folder: Path) -> Report:
    """Return what is wrong with a folder's files, secrets aside."""
    return check(*files(folder), tools=TOOLS, read_secrets=False)


def checked_with_advice(folder: Path) -> Report:
    """Return faults and advice as ``chatcrew check`` finds them."""
    advice = advice_on(date(2026, 11, 21))
    return check(*files(folder), tools=TOOLS, read_secrets=False, advice=advice)


def write(folder: Path, name: str, text: str = "Fazemos trocas em 7 dias.\n") -> Path:
    """Write a document of the shop's domain."""
    path = folder / SHOP / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def names(configuration: Configuration, tenant: str) -> list[str]:
    """Return the documents of a tenant, below the domain's folder."""
    found = configuration.tenants[tenant].documents
    return [one.path.removeprefix(f"{SHOP}/") for one in found]


def test_a_tenant_has_its_own_documents_and_those_of_its_domain(folder: Path) -> None:
    """The tenant's own come first and replace the domain's of the same name, as in the YAML."""
    write(folder, "knowledge/trocas.md")
    write(folder, "knowledge/frete.csv", "cep,preço\n01000,10\n")
    write(folder, "outlet/knowledge/trocas.md", "No outlet não há troca.\n")
    write(folder, "outlet/knowledge/2026/promo.html", "<p>Tudo pela metade</p>")

    found = loaded(folder)

    assert names(found, "shop/acme") == ["knowledge/frete.csv", "knowledge/trocas.md"]
    assert names(found, "shop/outlet") == [
        "outlet/knowledge/2026/promo.html",
        "outlet/knowledge/trocas.md",
        "knowledge/frete.csv",
    ]
    own = found.tenants["shop/outlet"].documents[1]
    assert Path(own.place).read_bytes() == b"No outlet n\xc3\xa3o h\xc3\xa1 troca.\n"
    assert (own.size, len(own.digest)) == (26, 64)


def test_a_changed_document_is_another_version_of_everything(folder: Path) -> None:
    """Version of the files, of the tenant's knowledge and the watcher's stamp all move."""
    path = write(folder, "outlet/knowledge/a/b/trocas.md")
    before = loaded(folder)
    seen = stamp([], [folder / "config" / "domains"])

    path.write_text("Fazemos trocas em 9 dias.\n", encoding="utf-8")
    after = loaded(folder)

    assert before.version != after.version
    assert stamp([], [folder / "config" / "domains"]) != seen
    versions = [knowledge_version(one.tenants["shop/outlet"]) for one in (before, after)]
    assert versions[0] != versions[1]
    same = [knowledge_version(one.tenants["shop/acme"]) for one in (before, after)]
    assert same[0] == same[1]


def test_the_same_documents_are_read_once(folder: Path) -> None:
    """A reload of 200 tenants looks at times and sizes, and makes no tenant anew."""
    for number in range(20):
        write(folder, f"outlet/knowledge/{number}.md", f"texto {number}\n")
    memory = Memory()
    first = loaded(folder, memory)
    read = reading._digest.cache_info().misses

    second = loaded(folder, memory)

    assert reading._digest.cache_info().misses == read
    assert first.tenants["shop/outlet"] is second.tenants["shop/outlet"]


@pytest.mark.parametrize(
    ("name", "code", "hint"),
    [
        ("outlet/knowledge/precos.docx", "document_suffix", "save it as PDF or text"),
        ("outlet/knowledge/LEIAME", "document_suffix", "one of: .md, .txt"),
        ("outlet/knowledge/.precos.md", "document_hidden", "rename it to precos.md"),
        ("outlet/knowledge/a/b/c/d/e/f/g/h/i/x.md", "documents_too_deep", "move it further up"),
        ("outlet/knowledge/a\nb.md", "document_name", "rename it"),
    ],
)
def test_what_is_not_read_is_told_and_stops_nothing(
    folder: Path, name: str, code: str, hint: str
) -> None:
    """A text that nobody reads would be missed only when a customer asks."""
    write(folder, name)
    write(folder, "outlet/knowledge/trocas.md")

    loader = checked_with_advice(folder)

    assert names(loaded(folder), "shop/outlet") == ["outlet/knowledge/trocas.md"]
    told = [one for one in loader.warnings if one.code == code]
    assert len(told) == 1
    assert hint in str(told[0])
    assert told[0].render("pt-BR") != str(told[0])


def test_files_nobody_meant_are_left_alone(folder: Path) -> None:
    """What systems and office programs leave behind is no slip of the admin's."""
    for name in (".gitkeep", ".DS_Store", "~$precos.docx", ".trocas.md.swp"):
        write(folder, f"outlet/knowledge/{name}")

    report = checked_with_advice(folder)

    assert report.faults == ()
    assert [one for one in report.warnings if one.code.startswith("document")] == []


def test_a_link_out_of_the_configuration_is_a_fault(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Who may write a document must not thereby show the machine's files to customers."""
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text("senha", encoding="utf-8")
    inside = write(folder, "outlet/knowledge/trocas.md")
    (inside.parent / "link.txt").symlink_to(secret)
    (inside.parent / "again.md").symlink_to(inside)

    report = checked(folder)

    assert [(one.code, Path(one.file).name) for one in report.faults] == [
        ("document_link", "link.txt")
    ]
    (inside.parent / "link.txt").unlink()
    assert "outlet/knowledge/again.md" in names(loaded(folder), "shop/outlet")


def test_a_linked_folder_is_not_entered(folder: Path) -> None:
    """It may lead in a circle; the watcher does not enter it either."""
    inside = write(folder, "outlet/knowledge/trocas.md")
    (inside.parent / "loop").symlink_to(inside.parent)

    report = checked_with_advice(folder)

    assert [one.code for one in report.warnings if "link" in one.code] == ["document_linked_folder"]
    assert names(loaded(folder), "shop/outlet") == ["outlet/knowledge/trocas.md"]
    assert stamp([], [folder / "config"])


def test_a_whole_folder_linked_from_elsewhere_is_a_fault(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The ``knowledge`` folder itself counts as well."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "x.md").write_text("x", encoding="utf-8")
    (folder / SHOP / "outlet").mkdir(exist_ok=True)
    (folder / SHOP / "outlet" / "knowledge").symlink_to(elsewhere)

    assert [one.code for one in checked(folder).faults] == ["document_link"]


def test_too_big_and_unreadable_files_are_faults(folder: Path) -> None:
    """Named with their file and the way out, and never read."""
    big = write(folder, "outlet/knowledge/big.pdf", "")
    os.truncate(big, LARGEST_DOCUMENT + 1)

    fault = checked(folder).faults[0]

    assert (fault.code, Path(fault.file).name) == ("document_too_big", "big.pdf")
    assert "20 MiB" in fault.render("pt-BR")


def test_documents_of_nobody_are_a_fault(folder: Path) -> None:
    """A misspelt folder would leave its tenant without knowledge."""
    write(folder, "outlt/knowledge/trocas.md")

    fault = checked(folder).faults[0]

    assert fault.code == "documents_without_tenant"
    assert "config/domains/shop/outlt.yaml" in str(fault)


def test_a_kept_version_knows_its_documents(folder: Path) -> None:
    """A process that starts while a file is broken searches what its version said."""
    write(folder, "outlet/knowledge/trocas.md")
    version, raw = snapshot(*files(folder))
    now = loaded(folder)

    again = restored(raw, *files(folder), tools=TOOLS)

    assert again is not None
    assert again.version == version == now.version
    assert again.tenants["shop/outlet"] == now.tenants["shop/outlet"]
