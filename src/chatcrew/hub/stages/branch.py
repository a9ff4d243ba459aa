"""Branch: what needs no model: greeting, thanks, the wish for a person, a tapped title."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from chatcrew import intents
from chatcrew.hub import texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.ports import Turns
from chatcrew.hub.signals import FinishTurn
from chatcrew.messages import AuthorKind, Handoff, Rung
from chatcrew.tenancy.model import Intent

LONGEST = 16
"""Words of a message beyond which it says more than one thing: only the crew reads it."""

SURE = 0.85
"""Least chance that a guess is right; with it no phrase of the example clinic is guessed wrong."""

MOST_ASIDE = 200
"""Phrases of one intent that stand for what is none of the tenant's own."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Match the burst against the tenant's intents, then the built-in ones."""

    turns: Turns
    classifiers: intents.Classifiers = field(default_factory=intents.Classifiers)
    learning: set[asyncio.Task[intents.Classifier]] = field(default_factory=set)
    name: str = "branch"

    async def __call__(self, ctx: TurnContext) -> None:
        """Let the text through to the crew, or answer it here.

        Raises:
            FinishTurn: an intent answers or hands over.
        """
        tenant = ctx.our_tenant()
        own = {intent.name for intent in tenant.intents}
        known = [
            *tenant.intents,
            *(item for item in intents.builtin(ctx.language) if item.name not in own),
        ]
        offered = _offered(ctx)
        # "2" means the second option from here on, for the search and the crew too
        ctx.text = intents.chosen(ctx.text, offered) or ctx.text
        hit = intents.match(ctx.text, known, offered=offered, names=[tenant.persona.name])
        intent = hit.intent if hit is not None else self._guess(ctx, known)
        if intent is None:
            return
        if intent.action == "route" and intent.route is not None:
            await self._route(ctx, intent.route)
            if not intent.replies:
                return
        ctx.rungs.append(Rung("intent", "answered"))
        raise FinishTurn(_reply(ctx, intent))

    def _guess(self, ctx: TurnContext, known: Sequence[Intent]) -> Intent | None:
        """Return the tenant's intent that the message is like, where that is nearly certain.

        A wrong shortcut is worse than a model call (S3-41): greetings, thanks and the built-in
        intents, which count word for word, are only learnt as what is meant by none of the others.
        The first turns of a version do without: it is learnt beside them.
        """
        if len(intents.words(ctx.text)) > LONGEST:
            return None
        tenant = ctx.our_tenant()
        version = f"{tenant.key}:{ctx.language}:{ctx.configuration.version}"
        classifier = self.classifiers.ready(version)
        if classifier is None:
            self._learn(version, tenant.intents, known)
            return None
        guess = classifier.classify(ctx.text)
        if guess.confidence < SURE:
            return None
        return next((one for one in tenant.intents if one.name == guess.intent), None)

    def _learn(self, version: str, own: Sequence[Intent], known: Sequence[Intent]) -> None:
        """Train the classifier of ``version`` in a thread, once."""
        if any(task.get_name() == version for task in self.learning):
            return
        told = [one for one in own if not one.whole]
        lessons = [intents.Lesson.of(one) for one in told]
        aside = [phrase for one in known if one not in told for phrase in one.phrases[:MOST_ASIDE]]
        work = asyncio.to_thread(self.classifiers.of, version, lessons, aside=aside)
        task = asyncio.create_task(work, name=version)
        self.learning.add(task)
        task.add_done_callback(self.learning.discard)

    async def _route(self, ctx: TurnContext, function: str) -> None:
        """Switch the conversation to another function of the tenant, for good."""
        if ctx.route is None or function not in ctx.our_tenant().functions:
            return
        await self.turns.route(ctx.claim, function)
        ctx.crew = ctx.configuration.crew(ctx.route, function)


def _offered(ctx: TurnContext) -> tuple[str, ...]:
    """Return the options of our newest message: buttons, or the numbered lines in their place."""
    for line in reversed(ctx.history):
        if line.author.kind is AuthorKind.BOT:
            return line.options or intents.listed(line.text)
    return ()


def _reply(ctx: TurnContext, intent: Intent) -> Reply:
    tenant = ctx.our_tenant()
    handoff = Handoff(f"intent:{intent.name}") if intent.action == "handoff" else None
    if intent.replies:
        words = intents.choose(intent.replies, seed=f"{ctx.claim.key.conversation}:{intent.name}")
        words = intents.fill(words, tenant=tenant, contact=ctx.claim.state.snapshot.contact)
    else:
        words = texts.text(tenant, "handoff", language=ctx.language)
    return Reply(
        words,
        engine="intent",
        reason=f"intent:{intent.name}",
        handoff=handoff,
        buttons=intent.buttons,
        trusted=True,
        details={"intent": intent.name, "place": f"{intent.place[0]}:{intent.place[1]}"},
    )
