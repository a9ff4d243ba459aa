"""What a tenant's intents are, and what a classifier of them is taught."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from chatcrew.intents._builtin import builtin
from chatcrew.intents._classifier import Lesson
from chatcrew.intents._fold import fold
from chatcrew.tenancy.model import Intent, Tenant

_POLICY: Final = ("people.handoff.asked", 0)
_MOST_ASIDE: Final = 200
"""Phrases of one intent that stand for what is none of the tenant's own."""


def known(tenant: Tenant, language: str) -> tuple[Intent, ...]:
    """Return the tenant's intents, then the built-in ones that it does not word itself."""
    own = {intent.name for intent in tenant.intents}
    shared = (one for one in builtin(language) if one.name not in own)
    phrases = tenant.people.handoff.asked.phrases
    asked = (_asked(phrases),) if phrases else ()
    return (*tenant.intents, *asked, *shared)


@lru_cache(maxsize=256)
def _asked(phrases: tuple[str, ...]) -> Intent:
    """Return the same intent each time: what is worked out for it is found by its identity."""
    return Intent("wants_person", phrases, "handoff", place=_POLICY)


def lessons(tenant: Tenant, intents: Sequence[Intent]) -> tuple[list[Lesson], list[str]]:
    """Return what ``Classifier.train`` takes: what is to be learned, and what is none of it.

    A wrong shortcut is worse than a model call (S3-41): greetings, thanks and the built-in intents,
    which count word for word, are only learned as what is meant by none of the others, and so is
    what the knowledge answers, unless a phrase says the same.

    Args:
        tenant: whose own intents are learned.
        intents: all that ``known`` returned.
    """
    told = [one for one in tenant.intents if not one.whole]
    aside = [phrase for one in intents if one not in told for phrase in one.phrases[:_MOST_ASIDE]]
    phrases = {fold(phrase) for one in told for phrase in one.phrases}
    asked = [wording for entry in tenant.faq for wording in (entry.question, *entry.also)]
    aside += [wording for wording in asked if fold(wording) not in phrases]
    aside += [text for one in told for text in one.unlike]
    return [Lesson.of(one, keywords=one.keywords) for one in told], aside
