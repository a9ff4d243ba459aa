"""From a domain's ``_base.yaml`` and a tenant's own file to the tenant, with all its rules."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any

from chatcrew.tenancy._domains.made import (
    asked_of_plans,
    made_episodes,
    made_intent,
    made_professional,
)
from chatcrew.tenancy._domains.privacy import with_privacy
from chatcrew.tenancy._domains.rules import DomainFile, Known, file_faults
from chatcrew.tenancy._domains.tools import databases_of, offered, tool_faults, tools_of
from chatcrew.tenancy._faults.fault import Fault, YamlPath, choices
from chatcrew.tenancy._fold import folded
from chatcrew.tenancy._reading.merge import merge
from chatcrew.tenancy._shapes.domain import ExampleShape, FaqShape, ProfessionalShape
from chatcrew.tenancy._shapes.intents import IntentShape
from chatcrew.tenancy._values.business import plan_facts
from chatcrew.tenancy._values.experiment import made_experiment
from chatcrew.tenancy._values.limits import made_limits
from chatcrew.tenancy._values.people import made_people
from chatcrew.tenancy.model import (
    AnswerPolicy,
    AttachmentPolicy,
    Collect,
    Document,
    Example,
    Faq,
    MemoryPolicy,
    Persona,
    Plan,
    Rule,
    Tenant,
    Vip,
)
from chatcrew.tenancy.vocabulary import EXPECTED, LANGUAGES, REPLY_PLACEHOLDERS, SURE

_PLACEHOLDER = re.compile(r"\{([^{}\n]{1,40})\}")


def tenant(
    key: str,
    own: DomainFile,
    base: DomainFile | None,
    *,
    known: Known,
    documents: tuple[Document, ...] = (),
) -> tuple[Tenant | None, list[Fault]]:
    """Return the tenant, None where something it cannot do without is missing, and all faults."""
    reader = TenantFiles(own, base)
    files, merged = reader.files, reader.merged
    faults = [
        *reader.missing(),
        *chain.from_iterable(
            file_faults(file, replace(known, tools=frozenset(known.tools) | offered(files)))
            for file in files
        ),
        *reader.function_faults(),
        *reader.text_faults(),
        *reader.phrase_faults(),
        *reader.keyword_faults(),
        *reader.slot_faults(),
        *reader.reply_faults(),
        *tool_faults(files, taken=known.tools),
    ]
    persona, vip, functions = merged.get("persona", {}), merged.get("vip", {}), reader.functions
    if not all((persona.get("name"), persona.get("business"), merged.get("timezone"))):
        return None, faults
    rules, plans, language = [*reader.rules()], (*reader.plans(),), merged.get("language", "pt-BR")
    faq = [
        Faq(
            question=entry.question,
            answer=entry.answer,
            keywords=tuple(entry.keywords),
            place=(file.place, file.document.line(path)),
            also=tuple(entry.also),
        )
        for file, path, entry in reader.faq()
    ]
    made = Tenant(
        key=key,
        language=language,
        timezone=merged["timezone"],
        persona=Persona(
            name=persona["name"],
            business=persona["business"],
            tone=persona.get("tone", ""),
            style=persona.get("style", ""),
        ),
        hours=merged.get("hours", ""),
        facts={**plan_facts(plans, language), **merged.get("facts", {})},
        rules=tuple(dict.fromkeys(rule.text for rule in rules if rule.plain)),
        special_rules=tuple(rule for rule in rules if not rule.plain),
        plans=plans,
        examples=tuple(Example(one.customer, one.reply) for one in reader.examples()),
        faq=(*faq, *asked_of_plans(plans, language, faq)),
        intents=tuple(
            made_intent(file, path, entry, tools=offered(files))
            for file, path, entry in reader.intents()
        ),
        professionals=tuple(made_professional(entry) for entry in reader.professionals()),
        texts=merged.get("texts", {}),
        default_function=merged.get("default_function", functions[0] if functions else "support"),
        functions=functions,
        services=tuple(merged.get("services", ())),
        intent_confidence=merged.get("intent_confidence", SURE),
        expected=merged.get("expected", {}),
        tools=tuple(tools_of(files)),
        databases=databases_of(files),
        languages=tuple(dict.fromkeys(merged.get("languages", LANGUAGES))),
        attachments=AttachmentPolicy(**merged.get("attachments", {})),
        vip=Vip(tuple(vip.get("labels", ())), vip.get("attributes", {})),
        documents=documents,
        memory=MemoryPolicy(**merged.get("memory", {})),
        collect=Collect(**merged.get("collect", {})),
        episodes=made_episodes(merged.get("episodes", {})),
        people=made_people(merged.get("people", {})),
        limits=made_limits(merged.get("limits", {})),
        answers=AnswerPolicy(**merged.get("answers", {})),
        experiment=made_experiment(merged.get("experiment", {})),
    )
    return with_privacy(made, merged.get("privacy", {})), faults


class TenantFiles:
    """A tenant's file over its domain's."""

    def __init__(self, own: DomainFile, base: DomainFile | None) -> None:
        self.own = own
        self.files = (own,) if base is None else (own, base)
        self.merged: Mapping[str, Any] = {}
        for file in reversed(self.files):
            self.merged = merge(self.merged, file.shape.model_dump(exclude_none=True))
        self.functions: tuple[str, ...] = tuple(self.merged.get("functions", ("support",)))

    def rules(self) -> Iterator[Rule]:
        """Return the domain's rules, then the tenant's."""
        for file in reversed(self.files):
            for place, one in enumerate(file.shape.rules or ()):
                yield Rule(
                    text=one.text,
                    type=one.type,
                    keywords=tuple(one.keywords),
                    since=None if one.from_ is None else date.fromisoformat(one.from_),
                    until=None if one.until is None else date.fromisoformat(one.until),
                    place=(file.place, file.document.line(("rules", place))),
                )

    def plans(self) -> Iterator[Plan]:
        """Return the tenant's plans, or the domain's where it names none."""
        for file in self.files:
            if file.shape.plans is not None:
                for place, one in enumerate(file.shape.plans):
                    yield Plan(
                        name=one.name,
                        price=one.price,
                        currency=one.currency,
                        period=one.period,
                        features=tuple(one.features),
                        ideal_for=one.ideal_for or "",
                        recommended=one.recommended,
                        place=(file.place, file.document.line(("plans", place))),
                    )
                return

    def examples(self) -> Iterable[ExampleShape]:
        """Return the tenant's examples, or the domain's where it names none."""
        lists = (file.shape.examples for file in self.files)
        return next((found for found in lists if found is not None), ())

    def faq(self) -> Iterator[tuple[DomainFile, YamlPath, FaqShape]]:
        """Return the tenant's entries, then those of the domain with another question."""
        seen: set[str] = set()
        for file in self.files:
            here = [folded(entry.question) for entry in file.shape.faq or ()]
            for place, entry in enumerate(file.shape.faq or ()):
                if here[place] not in seen:
                    yield file, ("faq", place), entry
            seen.update(here)

    def intents(self) -> Iterator[tuple[DomainFile, YamlPath, IntentShape]]:
        """Return the tenant's intents, then those of the domain with another name.

        An intent of the domain that leads to a function this tenant lacks is not for this tenant.
        """
        seen: set[str] = set()
        for file in self.files:
            for place, entry in enumerate(file.shape.intents or ()):
                lost = entry.route is not None and entry.route not in self.functions
                if entry.name not in seen and not (lost and file is not self.own):
                    yield file, ("intents", place), entry
            seen.update(entry.name for entry in file.shape.intents or ())

    def professionals(self) -> Iterable[ProfessionalShape]:
        """Return the tenant's people, or the domain's where it names none."""
        lists = (file.shape.professionals for file in self.files)
        return next((found for found in lists if found is not None), ())

    def missing(self) -> Iterator[Fault]:
        """Say what neither file gives."""
        persona = self.merged.get("persona", {})
        for key in ("name", "business"):
            if key not in persona:
                yield self._fault("tenant_incomplete", ("persona",), key=f"persona.{key}")
        if "timezone" not in self.merged:
            yield self._fault("tenant_incomplete", (), key="timezone")

    def function_faults(self) -> Iterator[Fault]:
        """Hold the default function and every route against the tenant's functions."""
        default = self.merged.get("default_function")
        if default is not None and default not in self.functions:
            hint, values = choices(default, self.functions)
            path = self._first(("default_function",), ("functions",))
            yield self.own.document.fault(
                "default_function_missing", path, hint=hint, word=default, **values
            )
        for file, path, intent in self.intents():
            if intent.route is not None and intent.route not in self.functions:
                hint, values = choices(intent.route, self.functions)
                here = (*path, "route")
                yield file.document.fault(
                    "unknown_function", here, hint=hint, word=intent.route, **values
                )

    def text_faults(self) -> Iterator[Fault]:
        """A text that is given needs words in the language the tenant speaks by default."""
        language = self.merged.get("language", "pt-BR")
        spoken = self.merged.get("languages", (language,))
        if language not in spoken:
            path = self._first(("languages",), ("language",))
            yield self._fault("language_not_listed", path, language=language)
        for key, words in self.merged.get("texts", {}).items():
            if language not in words:
                path = self._first(("texts", key), ("language",))
                yield self._fault("text_without_language", path, word=key, language=language)

    def phrase_faults(self) -> Iterator[Fault]:
        """No phrase may lead to two intents: which one would answer is chance."""
        owners: dict[tuple[str, bool], str] = {}
        for file, path, intent in self.intents():
            for place, phrase in enumerate(intent.phrases):
                where = (*path, "phrases", place)
                bare = folded(phrase)
                if not bare:
                    yield file.document.fault("phrase_says_nothing", where, word=phrase)
                    continue
                other = owners.setdefault((bare, intent.whole), intent.name)
                if other != intent.name:
                    yield file.document.fault("phrase_twice", where, word=phrase, other=other)

    def keyword_faults(self) -> Iterator[Fault]:
        """A keyword is a word of one intent: of two it tells neither."""
        owners: dict[str, str] = {}
        for file, path, intent in self.intents():
            for place, keyword in enumerate(intent.keywords):
                where = (*path, "keywords", place)
                other = owners.setdefault(folded(keyword), intent.name)
                if other != intent.name:
                    yield file.document.fault("keyword_twice", where, word=keyword, other=other)

    def slot_faults(self) -> Iterator[Fault]:
        """A slot of one name is one thing: what was told for one intent serves the next."""
        kinds: dict[str, str] = {}
        for file, path, intent in self.intents():
            for place, slot in enumerate(intent.slots):
                kind = kinds.setdefault(slot.name, slot.kind)
                if kind != slot.kind:
                    where = (*path, "slots", place, "kind")
                    yield file.document.fault(
                        "slot_kinds", where, word=slot.name, kind=slot.kind, other=kind
                    )

    def reply_faults(self) -> Iterator[Fault]:
        """Replies may hold a few names and the tenant's facts, nothing else in braces."""
        known = {*REPLY_PLACEHOLDERS, *self.merged.get("facts", {})}
        for file, path, intent in self.intents():
            here = known | {slot.name for slot in intent.slots}
            here |= {EXPECTED} if intent.priority in self.merged.get("expected", {}) else set()
            for place, reply in enumerate(intent.replies):
                for word in _PLACEHOLDER.findall(reply):
                    if word not in here:
                        hint, values = choices(word, here)
                        where = (*path, "replies", place)
                        yield file.document.fault(
                            "unknown_placeholder", where, hint=hint, word=word, **values
                        )

    def _first(self, *paths: YamlPath) -> YamlPath:
        """Return the first of these that the tenant's own file has."""
        return next((path for path in paths if path in self.own.document.marks), ())

    def _fault(self, code: str, path: YamlPath, **values: object) -> Fault:
        return self.own.document.fault(code, path, hint=None, **values)
