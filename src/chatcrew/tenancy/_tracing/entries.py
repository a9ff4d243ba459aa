"""Where each entry of a tenant's lists comes from: rules, plans, knowledge, intents, tools."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chatcrew.tenancy._domains.rules import DomainFile
from chatcrew.tenancy._shapes.intents import IntentShape
from chatcrew.tenancy._tracing.trail import Origin, Trail, given
from chatcrew.tenancy.model import Tenant

Files = Sequence[tuple[str, DomainFile]]
"""A tenant's files with the layer of each, the domain's first."""


def entry_origins(files: Files, tenant: Tenant) -> Iterator[Origin]:
    """Yield the origin of every entry that counts for ``tenant``, by its name where it has one."""
    for layer, file in files:
        for place, rule in enumerate(file.shape.rules or ()):
            # Both files' rules hold, so each needs a name of its own
            words = given(rule.text, layer, file.document, ("rules", place))
            yield Origin(f"rules[{layer} {place}]", words)
    for key, said in _REPLACED.items():
        yield from _of_last(files, key, said)
    asked = {entry.question for entry in tenant.faq}
    yield from _of_all(files, "faq", lambda one: (one.question, one.answer), known=asked)
    called = {tool.name for tool in tenant.tools}
    yield from _of_all(files, "tools", lambda one: (one.name or one.use, one.use), known=called)
    known = {intent.name for intent in tenant.intents}
    yield from _of_all(files, "intents", lambda one: (one.name, _deed(one)), known=known)


def _of_last(files: Files, key: str, said: Callable[[Any], tuple[str, object]]) -> Iterator[Origin]:
    """Yield the entries of the last file that has such a list: it replaces the others."""
    for layer, file in reversed(files):
        entries = getattr(file.shape, key)
        if entries is not None:
            for place, one in enumerate(entries):
                name, value = said(one)
                yield Origin(f"{key}.{name}", given(value, layer, file.document, (key, place)))
            return


def _of_all(
    files: Files, key: str, said: Callable[[Any], tuple[str, object]], *, known: set[str]
) -> Iterator[Origin]:
    """Yield the entries of all files; one of the same name lies over the domain's."""
    trail = Trail()
    for layer, file in files:
        for place, one in enumerate(getattr(file.shape, key) or ()):
            name, value = said(one)
            if name in known:
                trail.add((key, name), given(value, layer, file.document, (key, place)))
    yield from trail.origins()


def _deed(intent: IntentShape) -> str:
    """Return what an intent does, in the words of its keys."""
    did = [intent.action if intent.route is None else f"{intent.action} {intent.route}"]
    did += [f"slots {' '.join(slot.name for slot in intent.slots)}"] if intent.slots else []
    did += [f"labels {' '.join(intent.labels)}"] if intent.labels else []
    did += [f"priority {intent.priority}"] if intent.priority else []
    return ", ".join(did)


_REPLACED: Mapping[str, Callable[[Any], tuple[str, object]]] = {
    "plans": lambda one: (one.name, one.price),
    "examples": lambda one: (one.customer, one.reply),
    "professionals": lambda one: (one.name, one.specialty),
}
ENTRIES = ("rules", "faq", "intents", "tools", *_REPLACED)
"""The keys that are told entry by entry."""
