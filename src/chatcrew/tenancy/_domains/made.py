"""From entries of a domain's file to the values they become."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from chatcrew.tenancy._domains.rules import DomainFile
from chatcrew.tenancy._faults.fault import YamlPath
from chatcrew.tenancy._fold import folded
from chatcrew.tenancy._shapes.domain import ProfessionalShape
from chatcrew.tenancy._shapes.intents import IntentShape
from chatcrew.tenancy._shapes.slots import opening_times
from chatcrew.tenancy._values.business import plan_entries
from chatcrew.tenancy._values.memory import duration
from chatcrew.tenancy.model import Episodes, Faq, Intent, Plan, Professional, Slot


def made_intent(
    file: DomainFile, path: YamlPath, entry: IntentShape, *, tools: Collection[str] = ()
) -> Intent:
    """Return the intent of an entry, with its place.

    Args:
        file: where it stands.
        path: where in it.
        entry: what it says.
        tools: names that the business's own tools offer: an intent that only stands in for one of
            them lets the crew answer, which has it.
    """
    if entry.tool is not None and entry.tool in tools:
        entry = entry.model_copy(
            update={"action": "crew", "replies": [], "slots": [], "route": None, "buttons": []}
        )
    return Intent(
        name=entry.name,
        phrases=tuple(entry.phrases),
        action=entry.action,
        replies=tuple(entry.replies),
        route=entry.route,
        whole=entry.whole,
        buttons=tuple(entry.buttons),
        place=(file.place, file.document.line(path)),
        keywords=tuple(entry.keywords),
        unlike=tuple(entry.unlike),
        slots=tuple(
            Slot(one.name, one.kind, tuple(one.ask), one.help or "") for one in entry.slots
        ),
        labels=tuple(entry.labels),
        priority=entry.priority,
    )


def made_professional(entry: ProfessionalShape) -> Professional:
    """Return the person of an entry, with the opening times of each day."""
    times = chain.from_iterable(opening_times(slot) or () for slot in entry.slots)
    return Professional(
        name=entry.name,
        specialty=entry.specialty,
        symptoms=tuple(entry.symptoms),
        slots=tuple(times),
    )


def made_episodes(merged: Mapping[str, str]) -> Episodes:
    """Return what a resolved conversation is when it is reopened, by what both files say."""
    known = Episodes()
    within = merged.get("continue_within")
    return Episodes(
        merged.get("reopen", known.reopen),
        known.continue_within if within is None else duration(within),
    )


def asked_of_plans(plans: Sequence[Plan], language: str, faq: Iterable[Faq]) -> Iterator[Faq]:
    """Yield what plans answer by themselves; where the business words it, its own words stand."""
    known = {folded(entry.question) for entry in faq}
    for one in plan_entries(plans, language):
        if folded(one.question) not in known:
            yield Faq(one.question, one.answer, one.keywords, one.place, "plan", one.also)
