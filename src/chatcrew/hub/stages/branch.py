"""Branch: what needs no model: greeting, thanks, the wish for a person, a tapped title."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from chatcrew import intents
from chatcrew.clock import Clock
from chatcrew.hub import asking, consenting, handing
from chatcrew.hub.context import TurnContext
from chatcrew.hub.ports import Turns
from chatcrew.hub.signals import FinishTurn
from chatcrew.messages import AuthorKind, Filled, Rung, Topic
from chatcrew.tenancy.model import Intent, Tenant

LONGEST = 16
"""Words of a message beyond which it says more than one thing: only the crew reads it."""

PATIENCE = 0.6
"""Seconds the first turns of a version wait for its examples to be learned, of a promise of 3."""

_Entities = Sequence[intents.Entity]


@dataclass(frozen=True, slots=True)
class Branch:
    """Match the burst against the tenant's intents, then the built-in ones."""

    turns: Turns
    clock: Clock
    classifiers: intents.Classifiers = field(default_factory=intents.Classifiers)
    learning: dict[intents.Version, asyncio.Task[intents.Classifier]] = field(default_factory=dict)
    name: str = "branch"

    async def __call__(self, ctx: TurnContext) -> None:
        """Let the text through to the crew, or answer it here.

        Raises:
            FinishTurn: an intent answers, asks or hands over.
        """
        if ctx.told:
            # What the team decided is the crew's to say; no intent is meant by it
            return
        tenant = ctx.our_tenant()
        told = consenting.read(ctx)
        if told is not None:
            ctx.rungs.append(Rung("intent", "answered"))
            raise FinishTurn(told)
        known = intents.known(tenant, ctx.language)
        offered = _offered(ctx)
        # "2" means the second option from here on, for the search and the crew too
        ctx.text = intents.chosen(ctx.text, offered) or ctx.text
        hit = intents.match(ctx.text, known, offered=offered, names=[tenant.persona.name])
        ctx.matched = {} if hit is None else {"how": hit.how, "phrase": hit.phrase}
        now = self.clock.now().astimezone(ZoneInfo(tenant.timezone))
        found = asking.read(ctx.text, tenant, now=now)
        topic = ctx.claim.state.topic
        last = next((one for one in tenant.intents if one.name == topic.intent), None)
        intent = hit.intent if hit is not None else None
        if not ctx.text:
            # A picture or a document says nothing that a customer could have meant for an intent
            ctx.collected = asking.collected(tenant, topic.filled)
            return
        if last is not None and intent in (None, last):
            if asking.any_words(last, topic.filled):
                intent = intent or await self._guess(ctx, None)
            if intent in (None, last) and asking.answers(
                last, found, text=ctx.text, before=topic.filled
            ):
                ctx.matched = {"how": "answer"}
                await self._go(ctx, last, found, before=topic.filled)
                return
            why = asking.explained(ctx, last, topic.filled) if intent is None else None
            if why is not None:
                ctx.rungs.append(Rung("intent", "explained"))
                raise FinishTurn(why)
        intent = intent or await self._guess(ctx, _context(last, topic, found))
        if intent is not None:
            before = asking.begin(intent, found, topic, text=ctx.text, refused=ctx.refused_before)
            await self._go(ctx, intent, found, before=before)
        elif last is not None:
            filled = asking.aside(last, found, topic.filled)
            ctx.collected = asking.collected(tenant, filled)
            ctx.topic = replace(topic, filled=filled) if filled != topic.filled else None
        else:
            ctx.collected = asking.collected(tenant, topic.filled)

    async def _go(
        self, ctx: TurnContext, intent: Intent, found: _Entities, *, before: Filled
    ) -> None:
        """Do what the intent says with a message that is its own.

        Raises:
            FinishTurn: it answers, asks or hands over.
        """
        filled, missing = asking.fill(intent, found, text=ctx.text, before=before)
        ctx.intent = intent.name
        if not (intent.whole and intent.action == "reply"):
            # Thanks between a question and its answer change nothing
            ctx.topic = replace(ctx.claim.state.topic, intent=intent.name, filled=filled)
        ctx.collected = asking.collected(ctx.our_tenant(), filled)
        ctx.untold = asking.untold(intent, filled)
        ctx.acts = asking.acts(ctx, intent)
        if missing is not None and asking.can_ask(ctx, missing):
            ctx.rungs.append(Rung("intent", "asked"))
            raise FinishTurn(asking.question(ctx, intent, missing, filled=filled))
        if _is_peoples(ctx, intent):
            # Their topic: ``Escalate`` calls them, with what was asked for before
            return
        if intent.route is not None:
            await self._route(ctx, intent.route)
        reply = asking.answer(ctx, intent)
        if reply is not None:
            ctx.rungs.append(Rung("intent", "answered"))
            raise FinishTurn(reply)

    async def _guess(self, ctx: TurnContext, context: intents.Context | None) -> Intent | None:
        """Return the tenant's intent that the message is like, where that is nearly certain.

        The first turns of a version wait a moment for it to be learned, then do without.
        """
        if len(intents.words(ctx.text)) > LONGEST:
            return None
        tenant = ctx.our_tenant()
        version = intents.version(tenant, ctx.language)
        classifier = self.classifiers.ready(version)
        if classifier is None:
            await asyncio.wait({self._learn(version, tenant, ctx.language)}, timeout=PATIENCE)
            classifier = self.classifiers.ready(version)
        if classifier is None:
            return None
        guess = classifier.classify(ctx.text, last=context)
        if guess.best is not None:
            ctx.guess = (guess.best, round(guess.confidence, 2), guess.runner_up)
        if guess.confidence < tenant.intent_confidence:
            return None
        found = next((one for one in tenant.intents if one.name == guess.intent), None)
        return None if found is None or intents.unlike(ctx.text, found) else found

    def _learn(
        self, version: intents.Version, tenant: Tenant, language: str
    ) -> asyncio.Task[intents.Classifier]:
        """Train the classifier of ``version`` in a thread, once; return the task that does."""
        under_way = self.learning.get(version)
        if under_way is not None:
            return under_way
        work = asyncio.to_thread(self.classifiers.teach, tenant, language)
        task = self.learning[version] = asyncio.create_task(work)
        task.add_done_callback(lambda _: self.learning.pop(version, None))
        return task

    async def _route(self, ctx: TurnContext, function: str) -> None:
        """Switch the conversation to another function of the tenant, for good."""
        if ctx.route is None or function not in ctx.our_tenant().functions:
            return
        await self.turns.route(ctx.claim, function)
        ctx.crew = ctx.configuration.crew(ctx.route, function)


def _is_peoples(ctx: TurnContext, intent: Intent) -> bool:
    """Return whether an intent with an answer of its own is about a topic of people alone."""
    topics = ctx.our_tenant().people.handoff.topics
    calls = intent.action == "handoff" or ctx.draft is not None
    return not calls and handing.topic_meant(intent.name, topics) is not None


def _offered(ctx: TurnContext) -> tuple[str, ...]:
    """Return the options of our newest message: buttons, or the numbered lines in their place.

    Who answers a person's question chooses none of ours.
    """
    for line in reversed(ctx.history):
        if line.author.kind in (AuthorKind.PERSON, AuthorKind.PHONE):
            return ()
        if line.author.kind is AuthorKind.BOT:
            return line.options or intents.listed(line.text)
    return ()


def _context(last: Intent | None, topic: Topic, found: _Entities) -> intents.Context | None:
    """Return what was said before, for a message that is only the rest of it."""
    if last is None:
        return None
    waiting = [
        kind
        for slot in last.slots
        if slot.name not in topic.filled.values
        for kind in intents.fits(slot.kind)
    ]
    return intents.Context(last.name, waiting, [one.kind for one in found if one.valid])
