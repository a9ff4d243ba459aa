"""What an intent asks of the customer before it acts, and what it does with the answers."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from chatcrew import intents
from chatcrew.hub import texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.messages import ActKind, Filled, Handoff, PlannedPart, Topic
from chatcrew.tenancy.model import Intent, Slot, Tenant
from chatcrew.tenancy.vocabulary import EXPECTED, PRIORITIES

_WHAT = {
    "pt-BR": {
        "cpf": "esse CPF",
        "cnpj": "esse CNPJ",
        "document": "esse documento",
        "cep": "esse CEP",
        "phone": "esse telefone",
        "email": "esse e-mail",
        "date": "essa data",
        "past_date": "essa data",
    },
    "en": {
        "cpf": "that CPF",
        "cnpj": "that CNPJ",
        "document": "that document",
        "cep": "that postal code",
        "phone": "that phone number",
        "email": "that e-mail address",
        "date": "that date",
        "past_date": "that date",
    },
    "es": {
        "cpf": "ese CPF",
        "cnpj": "ese CNPJ",
        "document": "ese documento",
        "cep": "ese código postal",
        "phone": "ese teléfono",
        "email": "ese correo",
        "date": "esa fecha",
        "past_date": "esa fecha",
    },
}
_THAT = intents.word_set("isso esse essa este esta desse dessa numero codigo dado this that number")
"""Words that point at what was just asked."""

_ANOTHER = intents.word_set("outro outra outros outras novo nova another other new")
"""With them it is not the same order, day or person as before."""

_POLITE = intents.word_set("voce voces posso pode")
"""They ask, but as often they begin an answer: "pode ser sexta"."""

_PARTS = re.compile(r"\n|(?<=\?)\s+")
"""Between lines, and after a question: "pra quê? prefiro não dizer" holds an answer."""

_OTHER = {"pt-BR": "isso", "en": "that", "es": "eso"}


def read(text: str, tenant: Tenant, *, now: datetime) -> tuple[intents.Entity, ...]:
    """Return what a message holds that the tenant's intents may ask for."""
    found = intents.entities(text, now=now)
    if any(slot.kind == "past_date" for one in tenant.intents for slot in one.slots):
        found += intents.past_dates(text, now=now)
    return found


def begin(
    intent: Intent,
    found: Sequence[intents.Entity],
    topic: Topic,
    *,
    text: str,
    refused: Collection[str] = (),
) -> Filled:
    """Return what is known when ``intent`` begins: what was told before, unless told anew.

    A slot's name means the same in every intent of a business, which ``check`` sees to. Told anew
    is also what a reload made another kind of, and what "another order" means by itself. The same
    intent once more does not ask again what it has asked often enough, and none asks for what the
    customer would not tell in this episode, or lately in another (``refused``). What was put off is
    asked for once more, by whichever intent needs it.
    """
    before = topic.filled
    another = not _ANOTHER.isdisjoint(intents.words(text))
    anew = {
        slot.name
        for slot in intent.slots
        if another
        or _told(slot, found)
        or not intents.suits(slot.kind, before.values.get(slot.name, ""))
    }
    values = {name: told for name, told in before.values.items() if name not in anew}
    unwilling = [name for name in (*before.refused, *refused) if name not in values]
    if intent.name == topic.intent and not another:
        kept = replace(before, values=values, waiting=None)
    else:
        later = tuple(name for name in before.later if name not in values)
        asked = {name: times for name, times in before.asked.items() if name in later}
        kept = Filled(values=values, later=later, asked=asked)
    return replace(kept, refused=tuple(dict.fromkeys(unwilling)))


def aside(intent: Intent, found: Sequence[intents.Entity], before: Filled) -> Filled:
    """Return what is known after a message that is about something else.

    What it tells by the way is kept; the next words are no answer to the old question.
    """
    after, _ = intents.fill_slots(intent.slots, found, before)
    return replace(before, values=after.values, waiting=None)


def any_words(intent: Intent, before: Filled) -> bool:
    """Return whether ``intent`` waits for any words, so that everything would be an answer."""
    return any(slot.name == before.waiting and slot.kind == "text" for slot in intent.slots)


def answers(intent: Intent, found: Sequence[intents.Entity], *, text: str, before: Filled) -> bool:
    """Return whether a message answers what ``intent`` waits for: also by a wrong number or a no.

    A question back ("onde acho esse número?") is no answer, even where any words would be.
    """
    if before.waiting is None:
        return False
    after, _ = intents.fill_slots(intent.slots, found, before, text=_statement(text))
    return (
        after.values != before.values
        or bool(after.invalid)
        or after.refused != before.refused
        or after.later != before.later
    )


def fill(
    intent: Intent, found: Sequence[intents.Entity], *, text: str, before: Filled
) -> tuple[Filled, Slot | None]:
    """Return what is known after the message, and the slot to ask for next, or None."""
    return intents.fill_slots(intent.slots, found, before, text=_statement(text))


def can_ask(ctx: TurnContext, slot: Slot) -> bool:
    """Return whether the question is worded in the customer's language."""
    return _speaks(ctx, slot.ask[0])


def question(ctx: TurnContext, intent: Intent, slot: Slot, *, filled: Filled) -> Reply:
    """Return the question for ``slot``; asked again it has the next wording, where there is one."""
    words = slot.ask[min(filled.asked.get(slot.name, 1), len(slot.ask)) - 1]
    tenant = ctx.our_tenant()
    contact = ctx.claim.state.snapshot.contact
    said = intents.fill(words, tenant=tenant, contact=contact, slots=ctx.collected)
    if slot.name in filled.invalid:
        what = _WHAT.get(ctx.language, {}).get(slot.kind) or _OTHER.get(ctx.language, "isso")
        wrong = texts.text(tenant, "slot_invalid", language=ctx.language)
        said = f"{wrong.replace('{what}', what)} {said}"
    return _reply(ctx, intent, said, reason=f"slot:{intent.name}:{slot.name}")


