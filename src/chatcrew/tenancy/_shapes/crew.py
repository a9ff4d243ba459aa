"""The shapes of the files under ``crews/``: a channel's crew, agents and tasks, and functions."""

from typing import Annotated, Literal

from pydantic import Field, RootModel, StringConstraints

from chatcrew.tenancy._shapes.shape import Name, Shape, Text

ModelName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class _RoleSettings(Shape):
    """What a model call of a role may cost and vary."""

    model: ModelName | None = Field(None, description="Model name; left out: CHATCREW_MODEL.")
    temperature: float | None = Field(
        None, ge=0, le=2, description="0 to 2; completions are cached up to 0.3."
    )
    max_tokens: int | None = Field(None, ge=1, le=32_000, description="Bound of one answer.")
    max_iter: int | None = Field(None, ge=1, le=10, description="Most rounds of tool calls.")


class AgentShape(_RoleSettings):
    """One role, in CrewAI's keys; any layer may give a part of it."""

    role: Text | None = Field(None, description="Who it is.")
    goal: Text | None = Field(None, description="What it wants.")
    backstory: Text | None = Field(None, description="How it behaves.")
    llm: ModelName | None = Field(None, description="CrewAI's name for model.")
    tools: list[Name] | None = Field(None, description="Names from the tool catalogue.")
    allow_delegation: bool | None = Field(None, description="May hand work to other roles.")
    tools_first: bool | None = Field(
        None, description="Asks its tools before it answers, also what it thinks it knows."
    )


class TaskShape(Shape):
    """One task, in CrewAI's keys; any layer may give a part of it."""

    description: Text | None = Field(
        None, description="What to do; {message} is the last placeholder."
    )
    expected_output: Text | None = Field(None, description="What a good result is.")
    agent: Name | None = Field(None, description="The role that does it.")
    context: list[Name] | None = Field(None, description="Earlier tasks whose results it reads.")
    async_execution: bool | None = Field(
        None, description="Runs at the same time as its neighbours that have it too."
    )


class CapabilitiesShape(Shape):
    """What a channel can show."""

    max_chars: int | None = Field(None, ge=50, le=150_000, description="Longest message it takes.")
    markup: Literal["markdown", "telegram", "whatsapp", "plain"] | None = Field(
        None, description="What survives Chatwoot's conversion for this channel."
    )
    max_buttons: int | None = Field(
        None, ge=0, le=10, description="Options shown as buttons or rows; 0: text only."
    )
    button_chars: int | None = Field(None, ge=1, le=80, description="Longest option title.")
    button_text: int | None = Field(
        None, ge=1, le=20_000, description="Longest text beside options shown as buttons."
    )
    typing: bool | None = Field(None, description="The channel shows typing.")


class TimingShape(Shape):
    """How long a burst of messages is collected, in seconds."""

    quiet: float | None = Field(None, ge=0, le=30, description="Silence before a turn starts.")
    max_wait: float | None = Field(
        None, ge=0, le=120, description="After the first message it starts in any case."
    )


class DeliveryShape(Shape):
    """In how many messages a reply is sent, and with what pauses between them."""

    micro: bool | None = Field(
        None, description="Send a long reply as several short messages; left out: as the channel."
    )
    length: int | None = Field(
        None, ge=40, le=1000, description="Characters of one of them, about."
    )
    bubbles: int | None = Field(
        None, ge=1, le=10, description="Most messages of one reply, as far as it fits."
    )
    gap: float | None = Field(
        None, ge=0, le=10, description="Least seconds between two; left out: as the channel."
    )
    delay: float | None = Field(
        None, ge=0, le=5, description="Seconds of pause per 100 characters, as if typed; 0: none."
    )


class LayerShape(_RoleSettings):
    """One layer of a crew; its model, temperature, max_tokens and max_iter hold for all roles."""

    process: Literal["sequential", "hierarchical"] | None = Field(
        None, description="CrewAI's process."
    )
    engine: Literal["auto", "crewai", "compiled"] | None = Field(
        None, description="auto picks the faster one that can."
    )
    promise: float | None = Field(
        None, ge=0.5, le=60, description="Seconds in which an answer is promised, for the figures."
    )
    hedge: float | None = Field(
        None, ge=0, le=30, description="Seconds after which the fast model is asked too; 0: never."
    )
    deadline: float | None = Field(
        None, ge=1, le=120, description="Seconds after which no model is waited for any more."
    )
    fast_model: ModelName | None = Field(
        None, description="Model asked when the other is slow; left out: CHATCREW_FAST_MODEL."
    )
    history: int | None = Field(
        None, ge=0, le=200, description="Lines of history given to the crew."
    )
    history_tokens: int | None = Field(
        None, ge=200, le=64_000, description="Tokens of history and its summary at most."
    )
    timing: TimingShape | None = Field(None, description="How long a burst is collected.")
    delivery: DeliveryShape | None = Field(
        None, description="In how many messages a reply is sent, and how fast."
    )
    run: list[Name] | None = Field(
        None, min_length=1, description="Tasks to run, in order; left out: all."
    )
    coworkers: list[Name] | None = Field(
        None, description="Roles that take part without a task of their own, for delegation."
    )
    manager_agent: Name | None = Field(
        None, description="Role that hands out the tasks; only with process: hierarchical."
    )
    manager_llm: ModelName | None = Field(
        None, description="Model of CrewAI's own manager, where no role of yours is one."
    )
    parallel: int | None = Field(
        None, ge=1, le=8, description="Most tasks with async_execution that run at once."
    )
    agents: dict[Name, AgentShape] | None = Field(None, description="Parts of roles, by name.")
    tasks: dict[Name, TaskShape] | None = Field(None, description="Parts of tasks, by name.")


class FunctionShape(LayerShape):
    """``crews/functions/<function>.yaml``: what a role is for; the lowest layer of every crew."""

    summary: Text = Field(description="What this function is for, in one sentence, for people.")


class CrewShape(LayerShape):
    """``crews/<channel>/crew.yaml``: how a channel speaks."""

    extends: Name | None = Field(
        None, description="Crew folder this one is laid over, such as _default."
    )
    capabilities: CapabilitiesShape | None = Field(None, description="What the channel can show.")
    channels: dict[Name, CapabilitiesShape] | None = Field(
        None, description="Capabilities by channel, where this crew answers several."
    )
    functions: dict[Name, LayerShape] | None = Field(
        None, description="What differs for a function on this channel."
    )


class AgentsShape(RootModel[dict[Name, AgentShape]]):
    """``crews/<channel>/agents.yaml``: the roles, by name, in CrewAI's keys."""


class TasksShape(RootModel[dict[Name, TaskShape]]):
    """``crews/<channel>/tasks.yaml``: the tasks, by name, in CrewAI's keys."""
