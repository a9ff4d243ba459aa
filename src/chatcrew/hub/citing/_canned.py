"""What a reply rests on that no model wrote: an intent with its wording, an answer, a text."""

import re
from collections.abc import Iterator
from functools import lru_cache

from chatcrew import intents
from chatcrew.hub.citing._support import Written
from chatcrew.hub.citing._written import LONGEST_NAME
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.tenancy.model import Intent, Tenant

_FEWEST = 8
"""Characters of a text that is not said by chance."""

_HOLE = re.compile(r",?[ ]?\{[^{}\n]{1,40}\}")


def canned(ctx: TurnContext, reply: Reply) -> Iterator[Written]:
    """Yield what people wrote that this reply gives word for word, and what it was filled with."""
    tenant = ctx.our_tenant()
    if reply.engine == "faq":
        for one in reply.passages[:1]:
            yield Written("knowledge", one.title[:LONGEST_NAME], "", place=one.source)
        return
    intent = _intent(tenant, reply)
    if intent is not None:
        if reply.reason.startswith("intent:"):
            # Without it another intent may ask the very same question
            place = f"{intent.place[0]}:{intent.place[1]}"
            yield Written("intent", intent.name, "", place=place, key=f"intents.{intent.name}")
        yield from _wording(tenant, intent, reply)
    yield from given_texts(tenant, reply.text)


def _intent(tenant: Tenant, reply: Reply) -> Intent | None:
    """Return the tenant's own intent that answers; what is built in stands in no file."""
    kind, _, rest = reply.reason.partition(":")
    if kind not in ("intent", "slot", "slot_help"):
        return None
    name = rest.partition(":")[0]
    return next((one for one in tenant.intents if one.name == name and one.place[1]), None)


def _wording(tenant: Tenant, intent: Intent, reply: Reply) -> Iterator[Written]:
    kind, _, rest = reply.reason.partition(":")
    if kind in ("slot", "slot_help"):
        slot = rest.partition(":")[2]
        yield Written("question", slot, "", key=f"intents.{intent.name}.slots.{slot}")
        return
    for number, words in enumerate(intent.replies):
        if _given(words, reply.text):
            key = f"intents.{intent.name}.replies.{number}"
            yield Written("wording", intent.name, "", key=key)
            yield from _filled(tenant, words)
            return


def _filled(tenant: Tenant, words: str) -> Iterator[Written]:
    held = intents.holds(words)
    for name in tenant.facts:
        if name in held:
            yield Written("fact", name, "", key=f"facts.{name}")
    if "hours" in held and tenant.hours:
        yield Written("hours", "hours", "", key="hours")


def given_texts(tenant: Tenant, said: str) -> Iterator[Written]:
    """Yield the business's own texts that stand in what was said."""
    for name, by_language in tenant.texts.items():
        for language, words in by_language.items():
            if len(words) >= _FEWEST and _given(words, said):
                yield Written("text", name, "", key=f"texts.{name}.{language}")
                break


def _given(words: str, text: str) -> bool:
    """Return whether a text with holes stands in what was said."""
    return _pattern(words).search(" ".join(text.split())) is not None


@lru_cache(maxsize=1024)
def _pattern(words: str) -> re.Pattern[str]:
    parts = _HOLE.split(" ".join(words.split()))
    return re.compile(".{0,400}?".join(map(re.escape, parts)), re.DOTALL)