def answer(ctx: TurnContext, intent: Intent) -> Reply | None:
    """Return the intent's own words; None where it has none for what is known: the crew answers."""
    known = {slot.name for slot in intent.slots}
    # Of several languages the customer's own; where that one is missing the crew can speak it
    spoken = [words for words in intent.replies if _speaks(ctx, words)]
    if not spoken and intent.action == "handoff":
        spoken = list(intent.replies) if intent.priority == "urgent" else []
    holding = [(words, intents.holds(words) & known) for words in spoken]
    told = [(words, held) for words, held in holding if held <= ctx.collected.keys()]
    # What the customer told is said back where some wording does
    most = max((len(held) for _, held in told), default=0)
    fitting = [words for words, held in told if len(held) == most]
    tenant, contact = ctx.our_tenant(), ctx.claim.state.snapshot.contact
    handoff = Handoff(f"intent:{intent.name}") if intent.action == "handoff" else None
    if fitting:
        seed = f"{ctx.claim.key.conversation}:{intent.name}"
        words = intents.choose(fitting, seed=seed)
        expected = tenant.expected.get(intent.priority or "", "")
        told_now = {**ctx.collected, EXPECTED: expected}
        words = intents.fill(words, tenant=tenant, contact=contact, slots=told_now)
    elif handoff is not None:
        words = texts.text(tenant, "handoff", language=ctx.language)
    else:
        return None
    return _reply(ctx, intent, words, buttons=intent.buttons, handoff=handoff)


def collected(tenant: Tenant, filled: Filled) -> dict[str, str]:
    """Return what is known, by slot, as people write it, of what some intent still asks."""
    return {
        slot.name: intents.shown(slot.kind, filled.values[slot.name])
        for intent in tenant.intents
        for slot in intent.slots
        if slot.name in filled.values and intents.suits(slot.kind, filled.values[slot.name])
    }


def untold(intent: Intent, filled: Filled) -> dict[str, str]:
    """Return what the team reads of the slots that ``intent`` has to do without."""
    return {
        slot.name: f"{intents.shown('text', filled.wrong[slot.name])} (não confere)"
        if slot.name in filled.wrong
        else "(não informado)"
        for slot in intent.slots
        if slot.name not in filled.values
    }


def unwilling(ctx: TurnContext) -> dict[str, str]:
    """Return what a crew reads of the slots that the customer will not tell, or not now.

    Without it a role asks what the intents no longer do.
    """
    filled = (ctx.topic or ctx.claim.state.topic).filled
    slots = {slot.name for intent in ctx.our_tenant().intents for slot in intent.slots}
    refused = {*filled.refused, *ctx.refused_before} & slots - filled.values.keys()
    later = {*filled.later} & slots - filled.values.keys() - refused
    return {
        **dict.fromkeys(sorted(refused), "(prefere não informar; não peça de novo)"),
        **dict.fromkeys(sorted(later), "(disse que informa depois; não insista)"),
    }


def explained(ctx: TurnContext, intent: Intent, before: Filled) -> Reply | None:
    """Return why a slot is asked for, where the customer asks back about it and somebody wrote it.

    The question stays open: the next words may be its answer.
    """
    slot = next((one for one in intent.slots if one.name == before.waiting), None)
    if slot is None or not slot.help or "?" not in ctx.text:
        return None
    about = {*intents.words(slot.name.replace("_", " ")), slot.kind, *_THAT}
    if about.isdisjoint(intents.words(ctx.text)):
        return None
    return _reply(ctx, intent, slot.help, reason=f"slot_help:{intent.name}:{slot.name}")


def acts(ctx: TurnContext, intent: Intent) -> tuple[PlannedPart, ...]:
    """Return the labels and the priority that the conversation does not have yet.

    A higher priority stands: people, or another intent, have given it.
    """
    snapshot = ctx.claim.state.snapshot
    planned = []
    missing = [label for label in intent.labels if label not in snapshot.labels]
    if missing:
        planned.append(PlannedPart(ActKind.LABELS, {"add": missing}))
    if intent.priority is not None and _rank(snapshot.priority) < _rank(intent.priority):
        planned.append(PlannedPart(ActKind.PRIORITY, {"priority": intent.priority}))
    return tuple(planned)


def _reply(
    ctx: TurnContext,
    intent: Intent,
    words: str,
    *,
    reason: str | None = None,
    buttons: tuple[str, ...] = (),
    handoff: Handoff | None = None,
) -> Reply:
    return Reply(
        words,
        engine="intent",
        reason=reason or f"intent:{intent.name}",
        handoff=handoff,
        buttons=buttons,
        trusted=True,
        details={"place": f"{intent.place[0]}:{intent.place[1]}"},
    )


def _told(slot: Slot, found: Sequence[intents.Entity]) -> bool:
    return any(one.valid and one.kind in intents.fits(slot.kind) for one in found)


def _statement(text: str) -> str:
    """Return what of a message can be an answer in words: no line that asks something."""
    return "\n".join(line for line in _PARTS.split(text) if not _is_question(line))


def _is_question(line: str) -> bool:
    first = next(iter(intents.words(line)), "")
    return "?" in line or (first in intents.ASKING and first not in _POLITE)


def _speaks(ctx: TurnContext, words: str) -> bool:
    """Return whether a text is in the customer's language, as far as anybody can tell."""
    return intents.detect_language(words, default=ctx.language) == ctx.language


def _rank(priority: str | None) -> int:
    return PRIORITIES.index(priority) if priority in PRIORITIES else -1
