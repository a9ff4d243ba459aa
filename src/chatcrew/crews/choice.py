"""Which engine runs a crew, and why."""

from dataclasses import dataclass

from chatcrew.tenancy.compilable import obstacles
from chatcrew.tenancy.model import Configuration, Crew

_SAID = {"pt-BR": "o YAML pede engine: {engine}", "en": "the YAML says engine: {engine}"}
_SIMPLE = {
    "pt-BR": "um papel e uma tarefa, nada que precise do CrewAI",
    "en": "one role and one task, nothing that needs CrewAI",
}
_OBSTACLES = {
    "tasks": {"pt-BR": "mais de uma tarefa", "en": "more than one task"},
    "roles": {"pt-BR": "mais de um papel", "en": "more than one role"},
    "process": {"pt-BR": "process: hierarchical", "en": "process: hierarchical"},
    "allow_delegation": {"pt-BR": "allow_delegation: true", "en": "allow_delegation: true"},
    "context": {
        "pt-BR": "uma tarefa lê o resultado de outra (context)",
        "en": "a task reads the result of another (context)",
    },
    "async_execution": {
        "pt-BR": "tarefas ao mesmo tempo (async_execution: true)",
        "en": "tasks at the same time (async_execution: true)",
    },
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine of one crew.

    Attributes:
        engine: ``compiled`` or ``crewai``.
        asked: the YAML names it; else it was picked.
        obstacles: what needs CrewAI (``tenancy.compilable.OBSTACLES``).
    """

    engine: str
    asked: bool = False
    obstacles: tuple[str, ...] = ()

    def why(self, language: str) -> str:
        """Return the reason for people, in ``pt-BR`` or ``en``."""
        language = language if language in _SAID else "pt-BR"
        if self.asked:
            return _SAID[language].format(engine=self.engine)
        if self.obstacles:
            return ", ".join(_OBSTACLES[name][language] for name in self.obstacles)
        return _SIMPLE[language]


def choose(crew: Crew) -> Choice:
    """Return the engine of ``crew``: the one its YAML names, else the fastest that can run it."""
    found = obstacles(crew)
    if crew.engine == "auto":
        return Choice("crewai" if found else "compiled", obstacles=found)
    return Choice(crew.engine, asked=True, obstacles=found)


def needs_crewai(configuration: Configuration) -> bool:
    """Return whether any crew of ``configuration`` runs on CrewAI itself."""
    return any(choose(crew).engine == "crewai" for crew in configuration.crews.values())
