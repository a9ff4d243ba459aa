"""The labelled replies of ``benchmarks/data``, right and invented ones, and their check."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from chatcrew.hub import grounding
from chatcrew.hub.claims import Unfounded
from chatcrew.tenancy import Tenant

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 20)
"""The Friday on which the replies are written."""


@dataclass(frozen=True, slots=True)
class Row:
    """One reply of a shipped business.

    Attributes:
        number: its number in the file.
        tenant: whose reply.
        reply: what a model says.
        kind: what kind of claim is invented; "" where nothing is.
        customer: what the customer has said.
        earlier: what the bot and the team have said.
        tools: what tools returned.
        held_out: of the third at which nobody looked while the reading was made.
    """

    number: int
    tenant: str
    reply: str
    kind: str = ""
    customer: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    held_out: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A row and what the check made of it."""

    row: Row
    found: tuple[Unfounded, ...]
    seconds: float


def rows(name: str) -> Iterator[Row]:
    """Return the rows of ``grounding_<name>.jsonl``."""
    for line in (DATA / f"grounding_{name}.jsonl").read_text("utf-8").splitlines():
        found = json.loads(line)
        said = {key: tuple(found.get(key, ())) for key in ("customer", "earlier", "tools")}
        yield Row(
            found["id"],
            found["tenant"],
            found["reply"],
            found.get("kind", ""),
            **said,
            held_out=found["held_out"],
        )


def check(row: Row, tenants: Mapping[str, Tenant]) -> Checked:
    """Hold a reply against what its business wrote and its conversation holds, and take the time.

    All of it is done anew, as in a turn: only what the business wrote was read before, where
    :func:`warm` was called.
    """
    begun = time.perf_counter()
    own = grounding.of_tenant(tenants[row.tenant], day=TODAY)
    sources = replace(own, found=row.tools, earlier=row.earlier, customer=row.customer)
    found = tuple(sources.unfounded(row.reply))
    return Checked(row, found, time.perf_counter() - begun)


def warm(tenants: Mapping[str, Tenant]) -> None:
    """Read what the businesses wrote, which is done once a day and not in each turn."""
    for tenant in tenants.values():
        grounding.of_tenant(tenant, day=TODAY)
