"""What a business hides from providers and which languages it speaks, as its files say it (N15)."""

import shutil
from pathlib import Path

import pytest

from chatcrew.app.privacy import Policies, policy_of
from chatcrew.privacy import KINDS
from chatcrew.tenancy import Tenant, check, load
from chatcrew.tenancy.provenance import origins
from chatcrew.tenancy.vocabulary import HIDDEN, LANGUAGES

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
FILES = (Path("chatwoot_mapping.yaml"), Path("config"), Path("crews"))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a valid configuration."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "config" / "domains" / "shop"


def add(path: Path, words: str) -> None:
    """Write something below what a file says."""
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n{words}\n", "utf-8")


def acme() -> Tenant:
    """Return the business as it is loaded now."""
    return load(*FILES, tools=TOOLS).tenants["shop/acme"]


def test_documents_and_cards_are_hidden_where_nobody_says_anything(files: Path) -> None:
    """And every language there are texts in is spoken."""
    assert acme().private == HIDDEN == ("cpf", "cnpj", "rg", "cnh", "passport", "card")
    assert acme().languages == LANGUAGES


@pytest.mark.parametrize(
    ("base", "own", "expected"),
    [
        ("all", None, KINDS),
        ("none", None, ()),
        ("[phone]", None, ("phone",)),
        ("all", "[cpf, email]", ("cpf", "email")),
        ("[phone]", "none", ()),
    ],
)
def test_the_tenants_list_replaces_the_domains(
    files: Path, base: str, own: str | None, expected: tuple[str, ...]
) -> None:
    """``all`` and ``none`` stand for lists."""
    add(files / "_base.yaml", f"privacy: {{mask: {base}}}")
    if own is not None:
        add(files / "acme.yaml", f"privacy: {{mask: {own}}}")

    assert acme().private == expected


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "privacy: {mask: [cpf, phon]}",
            "privacy.mask[1]: unknown value 'phon' (did you mean 'phone'?)",
        ),
        ("privacy: {mask: tudo}", "privacy.mask: expected a list, found text"),
        ("privacy: {masks: all}", "privacy.masks: unknown key 'masks' (did you mean 'mask'?)"),
        ("languages: [pt, en]", "languages[0]: unknown value 'pt'"),
        ("languages: []", "languages: the list is empty"),
        ("languages: [en, es]", "languages: language is pt-BR, which languages does not list"),
    ],
)
def test_a_mistake_is_named_with_its_place(files: Path, written: str, said: str) -> None:
    """File, line, path and what to write instead."""
    add(files / "acme.yaml", written)

    (line,) = check(*FILES, tools=TOOLS, read_secrets=False).lines("en")

    assert line.startswith("config/domains/shop/acme.yaml:")
    assert said in line


def test_explain_names_the_line_that_decides(files: Path) -> None:
    """Where nobody says anything, that is said too."""
    found = {one.path: one.given for one in _origins()}
    assert found["privacy.mask"].layer == "default"

    add(files / "acme.yaml", "privacy: {mask: [card]}")
    found = {one.path: one.given for one in _origins()}

    assert found["privacy.mask"].value == ["card"]
    assert found["privacy.mask"].layer == "tenant"


def _origins():
    loaded = load(*FILES, tools=TOOLS)
    account, inbox = next(place for place, route in loaded.routes.items() if place[1])
    return origins(*FILES, tools=TOOLS, account=account, inbox=inbox)


def test_what_the_business_publishes_is_no_secret(files: Path) -> None:
    """Its own telephone and address are known to everybody who asks."""
    add(files / "acme.yaml", "hours: seg a sex, (81) 3333-4444, Rua do Sol, 45")

    policy = policy_of(acme())

    assert ("phone", "8133334444") in policy.public
    assert ("address", "do sol|45") in policy.public


def test_a_tenant_nobody_knows_hides_everything(files: Path) -> None:
    """One that was deleted while its last turn runs; and the policy follows a reload."""
    current = load(*FILES, tools=TOOLS)
    policies = Policies(lambda: current)

    assert set(policies("shop/gone").kinds) == set(KINDS)
    assert set(policies("shop/acme").kinds) == set(HIDDEN)
    assert policies("shop/acme") is policies("shop/acme")

    add(files / "acme.yaml", "privacy: {mask: none}")
    current = load(*FILES, tools=TOOLS)
    assert set(policies("shop/acme").kinds) == set()
