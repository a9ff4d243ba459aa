"""The one value that walks through the stages of a turn."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chatcrew.errors import Refusal
from chatcrew.hub.claims import Sources
from chatcrew.hub.draft_port import Draft
from chatcrew.messages import (
    Attachment,
    Claim,
    Conduct,
    Consent,
    Fact,
    Handoff,
    Line,
    Passage,
    Placement,
    PlannedPart,
    Rung,
    StoredPart,
    Topic,
    Unread,
)
from chatcrew.tenancy.model import Bot, Configuration, Crew, Route, Tenant


@dataclass(frozen=True, slots=True)
class Reply:
    """What the turn wants to say and do.

    Attributes:
        text: words for the customer (CommonMark), or "" to say nothing.
        engine: ``crewai``, ``compiled``, ``fast``, ``cache``, ``intent``, ``faq`` or ``template``.
        reason: short stable name of why this reply: ``crew``, ``intent:greeting``, ``late``, …
        handoff: give the conversation to people afterwards.
        buttons: option titles offered with the text.
        passages: what the text may rest on.
        sources: other texts that figures and links may stand in (tool results).
        trusted: written by the admin, so that it needs no grounding check.
        details: small JSON values for the trace; never customer text.
        acts: what is done beside it once it is sent; dropped with it where a check stops it.
        template: the approved template that the text shows, as Chatwoot takes it, or None.
    """

    text: str
    engine: str
    reason: str
    handoff: Handoff | None = None
    buttons: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    sources: tuple[str, ...] = ()
    trusted: bool = False
    details: Mapping[str, object] = field(default_factory=dict)
    acts: tuple[PlannedPart, ...] = ()
    template: Mapping[str, Any] | None = None


@dataclass(slots=True)
class TurnContext:
    """State of one turn; stages have none of their own.

    Attributes:
        claim: what the mailbox leased.
        configuration: version this turn runs with, whatever is reloaded meanwhile.
        deadline: monotonic second by which the answer has to be decided.
        bot: which bot we are; set by admit.
        note: words for the operators beside whatever the turn says; set by admit, as the next
            four.
        told: what happened without the customer's doing, for the crew to go on from.
        duties: what is done whatever the turn says, such as timers that operators set.
        due: what a follow-up carries that came due.
        crossed: what is done about replies that crossed with a person's word, for the record.
        draft: why the reply only goes to the team, or None where the customer is to read it.
        opted_out: the customer asked not to be written to; set by behave, as the next.
        notices: texts that the customer reads before the answer, by key.
        route: where the inbox leads; set by resolve, as the next four.
        tenant: whose turn.
        variant: ``experiment/a`` or ``…/b``: which persona the customer meets, or None.
        crew: resolved crew.
        language: in which the customer is answered; guard sets it by what he writes.
        text: what the customer said in this burst, typed or aloud, all lines together; set by
            guard, as the next four.
        shown: the same as a crew reads it, with everything that was sent beside the words; "":
            there was nothing but words.
        seen: what stands in the pictures and documents of the burst: data, nobody's words.
        unread: files of the burst that nobody could read.
        read: what the others say, by ``SentFile.ref``.
        mood: how satisfied he is, -1 to 1; None where he said nothing in words; set by alarm.
        history: earlier public lines, oldest first; set by recall.
        talked: public lines of customer and bot in the episode; None: too many to have been read.
        looked: what behave reads, begun before recall; None: nothing was begun.
        summary: what was said before these lines, told shorter; set by recall, as the next four.
        memory: what is remembered of the customer that concerns the message.
        before: how the talk before this one went, in one line.
        consent: what the customer said to being remembered, or None.
        refused_before: slots that the customer would not tell in other conversations.
        intent: name of the intent that the message is, also where the crew answers; set by branch,
            as the next three.
        guess: where it was guessed or nearly so: the nearest intent, its chance, the runner-up.
        matched: how the intent was found, and by which phrase of the files.
        topic: what intents know after this turn; None: what they knew before.
        acts: what is done to the conversation beside the reply: labels, priority.
        collected: what the customer told for intents, by slot, as people write it.
        untold: what the team reads of slots that the intent has to do without, by slot.
        passages: knowledge found; set by retrieve.
        grounds: what a reply may rest on, behind what it was read from; set by ``grounding``, here
            so that it lasts no longer than the turn.
        rules: the tenant's rules that hold today and concern this talk; set by retrieve.
        people_first: people have the conversation after this answer; set by first.
        placement: whom it is given to where it goes to people; set by place.
        reply: what will be sent.
        signals: how the turn shows a dissatisfied customer; set by listen.
        pauses: seconds for which sending it waits on purpose; set by decide, as the next four.
        said: how many public messages it is.
        decided: the parts as they were stored; None: nothing is decided, or an earlier claim did.
        cites: what of all that people wrote the reply rests on, as JSON values.
        instructed: what else of it stood before the model.
        refused: the limit of the business that refused a model call, or None; set by answer.
        acted: the crew has called a tool with side effects in this attempt; set by answer.
        rungs: ladder steps tried, in the order they ended.
        stage_ms: milliseconds by stage.
        restarts: how often the customer said more before anything was decided.
    """

    claim: Claim
    configuration: Configuration
    deadline: float
    bot: Bot | None = None
    note: str = ""
    told: Sequence[str] = ()
    duties: Sequence[PlannedPart] = ()
    due: Mapping[str, Any] | None = None
    crossed: Sequence[Mapping[str, object]] = ()
    draft: Draft | None = None
    opted_out: bool = False
    notices: Sequence[str] = ()
    route: Route | None = None
    tenant: Tenant | None = None
    variant: str | None = None
    crew: Crew | None = None
    language: str = "pt-BR"
    text: str = ""
    shown: str = ""
    seen: str = ""
    unread: Sequence[tuple[Attachment, Unread]] = ()
    read: Mapping[str, str] = field(default_factory=dict)
    mood: float | None = None
    history: Sequence[Line] = ()
    talked: int | None = None
    looked: Awaitable[Conduct] | None = None
    summary: str = ""
    memory: Sequence[Fact] = ()
    before: str = ""
    consent: Consent | None = None
    refused_before: frozenset[str] = frozenset()
    intent: str | None = None
    guess: Sequence[object] = ()
    matched: Mapping[str, str] = field(default_factory=dict)
    topic: Topic | None = None
    acts: Sequence[PlannedPart] = ()
    collected: Mapping[str, str] = field(default_factory=dict)
    untold: Mapping[str, str] = field(default_factory=dict)
    passages: Sequence[Passage] = ()
    grounds: tuple[tuple[object, ...], Sources] | None = None
    rules: Sequence[str] = ()
    people_first: bool = False
    placement: Placement | None = None
    reply: Reply | None = None
    signals: tuple[str, ...] = ()
    pauses: float = 0.0
    said: int = 0
    decided: Sequence[StoredPart] | None = None
    cites: Sequence[Mapping[str, object]] = ()
    instructed: Sequence[Mapping[str, object]] = ()
    refused: Refusal | None = None
    acted: bool = False
    rungs: list[Rung] = field(default_factory=list)
    stage_ms: dict[str, float] = field(default_factory=dict)
    restarts: int = 0

    @property
    def message(self) -> str:
        """The burst as a crew reads it."""
        return self.shown or self.text

    def restart(self) -> None:
        """Forget what was thought of a burst that has changed meanwhile."""
        self.restarts += 1
        self.reply, self.passages, self.mood = None, (), None
        self.people_first, self.placement, self.refused = False, None, None
        self.rungs, self.note, self.unread = [], "", ()
        self.intent, self.guess, self.matched, self.topic = None, (), {}, None
        self.acts, self.collected, self.untold = (), {}, {}
        self.notices = ()

    def our_tenant(self) -> Tenant:
        """Return the tenant.

        Raises:
            RuntimeError: asked before resolve ran.
        """
        if self.tenant is None:
            raise RuntimeError("the tenant is known after resolve")
        return self.tenant

    def our_crew(self) -> Crew:
        """Return the crew.

        Raises:
            RuntimeError: asked before resolve ran.
        """
        if self.crew is None:
            raise RuntimeError("the crew is known after resolve")
        return self.crew
