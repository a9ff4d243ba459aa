"""What ``chatcrew explain`` can be asked about: the accounts and inboxes of the mapping."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chatcrew.cli._called import called
from chatcrew.tenancy import Configuration, Route

Known = Sequence[Mapping[str, Any]]
"""Accounts as JSON values, each with its inboxes."""


def known(configuration: Configuration, account: str | None = None) -> Known:
    """Return every account of the mapping with its inboxes, or only ``account`` where it is one."""
    labels = sorted({bot.account for bot in configuration.bots.values()})
    wanted = [account] if account in labels else labels
    return [
        {
            "account": label,
            "inboxes": [
                _row(inbox, route)
                for (owner, inbox), route in sorted(configuration.routes.items(), key=_place)
                if owner == label and inbox is not None
            ],
            "others": _others(configuration.routes.get((label, None)) or configuration.fallback),
        }
        for label in wanted
    ]


def known_lines(accounts: Known, words: Mapping[str, str]) -> Iterator[str]:
    """Yield the accounts as lines for people, and how to ask about one of their inboxes."""
    yield words["known"]
    for one in accounts:
        yield f"  {one['account']}"
        for row in one["inboxes"]:
            yield f"    {row['inbox']:>6}  {row['channel']:<11} {row['tenant']}"
        if one["others"] is not None:
            yield f"    {words['other_inboxes'].format(tenant=one['others'])}"
    label, inbox = _example(accounts)
    for key in ("ask", "ask_text"):
        yield words[key].format(called=called(), account=label, inbox=inbox)


def _example(accounts: Known) -> tuple[str, int]:
    """Return an account and inbox that can be asked about."""
    for one in accounts:
        for row in one["inboxes"]:
            return one["account"], row["inbox"]
    return (accounts[0]["account"], 1) if accounts else ("demo", 1)


def _row(inbox: int, route: Route) -> dict[str, Any]:
    return {"inbox": inbox, "channel": route.channel, "tenant": route.tenant}


def _others(route: Route | None) -> str | None:
    return None if route is None else route.tenant


def _place(one: tuple[tuple[str, int | None], Route]) -> tuple[str, int]:
    (account, inbox), _ = one
    return account, inbox or 0
