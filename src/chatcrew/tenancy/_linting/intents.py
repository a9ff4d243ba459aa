"""Advice about intents: phrases another one catches, intents nobody reaches, idle buttons."""

from collections.abc import Callable, Iterator, Sequence

from chatcrew.tenancy._domains.tenant import TenantFiles
from chatcrew.tenancy._faults.fault import Fault
from chatcrew.tenancy.model import Intent, Tenant


def intent_warnings(
    files: TenantFiles,
    tenant: Tenant,
    *,
    hits: Callable[[str, Sequence[Intent]], str | None],
    builtin: Sequence[Intent],
) -> Iterator[Fault]:
    """Say each phrase to the tenant's intents and tell which does not come home.

    Args:
        files: where the phrases stand.
        tenant: with its own intents.
        hits: how a text becomes an intent.
        builtin: intents every tenant has; its own of the same name replace them.
    """
    known = _known(tenant, builtin)
    for file, path, intent in files.intents():
        caught = [hits(phrase, known) for phrase in intent.phrases]
        if intent.route is not None and not intent.whole:
            # Alone, a button's intent of the same function answers it: a shortcut, and no slip
            short = {one.name for one in known if one.whole and one.route == intent.route}
            caught = [intent.name if name in short else name for name in caught]
        lost = [name for name in caught if name not in (None, intent.name)]
        if len(lost) == len(caught):
            other = max(set(lost), key=lost.count)
            where = (*path, "name")
            yield file.document.fault("intent_unreachable", where, word=intent.name, other=other)
            continue
        for place, (phrase, name) in enumerate(zip(intent.phrases, caught, strict=True)):
            where = (*path, "phrases", place)
            if name is None:
                yield file.document.fault("phrase_not_hit", where, word=phrase)
            elif name != intent.name:
                yield file.document.fault("phrase_caught", where, word=phrase, other=name)


def button_warnings(
    files: TenantFiles,
    tenant: Tenant,
    *,
    hits: Callable[[str, Sequence[Intent]], str | None],
    builtin: Sequence[Intent],
    certain: Callable[[Tenant, str], bool],
) -> Iterator[Fault]:
    """Tap each button and tell which one only a model could answer.

    Args:
        files: where the buttons stand.
        tenant: with its intents and its knowledge.
        hits: how a title becomes an intent.
        builtin: intents every tenant has.
        certain: what the knowledge answers word for word.
    """
    known = _known(tenant, builtin)
    for file, path, entry in files.intents():
        for place, title in enumerate(entry.buttons):
            name = hits(title, known)
            led = [one for one in known if one.name == name]
            if not (any(map(_says, led)) if led else certain(tenant, title)):
                where = (*path, "buttons", place)
                yield file.document.fault("button_leads_nowhere", where, word=title)


def _says(intent: Intent) -> bool:
    """Say whether an intent asks, answers or calls people by itself."""
    return bool(intent.replies or intent.slots) or intent.action == "handoff"


def _known(tenant: Tenant, builtin: Sequence[Intent]) -> list[Intent]:
    own = {intent.name for intent in tenant.intents}
    return [*tenant.intents, *(one for one in builtin if one.name not in own)]
