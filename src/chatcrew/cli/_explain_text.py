"""The part of ``chatcrew explain --text`` that says where a message would lead."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chatcrew import intents
from chatcrew.cli._explain_verdict import verdict, verdict_line
from chatcrew.hub import asking
from chatcrew.hub.stages.branch import LONGEST
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.messages import Filled, Passage
from chatcrew.tenancy import Intent, Tenant

Led = dict[str, Any]

_ACTIONS = {"crew": "crew_action"}
"""Actions whose word means something else elsewhere."""


def hits(tenant: Tenant, text: str) -> Led:
    """Return which intent a message hits and what knowledge is found for it, as JSON values.

    The database is not asked: what the files say is searched in memory, by the same score.
    """
    if not intents.detect_language(text, default=""):
        intents.load_languages()  # the server has it ready, and asks it where words do not tell
    language = intents.language_held(
        text, so_far=None, default=tenant.language, among=tenant.languages
    )
    known = intents.known(tenant, language)
    hit = intents.match(text, known, names=[tenant.persona.name])
    guess = None if hit is not None else _guess(tenant, text, language=language)
    now = datetime.now(ZoneInfo(tenant.timezone))
    read = asking.read(text, tenant, now=now)
    like, found = None, None
    if hit is not None:
        like = hit.intent
        found = {**_intent(like, read), "how": hit.how, "phrase": hit.phrase}
    elif guess is not None and guess["sure"]:
        like = next(one for one in tenant.intents if one.name == guess["name"])
        found = {**_intent(like, read), "how": "guess", "phrase": None}
    passages = _known(tenant, text)
    return {
        "text": text,
        "language": language,
        "intent": found,
        "guess": guess,
        "read": [{"kind": one.kind, "text": one.text, "valid": one.valid} for one in read],
        "knowledge": [
            {
                "title": one.title,
                "source": one.source,
                "score": round(one.score, 2),
                "certain": one.certain,
            }
            for one in passages
        ],
        "answered": verdict(tenant, like, read, passages, language=language),
    }


def _intent(intent: Intent, read: Sequence[intents.Entity]) -> Led:
    _, missing = intents.fill_slots(intent.slots, read, Filled())
    return {
        "name": intent.name,
        "action": intent.action,
        "route": intent.route,
        "file": intent.place[0],
        "line": intent.place[1],
        "asks": missing.name if missing is not None else None,
        "labels": list(intent.labels),
        "priority": intent.priority,
    }


def _guess(tenant: Tenant, text: str, *, language: str) -> Led | None:
    """Return the intent a message is like by the examples, as the turn guesses (hub's branch)."""
    told = [one for one in tenant.intents if not one.whole]
    if not told or len(intents.words(text)) > LONGEST:
        return None
    guess = intents.Classifiers().teach(tenant, language).classify(text)
    best = next((one for one in tenant.intents if one.name == guess.best), None)
    if best is None:
        return None
    known = guess.intent is not None and guess.confidence >= tenant.intent_confidence
    sure = known and not intents.unlike(text, best)
    return {"name": guess.best, "confidence": round(guess.confidence, 2), "sure": sure}


def _known(tenant: Tenant, text: str) -> Sequence[Passage]:
    async def search() -> Sequence[Passage]:
        knowledge = MemoryKnowledge()
        await knowledge.sync(
            tenant.key, tenant.faq, version="explained", documents=tenant.documents
        )
        return await knowledge.search(tenant.key, text, version="explained")

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
            "action": words[_ACTIONS.get(hit["action"], hit["action"])].format(route=hit["route"]),
            "place": place,
        }
        key = "hit"
        if hit["how"] == "guess":
            key = "guessed"
            filled["percent"] = 100 * guess["confidence"]
        yield "  " + words[key].format(**filled)
        for told in ("asks", "labels", "priority"):
            if hit[told]:
                said = ", ".join(hit[told]) if told == "labels" else hit[told]
                yield "    " + words[told].format(**{told: said})
    for one in led["read"]:
        yield "  " + words["read" if one["valid"] else "read_wrong"].format(**one)
    yield f"  {words['knowledge']}"
    for one in led["knowledge"]:
        sure = f"  [{words['certain']}]" if one["certain"] else ""
        yield f"    {one['score']:.2f}  {one['title']}  {one['source']}{sure}"
    if not led["knowledge"]:
        yield f"    {words['nothing_known']}"
    yield f"  {verdict_line(led['answered'], words)}"
