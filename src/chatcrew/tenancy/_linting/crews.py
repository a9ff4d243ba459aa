"""Advice about crews: prompts that let a model invent, limits nobody set, tools that are missing.

Source of the rules: S3-110 (specific, never invent), S3-111 (tools), S3-112 (always set limits).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from chatcrew.tenancy._crews.layers import Layer
from chatcrew.tenancy._crews.process import MANAGER
from chatcrew.tenancy._crews.resolve import WIDE
from chatcrew.tenancy._faults.fault import Fault, YamlPath
from chatcrew.tenancy._loader import Loader
from chatcrew.tenancy._reading.document import Document
from chatcrew.tenancy.model import Configuration, Crew, RoleSpec, Route, TaskSpec
from chatcrew.tenancy.vocabulary import FALLBACK_CREW

SHORTEST = 3
"""Words a goal or a description needs to say anything."""
LONGEST = 6000
"""Characters of one text of a prompt, before its placeholders are filled."""
MOST_TOOLS = 8
WARM = 0.7
_NOT_INVENTED = re.compile(
    r"invent|nunca estim|só com o que|use só|somente|apenas com|escolha apenas"
    r"|only (?:use|what|with|from)|use only|make (?:it|anything|things) up|not guess|não adivinh",
    re.IGNORECASE,
)
_LIMITS = {"max_tokens": "max_tokens", "max_iter": "max_iter"}
_SEARCHES = frozenset({"search_knowledge", "available_slots", "order_status"})


def crew_warnings(loader: Loader, configuration: Configuration) -> Iterator[Fault]:
    """Look at every crew that an inbox may lead to, once for each of its functions."""
    routes = {*configuration.routes.values()}
    if configuration.fallback is not None:
        routes.add(configuration.fallback)
    seen: set[tuple[str, str, str]] = set()
    for route in sorted(routes, key=lambda one: (one.crew, one.tenant, one.channel)):
        for function in configuration.tenants[route.tenant].functions:
            key = (route.crew, route.tenant, function)
            if key not in seen:
                seen.add(key)
                yield from _Look(loader, configuration.crew(route, function), route).warnings()


class _Look:
    """One resolved crew, and where its words stand."""

    def __init__(self, loader: Loader, crew: Crew, route: Route) -> None:
        self.crew = crew
        self.route = route
        self.at: Document = loader.book.crews[route.crew].crew[1]
        self.layers: Sequence[Layer] = loader.layers_of(route, crew.function)

    def warnings(self) -> Iterator[Fault]:
        """Yield everything worth a second look."""
        texts = " ".join(
            [*(f"{r.goal} {r.backstory}" for r in self.crew.everybody())]
            + [f"{t.description} {t.expected_output}" for t in self.crew.tasks]
        )
        if "{rules}" not in texts:
            yield self.at.fault("rules_unsaid", (), word=self.crew.name)
        if self.crew.process == "sequential":
            yield from self._idle()
            yield from self._alone()
        for role in self.crew.everybody():
            tasks = [task for task in self.crew.tasks if task.role == role.name]
            if role.name != MANAGER:
                yield from self._prompt(role, tasks)
            yield from self._limits(role)
        yield from self._vague()

    def _alone(self) -> Iterator[Fault]:
        """Tell of a role that may hand work on where there is nobody to take it."""
        if len(self.crew.roles) == 1 and self.crew.roles[0].allow_delegation:
            name = self.crew.roles[0].name
            document, path = self._place("agents", name, "allow_delegation")
            yield document.fault("delegates_to_nobody", path, word=name)

    def _idle(self) -> Iterator[Fault]:
        """Tell of a manager that nothing is managed by."""
        for key in ("manager_agent", "manager_llm"):
            document, path = self._place(key)
            if path:
                yield document.fault("manager_idle", path, word=key)

    def _prompt(self, role: RoleSpec, tasks: Sequence[TaskSpec]) -> Iterator[Fault]:
        said = [role.goal, role.backstory, *(t.description for t in tasks)]
        said += [task.expected_output for task in tasks]
        text = "\n".join(said)
        document, path = self._place("agents", role.name, "backstory")
        if not _NOT_INVENTED.search(text):
            yield document.fault("may_invent", path, word=role.name)
        given = any(name in text for name in ("{knowledge}", "{facts}", "{professionals}"))
        reads = any(task.context for task in tasks)
        if tasks and not given and not reads and not _SEARCHES & set(role.tools):
            yield document.fault("knows_nothing", path, word=role.name)
        if role.tools and "handoff" not in role.tools:
            document, path = self._place("agents", role.name, "tools")
            yield document.fault("cannot_give_up", path, word=role.name)
        if len(role.tools) > MOST_TOOLS:
            document, path = self._place("agents", role.name, "tools")
            yield document.fault("many_tools", path, number=len(role.tools), limit=MOST_TOOLS)

    def _limits(self, role: RoleSpec) -> Iterator[Fault]:
        for key in _LIMITS:
            document, path = self._setting(role.name, key)
            if not path:
                yield document.fault("limit_unsaid", path, word=role.name, key=key)
        if role.temperature > WARM:
            document, path = self._setting(role.name, "temperature")
            number = f"{role.temperature:g}"
            yield document.fault("temperature_high", path, word=role.name, number=number)
        limit = self.crew.capabilities.max_chars
        # Four characters to a token; half of an answer that is cut off helps nobody.
        if self.route.channel != FALLBACK_CREW and role.max_tokens * 4 > limit * 8:
            document, path = self._setting(role.name, "max_tokens")
            yield document.fault(
                "tokens_beyond_channel",
                path,
                number=role.max_tokens,
                limit=limit,
                channel=self.route.channel,
            )

    def _vague(self) -> Iterator[Fault]:
        named: list[tuple[YamlPath, str]] = []
        for role in self.crew.everybody():
            if role.name == MANAGER:
                continue
            named.append((("agents", role.name, "goal"), role.goal))
            named.append((("agents", role.name, "backstory"), role.backstory))
        for task in self.crew.tasks:
            named.append((("tasks", task.name, "description"), task.description))
            named.append((("tasks", task.name, "expected_output"), task.expected_output))
        for path, text in named:
            document, where = self._place(*path)
            if len(text.split()) < SHORTEST:
                yield document.fault("text_vague", where, word=text)
            elif len(text) > LONGEST:
                yield document.fault("text_long", where, number=len(text))

    def _setting(self, role: str, key: str) -> tuple[Document, YamlPath]:
        """Return where a setting of a role was given last: for itself or for all roles."""
        paths: list[tuple[Any, ...]] = [("agents", role, key)]
        if key in WIDE:
            paths.append((key,))
        for layer in reversed(self.layers):
            for path in paths:
                place = layer.place(path)
                if place is not None:
                    return layer.document, place
        return self.at, ()

    def _place(self, *path: str | int) -> tuple[Document, YamlPath]:
        for layer in reversed(self.layers):
            place = layer.place(path)
            if place is not None:
                return layer.document, place
        return self.at, ()
