"""Advice about what customers read: knowledge that nobody finds, texts a channel cannot show."""

from collections.abc import Callable, Collection, Iterator, Sequence

from chatcrew.tenancy._domains.tenant import TenantFiles
from chatcrew.tenancy._faults.fault import Fault, YamlPath
from chatcrew.tenancy._fold import folded
from chatcrew.tenancy._reading.document import Document
from chatcrew.tenancy.model import (
    Capabilities,
    Configuration,
    Intent,
    Route,
    Tenant,
    shown_examples,
)
from chatcrew.tenancy.vocabulary import FALLBACK_CREW


def knowledge_warnings(
    files: TenantFiles,
    tenant: Tenant,
    *,
    hits: Callable[[str, Sequence[Intent]], str | None],
    found: Callable[[Tenant, str], Collection[str]],
) -> Iterator[Fault]:
    """Ask every question of the knowledge and tell which does not lead to its own answer.

    Args:
        files: where the entries stand.
        tenant: with its intents, which come first.
        hits: how a text becomes an intent.
        found: sources a search gives.
    """
    before = [intent for intent in tenant.intents if intent.action != "route"]
    asked: dict[str, tuple[str, int]] = {}
    for file, path, entry in files.faq():
        source = f"{file.place}:{file.document.line(path)}"
        paths: list[YamlPath] = [(*path, "question")]
        paths += [(*path, "also", place) for place in range(len(entry.also))]
        for where, wording in zip(paths, (entry.question, *entry.also), strict=True):
            line = file.document.line(where)
            first = asked.setdefault(folded(wording), (source, line))
            if first != (source, line):
                yield file.document.fault(
                    "wording_twice", where, word=wording, line_before=first[1]
                )
            name = hits(wording, before)
            if name is not None:
                yield file.document.fault("entry_behind_intent", where, word=wording, other=name)
        if source not in found(tenant, entry.question):
            yield file.document.fault("entry_unreachable", paths[0])


def example_warnings(files: TenantFiles, tenant: Tenant) -> Iterator[Fault]:
    """Tell from which example on none is shown to a model: prompts have room for the first ones."""
    shown = len(shown_examples(tenant.examples))
    file = next((one for one in files.files if one.shape.examples is not None), None)
    if file is not None and shown < len(tenant.examples):
        path: YamlPath = ("examples", shown)
        yield file.document.fault("examples_unshown", path, number=shown)


def text_warnings(files: TenantFiles, configuration: Configuration, key: str) -> Iterator[Fault]:
    """Hold canned texts and buttons against every channel the tenant is reached on."""
    tenant = configuration.tenants[key]
    shown = [
        (route.channel, _capabilities(configuration, tenant, route))
        for route in sorted(
            {route for route in configuration.routes.values() if route.tenant == key},
            key=lambda route: (route.channel, route.crew),
        )
        if route.channel != FALLBACK_CREW
    ]
    for file, path, intent in files.intents():
        for channel, what in shown:
            for place, text in enumerate(intent.replies):
                where: YamlPath = (*path, "replies", place)
                yield from _length(file.document, where, text, channel, what)
            yield from _buttons(file.document, path, intent.buttons, channel, what)
    for file in files.files:
        for name, words in (file.shape.texts or {}).items():
            for language, text in words.items():
                for channel, what in shown:
                    where = ("texts", name, language)
                    yield from _length(file.document, where, text, channel, what)


def _capabilities(configuration: Configuration, tenant: Tenant, route: Route) -> Capabilities:
    return configuration.crew(route, tenant.default_function).capabilities


def _length(
    document: Document, path: YamlPath, text: str, channel: str, what: Capabilities
) -> Iterator[Fault]:
    if len(text) > what.max_chars:
        values = {"number": len(text), "limit": what.max_chars, "channel": channel}
        yield document.fault("text_beyond_channel", path, hint=None, **values)


def _buttons(
    document: Document, path: YamlPath, titles: Sequence[str], channel: str, what: Capabilities
) -> Iterator[Fault]:
    """A channel without any buttons shows numbered lines on purpose; that is no slip."""
    if not titles or not what.max_buttons:
        return
    where: YamlPath = (*path, "buttons")
    if len(titles) > what.max_buttons:
        values = {"number": len(titles), "limit": what.max_buttons, "channel": channel}
        yield document.fault("buttons_beyond_channel", where, hint=None, **values)
    for place, title in enumerate(titles):
        if len(title) > what.button_chars:
            yield document.fault(
                "button_beyond_channel",
                (*where, place),
                word=title,
                limit=what.button_chars,
                channel=channel,
            )
