"""What a reply rests on of all that people wrote down: for the record, never customers' words (N9).

Only what changes the reply when it is deleted is cited; ``benchmarks/why.py`` deletes it.
"""

from collections.abc import Iterator

from chatcrew.hub.citing._canned import canned, given_texts
from chatcrew.hub.citing._support import Support, Written, supports
from chatcrew.hub.citing._written import written
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.tenancy.lines import rule_key

__all__ = ["Written", "cites", "note", "read", "supports"]

_BY_HAND = frozenset({"intent", "faq", "template", "timer"})
"""Engines whose words a person wrote; all others have a model's."""


def note(ctx: TurnContext, reply: Reply) -> None:
    """Set what the record says of the sources of the reply."""
    ctx.cites, ctx.instructed = cites(ctx, reply), read(ctx, reply)


def cites(ctx: TurnContext, reply: Reply) -> list[dict[str, object]]:
    """Return what the reply rests on, as JSON values: the most of it first.

    Args:
        ctx: the turn, with all that was found.
        reply: what is sent.
    """
    if reply.engine not in _BY_HAND:
        found = supports(reply.text, written(ctx, reply), asked=ctx.text)
        said = given_texts(ctx.our_tenant(), reply.text)
        return [*(_json(one) for one in found), *(_row(one) for one in said)]
    return [_row(one) for one in canned(ctx, reply)]


def read(ctx: TurnContext, reply: Reply) -> list[dict[str, object]]:
    """Return what else stood before the model by the admin's hand; nothing where none was asked."""
    if reply.engine in _BY_HAND or reply.engine == "cache":
        return []
    return [_row(one) for one in _instructions(ctx, reply)]


def _instructions(ctx: TurnContext, reply: Reply) -> Iterator[Written]:
    roles = reply.details.get("roles")
    for role in roles if isinstance(roles, list) else ():
        yield Written("role", str(role), "", key=f"agents.{role}")
    for rule in ctx.rules:
        yield Written("rule", "", "", key=rule_key(rule))


def _json(support: Support) -> dict[str, object]:
    first, *others = [one for one in support.written if one.kind]
    row = _row(first)
    places = [one.place for one in (first, *others) if one.place]
    keys = [one.key for one in others if one.key]
    return {**row, **({"places": places} if places else {}), **({"same": keys} if keys else {})}


def _row(one: Written) -> dict[str, object]:
    row: dict[str, object] = {"kind": one.kind}
    row |= {"name": one.name} if one.name else {}
    row |= {"key": one.key} if one.key else {}
    row |= {"places": [one.place]} if one.place else {}
    return row
