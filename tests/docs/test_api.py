"""``docs/api.md`` names what the API has."""

import re
from pathlib import Path

from chatcrew.accounts import MARK
from chatcrew.web.api import PER_MINUTE, Api, operations
from chatcrew.web.api._operations import TENANT

DOCUMENT = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


def test_every_address_of_a_tenant_is_named_with_its_role() -> None:
    """Method, path, least role."""
    rows = re.findall(r"^\| (.+) \| (\w+).* \| .+ \|$", DOCUMENT, re.MULTILINE)
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


def test_figures_and_words_are_the_programs() -> None:
    """The bound of requests, and how a token begins."""
    assert f"{PER_MINUTE} requests a minute" in DOCUMENT
    assert f"Bearer {MARK}…" in DOCUMENT
