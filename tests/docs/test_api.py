"""``docs/api.md`` names what the API has, in both languages."""

import re
from pathlib import Path

import pytest

from chatcrew.accounts import MARK
from chatcrew.web.api import PER_MINUTE, Api, operations
from chatcrew.web.api._operations import TENANT

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [(DOCS / name).read_text("utf-8") for name in ("api.md", "api.pt-BR.md")]
LIMITS = [f"{PER_MINUTE} requests a minute", f"{PER_MINUTE} requisições por minuto"]


@pytest.mark.parametrize("page", PAGES, ids=["en", "pt-BR"])
def test_every_address_of_a_tenant_is_named_with_its_role(page: str) -> None:
    """Method, path, least role."""
    rows = re.findall(r"^\| (.+) \| (\w+).* \| .+ \|$", page, re.MULTILINE)
    told = {
        address: role
        for cell, role in rows
        for address in re.findall(r"`([A-Z]+ /[^`?]+)", cell)
        if role in ("viewer", "admin", "owner")
    }

    known = {
        f"{one.method} {one.path.removeprefix(TENANT)}": str(one.role)
        for one in operations(Api(None))  # type: ignore[arg-type]  # nothing is asked
        if one.path.startswith(TENANT)
    }
    known.pop("POST /messages")
    known.pop("GET /conversations/{bot}/{number}/turns/{turn}")
    assert told == known


@pytest.mark.parametrize(
    ("page", "limit"), list(zip(PAGES, LIMITS, strict=True)), ids=["en", "pt-BR"]
)
def test_figures_and_words_are_the_programs(page: str, limit: str) -> None:
    """The bound of requests, and how a token begins."""
    assert limit in page
    assert f"Bearer {MARK}…" in page


def test_the_examples_are_the_same_in_both_languages() -> None:
    """Who copies one gets what the other gets."""
    first, second = (re.findall(r"<!-- example: .*?```.*?```", one, re.DOTALL) for one in PAGES)
    assert first == second
    assert len(first) == 3
