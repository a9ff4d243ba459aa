"""A crew with everything it may reach: the gateway for models, the catalogue for tools."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from chatcrew.clock import Clock
from chatcrew.crews import Engine, Reach, choose, respond_fast, respond_repaired, speaker
from chatcrew.errors import BudgetExceeded, CrewError, ModelError, ModelUnavailable
from chatcrew.knowledge import Knowledge
from chatcrew.llm import Model
from chatcrew.messages import (
    Answer,
    Ask,
    ConversationState,
    ModelAnswer,
    ModelRequest,
    Passage,
    ToolResult,
)
from chatcrew.tenancy.model import Crew, Tenant
from chatcrew.tools import Archive, Catalogue, DirectEffects, DraftEffects, Effects, ToolContext

APPROVED_SECONDS = 15.0
"""How long a call may take that an operator has approved: nobody waits for it in a chat."""


class CrewResponder:
    """Satisfies ``hub.ports.Responder``.

    Args:
        engines: what runs crews, by the name that ``choose`` gives it.
        model: the gateway.
        catalogue: tools by name.
        knowledge: what tools search in.
        default_model: model of roles that name none.
        fast_model: model for quick answers of crews that name none, or what tells it at the moment
            (a reload may change it); None: ``default_model``.
        available: whether a model is configured, or what tells it at the moment.
        clock: time.
        effects: makes, for each asking of a crew, what tools act outside of Chatwoot through; left
            out, they act at once.
        archive: what tools may read beyond their conversation; may be given later.
    """

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        engines: Mapping[str, Engine],
        *,
        model: Model,
        catalogue: Catalogue,
        knowledge: Knowledge,
        default_model: str,
        available: bool | Callable[[], bool],
        clock: Clock,
        fast_model: str | Callable[[], str | None] | None = None,
        effects: Callable[[], Effects] = DirectEffects,
        archive: Archive | None = None,
    ) -> None:
        self._engines = engines
        self._model = model
        self._catalogue = catalogue
        self._knowledge = knowledge
        self._default_model = default_model
        self._fast_model = fast_model
        self._available = available
        self._clock = clock
        self._effects = effects
        self.archive = archive

    @property
    def available(self) -> bool:
        """Whether a model is configured at all."""
        return self._available() if callable(self._available) else self._available

    async def respond(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Answer within ``ask.budget`` seconds.

        Once a role has called people they come, also where the crew fails after that.

        Raises:
            ModelError: no model answered in time.
            CrewError: the crew itself failed.
        """
        # Which tools a tenant allows was settled when its crews were resolved.
        catalogue = self._catalogue.of(tenant)
        named = dict.fromkeys(name for role in crew.roles for name in role.tools)
        idle = ask.draft or ask.conversation.simulated
        context = ToolContext(
            tenant=tenant,
            conversation=ask.conversation,
            knowledge=self._knowledge,
            clock=self._clock,
            budget=ask.budget,
            state=ask.state,
            turn_id=ask.turn_id,
            attempt=ask.fence,
            effects=DraftEffects() if idle else self._effects(),
            archive=self.archive,
        )

        async def complete(request: ModelRequest) -> ModelAnswer:
            found = (*ask.passages, *context.passages)
            return await self._model.complete(
                replace(request, public=_told(found), function=crew.function)
            )

        async def call_tool(name: str, arguments: str) -> ToolResult:
            return await catalogue.call(name, arguments, context)

        reach = Reach(
            complete=complete,
            call_tool=call_tool,
            tools=catalogue.specs(named),
            default_model=self._default_model,
            config=config,
            side_effects=frozenset(catalogue.side_effects),
        )
        engine = choose(crew).engine
        try:
            answer = await self._engines[engine].respond(crew, ask, reach)
        except (ModelError, CrewError, BudgetExceeded):
            if context.handoff is None:
                raise
            answer = Answer("", engine=engine)
        found = (*answer.passages, *context.passages)
        return Answer(
            text=answer.text,
            engine=answer.engine,
            handoff=context.handoff,
            passages=tuple({(one.source, one.text): one for one in found}.values()),
            tool_results=answer.tool_results,
            model_calls=answer.model_calls,
            details=answer.details,
            acts=tuple(context.acts),
        )

    async def carry_out(
        self, tenant: Tenant, state: ConversationState, *, tool: str, arguments: str, by: Effects
    ) -> ToolResult:
        """Call one tool outside of a crew, for an operator who has approved it.

        Args:
            tenant: whose tool.
            state: the conversation.
            tool: name.
            arguments: JSON text.
            by: through which it acts.
        """
        context = ToolContext(
            tenant=tenant,
            conversation=state.id,
            knowledge=self._knowledge,
            clock=self._clock,
            budget=APPROVED_SECONDS,
            state=state,
            effects=by,
            archive=self.archive,
        )
        return await self._catalogue.of(tenant).call(tool, arguments, context)

    async def respond_fast(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Answer by one call of the fast model, from what is already known, without tools.

        Where that cannot be reached the crew's own model stands in: a second call to it still
        helps against one that hangs.

        Raises:
            ModelError: it did not answer in time.
            CrewError: the crew's texts cannot be put together.
        """

        async def complete(request: ModelRequest) -> ModelAnswer:
            return await self._model.complete(
                replace(request, public=_told(ask.passages), function=crew.function)
            )

        until = self._clock.monotonic() + ask.budget
        fast = self._fast_model() if callable(self._fast_model) else self._fast_model
        own = speaker(crew).model or self._default_model
        names = list(dict.fromkeys((crew.fast_model or fast or own, own)))
        while True:
            name = names.pop(0)
            left = replace(ask, budget=until - self._clock.monotonic())
            try:
                return await respond_fast(crew, left, complete=complete, model=name, config=config)
            except ModelUnavailable:
                if not names:
                    raise

    async def repair(
        self,
        crew: Crew,
        tenant: Tenant,
        ask: Ask,
        *,
        draft: Answer,
        claims: Sequence[str],
        config: str,
    ) -> Answer:
        """Answer once more by one call without tools: ``draft`` without the claims it makes up.

        Raises:
            ModelError: it did not answer in time.
            CrewError: the crew's texts cannot be put together.
        """

        async def complete(request: ModelRequest) -> ModelAnswer:
            return await self._model.complete(
                replace(request, public=_told(draft.passages), function=crew.function)
            )

        return await respond_repaired(
            crew,
            ask,
            draft,
            claims=claims,
            complete=complete,
            model=speaker(crew).model or self._default_model,
            config=config,
        )


def _told(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Return what the business itself says: its telephone there is no customer's secret."""
    return tuple(f"{one.title}\n{one.text}" for one in passages)
