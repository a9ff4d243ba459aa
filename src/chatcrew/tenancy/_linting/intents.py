"""Advice about intents: phrases that another one catches, intents that nobody reaches."""

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
    own = {intent.name for intent in tenant.intents}
    known = [*tenant.intents, *(one for one in builtin if one.name not in own)]
    for file, path, intent in files.intents():
        caught = [hits(phrase, known) for phrase in intent.phrases]
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
