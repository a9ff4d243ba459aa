"""The part of ``chatcrew explain --text`` that says where a message would lead."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from chatcrew import intents
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.tenancy import Tenant

Led = dict[str, Any]


def hits(tenant: Tenant, text: str) -> Led:
    """Return which intent a message hits and what knowledge is found for it, as JSON values.

    The database is not asked: what the files say is searched in memory, by the same score.
    """
    language = intents.detect_language(text, default=tenant.language)
    own = {intent.name for intent in tenant.intents}
    known = [*tenant.intents, *(one for one in intents.builtin(language) if one.name not in own)]
    hit = intents.match(text, known, names=[tenant.persona.name])
    found = None
    if hit is not None:
        found = {
            "name": hit.intent.name,
            "phrase": hit.phrase,
            "how": hit.how,
            "action": hit.intent.action,
            "route": hit.intent.route,
            "file": hit.intent.place[0],
            "line": hit.intent.place[1],
        }
    return {"text": text, "language": language, "intent": found, "knowledge": _known(tenant, text)}


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
    if hit is None:
        yield f"  {words['no_intent']}"
    else:
        place = f"{hit['file']}:{hit['line']}" if hit["line"] else words["builtin"]
        filled = {
            **hit,
            "how": words.get(hit["how"], hit["how"]),
            "action": words[hit["action"]].format(route=hit["route"]),
            "place": place,
        }
        yield "  " + words["hit"].format(**filled)
    yield f"  {words['knowledge']}"
    for one in led["knowledge"]:
        sure = f"  [{words['certain']}]" if one["certain"] else ""
        yield f"    {one['score']:.2f}  {one['title']}  {one['source']}{sure}"
    if not led["knowledge"]:
        yield f"    {words['nothing_known']}"
