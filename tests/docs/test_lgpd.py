"""``docs/lgpd.md``, in both languages, says what is so."""

import json
import re
from pathlib import Path

import pytest
import typer
import yaml

from chatcrew.cli._commands import app
from chatcrew.lgpd import genuine
from chatcrew.tenancy._domains.privacy import with_privacy
from chatcrew.tenancy._shapes.domain import DomainShape
from chatcrew.tenancy.model import Persona, Retention, Tenant

ROOT = Path(__file__).parents[2]
PAGES = ("docs/lgpd.md", "docs/lgpd.pt-BR.md")


def page(name: str) -> str:
    """Return a page."""
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_the_days_of_each_kind_are_the_defaults(name: str) -> None:
    """Every kind has its row with the number that counts where nobody says one."""
    _, _, rest = page(name).partition("<!-- table: retention -->")
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", rest, re.MULTILINE)
    assert {kind: int(days) for kind, days in rows} == Retention().days


@pytest.mark.parametrize("name", PAGES)
def test_the_yaml_of_the_page_is_understood(name: str) -> None:
    """Its days are laid over the defaults, and its question is the one that is asked."""
    _, _, rest = page(name).partition("<!-- example: yaml -->")
    written = yaml.safe_load(rest.split("```yaml")[1].split("```")[0])
    said = DomainShape.model_validate(written).model_dump(exclude_none=True)
    plain = Tenant("shop/acme", "pt-BR", "America/Recife", Persona("Lia", "Loja", ""))

    tenant = with_privacy(plain, said["privacy"])

    assert tenant.retention == Retention(raw=7, messages=180, tools=30)
    assert tenant.texts["memory_consent"]["pt-BR"].startswith("Posso guardar seu nome")
    assert with_privacy(plain, {}).retention == Retention()


@pytest.mark.parametrize("name", PAGES)
def test_the_commands_of_the_page_are_there(name: str) -> None:
    """Each ``chatcrew privacy …`` and ``audit …`` has its subcommand."""
    group = typer.main.get_group(app)
    said = re.findall(r"chatcrew (privacy|audit) ([a-z]+)", page(name))
    assert {("privacy", "erase"), ("privacy", "export"), ("audit", "verify")} <= {*said}
    for command, sub in said:
        assert sub in group.commands[command].commands  # type: ignore[attr-defined]


def test_the_receipt_of_the_page_has_the_shape_of_one_and_is_not_genuine() -> None:
    """What is shown is shortened, and nobody takes it for a receipt."""
    _, _, rest = page(PAGES[0]).partition("<!-- example: receipt -->")
    shown = json.loads(rest.split("```json")[1].split("```")[0])
    assert {"erased", "scan", "audit", "person"} <= {*shown["receipt"]}
    assert not genuine(shown)
