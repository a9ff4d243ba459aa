"""The part of ``chatcrew explain --text`` that says where a message would lead."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chatcrew import intents
from chatcrew.hub.stages.branch import LONGEST
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.tenancy import Intent, Tenant

Led = dict[str, Any]


def hits(tenant: Tenant, text: str) -> Led:
    """Return which intent a message hits and what knowledge is found for it, as JSON values.

    The database is not asked: what the files say is searched in memory, by the same score.
    """
    language = intents.detect_language(text, default=tenant.language)
    known = intents.known(tenant, language)
    hit = intents.match(text, known, names=[tenant.persona.name])
    guess = None if hit is not None else _guess(tenant, known, text)
    found = None
    if hit is not None:
        found = {**_intent(hit.intent), "how": hit.how, "phrase": hit.phrase}
    elif guess is not None and guess["sure"]:
        like = next(one for one in tenant.intents if one.name == guess["name"])
        found = {**_intent(like), "how": "guess", "phrase": None}
    return {
        "text": text,
        "language": language,
        "intent": found,
        "guess": guess,
        "knowledge": _known(tenant, text),
    }


def _intent(intent: Intent) -> Led:
    return {
        "name": intent.name,
        "action": intent.action,
        "route": intent.route,
        "file": intent.place[0],
        "line": intent.place[1],
    }


def _guess(tenant: Tenant, known: Sequence[Intent], text: str) -> Led | None:
    """Return the intent a message is like by the examples, as the turn guesses (hub's branch)."""
    told = [one for one in tenant.intents if not one.whole]
    if not told or len(intents.words(text)) > LONGEST:
        return None
    lessons, aside = intents.lessons(tenant, known)
    guess = intents.Classifiers().of("explained", lessons, aside=aside).classify(text)
    if guess.best not in {one.name for one in tenant.intents}:
        return None
    sure = guess.intent is not None and guess.confidence >= tenant.intent_confidence
    return {"name": guess.best, "confidence": round(guess.confidence, 2), "sure": sure}


def _known(tenant: Tenant, text: str) -> list[Led]:
    async def search() -> list[Led]:
        knowledge = MemoryKnowledge()
        await knowledge.sync(tenant.key, tenant.faq, version="explained")
        return [
            {
                "title": one.title,
                "source": one.source,
                "score": round(one.score, 2),
                "certain": one.certain,
            }
            for one in await knowledge.search(tenant.key, text)
        ]

    return asyncio.run(search())


def hit_lines(led: Led, words: Mapping[str, str]) -> Iterator[str]:
    """Yield for people what ``hits`` found."""
    yield words["said"].format(text=led["text"])
    hit = led["intent"]
    guess = led["guess"]
    if hit is None:
        yield f"  {words['no_intent']}"
        if guess is not None:
            yield "  " + words["like"].format(percent=100 * guess["confidence"], **guess)
    else:
        place = f"{hit['file']}:{hit['line']}" if hit["line"] else words["builtin"]
        filled = {
            **hit,
            "how": words.get(hit["how"], hit["how"]),
            "action": words[hit["action"]].format(route=hit["route"]),
            "place": place,
        }
        key = "hit"
        if hit["how"] == "guess":
            key = "guessed"
            filled["percent"] = 100 * guess["confidence"]
        yield "  " + words[key].format(**filled)
    yield f"  {words['knowledge']}"
    for one in led["knowledge"]:
        sure = f"  [{words['certain']}]" if one["certain"] else ""
        yield f"    {one['score']:.2f}  {one['title']}  {one['source']}{sure}"
    if not led["knowledge"]:
        yield f"    {words['nothing_known']}"
