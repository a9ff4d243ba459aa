"""``docs/privacy.md``, in both languages, shows what is so."""

import re
import shutil
from pathlib import Path

import pytest

from chatcrew.privacy import mask
from chatcrew.tenancy import load
from chatcrew.tenancy.vocabulary import HIDDEN, LANGUAGES
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
PAGES = ("docs/privacy.md", "docs/privacy.pt-BR.md")


def after(page: str, name: str) -> str:
    """Return what follows an example's mark."""
    return (ROOT / page).read_text("utf-8").split(f"<!-- example: {name} -->\n\n", 1)[1]


@pytest.mark.parametrize("page", PAGES)
def test_the_provider_reads_what_the_page_says(page: str) -> None:
    """Each row of the table, whole."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in after(page, "placeholders").split("\n\n", 1)[0].splitlines()[2:]
    ]

    assert len(rows) >= 10
    for said, read in rows:
        assert mask(said)[0] == read


@pytest.mark.parametrize("page", PAGES)
def test_the_yaml_of_the_page_is_taken_as_it_stands(page: str, tmp_path: Path) -> None:
    """Laid into a tenant's file, it is what the tenant hides and speaks."""
    config = Path(shutil.copytree(ROOT / "config", tmp_path / "config"))
    example = re.search(r"```yaml\n(.*?)```", after(page, "yaml"), re.DOTALL)
    assert example is not None
    tenant = config / "domains" / "sales" / "timmy.yaml"
    tenant.write_text(f"{tenant.read_text('utf-8')}\n{example[1]}", "utf-8")

    found = load(ROOT / "chatwoot_mapping.yaml", config, ROOT / "crews", tools=names())

    timmy = found.tenants["sales/timmy"]
    assert timmy.private == ("cpf", "cnpj", "card", "phone", "email", "pix", "address")
    assert timmy.languages == LANGUAGES
    assert found.tenants["cosmetics/bella"].private == HIDDEN


@pytest.mark.parametrize("page", PAGES)
def test_what_is_hidden_by_default_is_named(page: str) -> None:
    """Nobody has to read the program for it."""
    text = (ROOT / page).read_text("utf-8")

    assert ", ".join(f"`{kind}`" for kind in HIDDEN) in text
