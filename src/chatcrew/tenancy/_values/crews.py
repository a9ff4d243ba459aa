"""A crew as it runs: its channel's capabilities, roles and tasks; seen through ``model``."""

from dataclasses import dataclass, replace

from chatcrew.messages import Timing
from chatcrew.tenancy.vocabulary import CHATTY


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show.

    Attributes:
        max_chars: longest message the channel takes.
        markup: ``markdown``, ``telegram``, ``whatsapp`` or ``plain``: what survives Chatwoot's
            conversion.
        max_buttons: options Chatwoot can render as buttons or rows; 0 means text only.
        button_chars: longest option title.
        button_text: longest text beside options shown as buttons.
        typing: the channel shows typing.
    """

    max_chars: int = 4096
    markup: str = "markdown"
    max_buttons: int = 0
    button_chars: int = 20
    button_text: int = 1024
    typing: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """In how many messages a reply is sent, and with what pauses between them.

    Attributes:
        micro: a long reply becomes several short messages; None: as the channel usually does.
        length: characters of one of them, about.
        bubbles: most messages of one reply, as far as it fits into so many.
        gap: least seconds between two messages; None: what keeps their order on the channel.
        delay: seconds of pause per 100 characters of the next message; 0 none.
    """

    micro: bool | None = None
    length: int = 120
    bubbles: int = 4
    gap: float | None = None
    delay: float = 0.0

    def on(self, channel: str) -> "Delivery":
        """Return it with everything left out as the channel has it.

        Chatwoot sends each message by a background job of its own, on parallel threads: one right
        after another may overtake it (contract §7). The website shows what is stored.
        """
        micro = channel in CHATTY if self.micro is None else self.micro
        gap = 0.0 if channel == "web_widget" else 1.0
        return replace(self, micro=micro, gap=gap if self.gap is None else self.gap)


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """One role of a crew (CrewAI: agent), already merged from channel, function, domain and tenant.

    Attributes:
        name: key in ``agents.yaml``.
        role: who it is; may hold ``{placeholders}``.
        goal: what it wants.
        backstory: how it behaves.
        model: model name, or None for ``CHATCREW_MODEL``.
        temperature: 0–2.
        max_tokens: bound of one answer.
        max_rounds: most tool rounds (CrewAI ``max_iter``).
        tools: names from the tool catalogue.
        allow_delegation: may hand work to other roles.
        tools_first: is told to ask its tools before it answers (S3-18).
    """

    name: str
    role: str
    goal: str
    backstory: str
    model: str | None = None
    temperature: float = 0.2
    max_tokens: int = 500
    max_rounds: int = 4
    tools: tuple[str, ...] = ()
    allow_delegation: bool = False
    tools_first: bool = False


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """One task of a crew.

    Attributes:
        name: key in ``tasks.yaml``.
        description: with ``{placeholders}``; the customer's words are ``{message}``.
        expected_output: what a good result is.
        role: name of the role that does it; "" where the manager finds one.
        context: names of earlier tasks whose results it reads.
        async_execution: runs beside its neighbours that have it too.
    """

    name: str
    description: str
    expected_output: str
    role: str
    context: tuple[str, ...] = ()
    async_execution: bool = False


@dataclass(frozen=True, slots=True)
class Crew:
    """A channel's crew, resolved for one tenant and function.

    Attributes:
        name: channel folder under ``crews/`` (``_default`` answers channels without one).
        channel: the channel asked for.
        function: support, sales, scheduling, customer_success or triage.
        process: ``sequential`` or ``hierarchical``.
        engine: ``auto``, ``crewai`` or ``compiled``.
        roles: in the file's order; the manager is none of them.
        tasks: in the file's order.
        capabilities: of the channel.
        timing: burst timing.
        promise: seconds from the customer's last word in which an answer is promised.
        hedge: seconds after the crew was asked when the fast model is asked too; 0 never.
        deadline: seconds from the customer's last word after which no model is waited for.
        fast_model: name of the fast model, or None for ``CHATCREW_FAST_MODEL``.
        history: lines of history given to the crew.
        history_tokens: tokens these lines and the summary of what is older take at most.
        delivery: in how many messages a reply is sent, and how fast.
        manager: who hands the tasks of a hierarchical crew to its roles, else None. Without texts
            of its own it speaks in CrewAI's.
        parallel: most tasks with ``async_execution`` that run at once.
    """

    name: str
    channel: str
    function: str
    process: str
    engine: str
    roles: tuple[RoleSpec, ...]
    tasks: tuple[TaskSpec, ...]
    capabilities: Capabilities
    timing: Timing
    promise: float = 3.0
    hedge: float = 1.2
    deadline: float = 8.0
    fast_model: str | None = None
    history: int = 20
    history_tokens: int = 4000
    delivery: Delivery = Delivery()
    manager: RoleSpec | None = None
    parallel: int = 2

    def everybody(self) -> tuple[RoleSpec, ...]:
        """Return all who ask a model: the roles, then the manager if there is one."""
        return self.roles if self.manager is None else (*self.roles, self.manager)
