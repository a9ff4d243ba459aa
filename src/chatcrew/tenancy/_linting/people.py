"""Advice about who gets a conversation: what no intent is called, whom nobody can see."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

from chatcrew.tenancy._domains.tenant import TenantFiles
from chatcrew.tenancy._faults.fault import Fault, YamlPath, choices
from chatcrew.tenancy.model import Configuration, Intent, Tenant

_WINDOW = timedelta(hours=24)
_WHATSAPP = "whatsapp"
_DAILY = frozenset({_WHATSAPP, "facebook", "instagram"})
"""Channels that take free text for a day after the customer's word only (Chatwoot's
message_window_service.rb)."""
_HERE: YamlPath = ("people", "distribution")


def people_warnings(
    files: TenantFiles,
    tenant: Tenant,
    *,
    builtin: Sequence[Intent],
    configuration: Configuration,
    reasons: Collection[str] = (),
) -> Iterator[Fault]:
    """Say which specialties never fit, which methods see nobody, and what comes too late to say.

    Args:
        files: where they stand.
        tenant: with its intents and functions.
        builtin: intents every tenant has.
        configuration: which accounts lead to the tenant, and whether they have a user token.
        reasons: those of handoffs beside intents and topics; none: reasons are not looked at.
    """
    intents = {one.name for one in (*tenant.intents, *builtin)}
    topics = {one.name for one in tenant.people.handoff.topics}
    why = {
        *reasons,
        *(f"intent:{name}" for name in intents),
        *(f"topic:{name}" for name in topics),
    }
    yield from _late(files, tenant, configuration)
    yield from _handoff_warnings(files, intents, bots=_serving(tenant, configuration))
    for file in files.files:
        people = file.shape.people
        said = None if people is None else people.distribution
        if said is None:
            continue
        for place, special in enumerate(said.specialties or ()):
            named = (
                ("topics", special.topics, intents, "topic_unknown"),
                ("functions", special.functions, tenant.functions, "unknown_function"),
                ("reasons", special.reasons if reasons else (), why, "reason_unknown"),
            )
            for key, words, among, code in named:
                for number, word in enumerate(words):
                    if word not in among:
                        where = (*_HERE, "specialties", place, key, number)
                        hint, values = choices(word, among)
                        yield file.document.fault(code, where, hint=hint, word=word, **values)
        if said.method not in (None, "chatwoot") and not _seen(tenant, configuration):
            yield file.document.fault("people_unseen", (*_HERE, "method"), word=said.method)


def _late(files: TenantFiles, tenant: Tenant, configuration: Configuration) -> Iterator[Fault]:
    """Say what is to be told to silent customers when their channel takes no free text any more."""
    policy = tenant.people.inactivity
    routes = [*configuration.routes.values()]
    if configuration.fallback is not None:
        routes.append(configuration.fallback)
    served = {route.channel for route in routes if route.tenant == tenant.key}
    closing = sorted(served & (_DAILY if policy.template is None else _DAILY - {_WHATSAPP}))
    for file in files.files:
        said = file.shape.people.inactivity if file.shape.people else None
        if said is None or not closing:
            continue
        for key, written in (("nudge_after", said.nudge_after), ("close_after", said.close_after)):
            span = getattr(policy, key)
            if written is not None and span is not None and span >= _WINDOW:
                yield file.document.fault(
                    "beyond_window",
                    ("people", "inactivity", key),
                    key=key,
                    word=written,
                    channel=closing[0],
                )


def _handoff_warnings(
    files: TenantFiles, intents: Collection[str], *, bots: Collection[str]
) -> Iterator[Fault]:
    """Say which topics are never known, and which digest nobody writes."""
    for file in files.files:
        people = file.shape.people
        if people is None:
            continue
        topics = (people.handoff.topics if people.handoff else None) or {}
        for name, topic in topics.items():
            where: YamlPath = ("people", "handoff", "topics", name)
            if not topic.words and not topic.intents:
                yield file.document.fault("topic_of_nothing", where, word=name)
            for number, word in enumerate(topic.intents or ()):
                if word not in intents:
                    hint, values = choices(word, intents)
                    place = (*where, "intents", number)
                    yield file.document.fault(
                        "handoff_topic_unknown", place, hint=hint, word=word, **values
                    )
        digest = people.feedback.digest if people.feedback else None
        if digest is not None and digest.bot is not None and digest.bot not in bots:
            hint, values = choices(digest.bot, bots)
            place = ("people", "feedback", "digest", "bot")
            yield file.document.fault(
                "digest_bot_unknown", place, hint=hint, word=digest.bot, **values
            )


def _serving(tenant: Tenant, configuration: Configuration) -> Collection[str]:
    """Return the names of the bots of the accounts that lead to a tenant."""
    last = configuration.fallback
    if last is not None and last.tenant == tenant.key:
        return configuration.bots
    leading = {
        account
        for (account, _), route in configuration.routes.items()
        if route.tenant == tenant.key
    }
    return [name for name, one in configuration.bots.items() if one.account in leading]


def _seen(tenant: Tenant, configuration: Configuration) -> bool:
    """Return whether every account that leads to a tenant has a user token; none: nobody asks."""
    routes = configuration.routes.items()
    leading = {account for (account, _), route in routes if route.tenant == tenant.key}
    bots = [one for one in configuration.bots.values() if one.account in leading]
    return all(one.user_token is not None for one in bots)
