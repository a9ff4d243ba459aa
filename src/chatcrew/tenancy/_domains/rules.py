"""What one file of a domain must keep to, whoever it is merged with."""

import zoneinfo
from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass

from chatcrew.tenancy._faults.fault import Fault, YamlPath, choices
from chatcrew.tenancy._fold import folded
from chatcrew.tenancy._reading.document import Document
from chatcrew.tenancy._shapes.domain import DomainShape
from chatcrew.tenancy._shapes.slots import opening_times
from chatcrew.tenancy.vocabulary import TEXT_KEYS


@dataclass(frozen=True, slots=True)
class DomainFile:
    """One file of a domain.

    Attributes:
        shape: what it says.
        document: where its lines are.
        place: its path inside the configuration, as sources are cited.
        stamp: what it was made of; equal for the same bytes.
    """

    shape: DomainShape
    document: Document
    place: str
    stamp: Hashable = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a tenant may name: functions with a file, and tools of the catalogue."""

    functions: Collection[str]
    tools: Collection[str]


def file_faults(file: DomainFile, known: Known) -> Iterator[Fault]:
    """Say what is wrong with one file by itself."""
    shape, document = file.shape, file.document
    if shape.timezone is not None and not _is_timezone(shape.timezone):
        hint, values = choices(shape.timezone, zoneinfo.available_timezones())
        yield document.fault(
            "unknown_timezone", ("timezone",), hint=hint or "iana", word=shape.timezone, **values
        )
    named: list[tuple[YamlPath, str, str, Collection[str]]] = [
        *(
            (("functions", place), "unknown_function", word, known.functions)
            for place, word in enumerate(shape.functions or ())
        ),
        *(
            (("services", place), "unknown_tool", word, known.tools)
            for place, word in enumerate(shape.services or ())
        ),
        *(
            (("intents", place, "route"), "unknown_function", intent.route, known.functions)
            for place, intent in enumerate(shape.intents or ())
            if intent.route is not None
        ),
        *((("texts", word), "unknown_text", word, TEXT_KEYS) for word in shape.texts or ()),
    ]
    for path, code, word, listed in named:
        if word not in listed:
            hint, values = choices(word, listed)
            yield document.fault(code, path, hint=hint, word=word, **values)
    if shape.functions is not None and not shape.functions:
        yield document.fault("empty_list", ("functions",))
    yield from _faq_faults(shape, document)
    yield from _business_faults(shape, document)
    yield from _intent_faults(shape, document)
    for place, person in enumerate(shape.professionals or ()):
        for number, slot in enumerate(person.slots):
            if opening_times(slot) is None:
                where = ("professionals", place, "slots", number)
                yield document.fault("bad_slot", where, hint="slot_form", word=slot)


def _faq_faults(shape: DomainShape, document: Document) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for place, entry in enumerate(shape.faq or ()):
        path: YamlPath = ("faq", place, "question")
        first = seen.setdefault(folded(entry.question), place)
        if first != place:
            before = document.line(("faq", first, "question"))
            yield document.fault("question_twice", path, word=entry.question, line_before=before)


def _business_faults(shape: DomainShape, document: Document) -> Iterator[Fault]:
    trial = shape.experiment
    if trial and trial.start and trial.stop and trial.stop < trial.start:
        yield document.fault("stop_before_start", ("experiment", "stop"))
    for place, rule in enumerate(shape.rules or ()):
        if rule.from_ is not None and rule.until is not None and rule.until < rule.from_:
            yield document.fault("until_before_from", ("rules", place, "until"))
    seen: dict[str, int] = {}
    recommended: int | None = None
    for place, plan in enumerate(shape.plans or ()):
        first = seen.setdefault(folded(plan.name), place)
        if first != place:
            before = document.line(("plans", first, "name"))
            where: YamlPath = ("plans", place, "name")
            yield document.fault("plan_twice", where, word=plan.name, line_before=before)
        if plan.recommended and recommended is not None:
            before = document.line(("plans", recommended))
            where = ("plans", place, "recommended")
            yield document.fault("recommended_twice", where, line_before=before)
        elif plan.recommended:
            recommended = place


def _intent_faults(shape: DomainShape, document: Document) -> Iterator[Fault]:
    names: set[str] = set()
    for place, intent in enumerate(shape.intents or ()):
        path: YamlPath = ("intents", place)
        if intent.name in names:
            yield document.fault("intent_twice", (*path, "name"), word=intent.name)
        names.add(intent.name)
        if intent.action == "reply" and not intent.replies:
            yield document.fault("intent_needs_replies", path)
        if intent.action == "route" and intent.route is None:
            yield document.fault("intent_needs_route", path)
        if intent.action != "route" and intent.route is not None:
            yield document.fault("route_not_wanted", (*path, "route"), word=intent.action)
        if intent.action == "crew" and intent.replies:
            yield document.fault("replies_not_wanted", (*path, "replies"))
        # Whole replies, such as thanks, leave the talk as it was: no answer could be waited for
        if intent.slots and intent.whole and intent.action == "reply":
            yield document.fault("slots_of_whole", (*path, "slots"), word=intent.name)
        slots: set[str] = set()
        for number, slot in enumerate(intent.slots):
            if slot.name in slots:
                where = (*path, "slots", number, "name")
                yield document.fault("slot_twice", where, word=slot.name)
            slots.add(slot.name)


def _is_timezone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
