"""The sentences that CrewAI puts around ours, read from the installed package without importing it.

``tests/golden/crews/sentences.json`` holds their digests: a release that says something else fails
a test before it is used.
"""

import asyncio
import functools
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from chatcrew.errors import CrewError


@dataclass(frozen=True, slots=True)
class Sentences:
    """CrewAI's own words around one role and one task (``crewai/translations/en.json``).

    Attributes:
        role_playing: the system prompt, with ``{role}``, ``{goal}`` and ``{backstory}``.
        no_tools: follows it where the role has no tools.
        native_task: the user prompt of a role with tools, with ``{input}``.
        task_no_tools: the same of a role without.
        expected_output: follows a task's description, with ``{expected_output}``.
        force_final_answer: said to the model when its rounds are used up.
    """

    role_playing: str
    no_tools: str
    native_task: str
    task_no_tools: str
    expected_output: str
    force_final_answer: str


USED = (
    "slices.role_playing",
    "slices.no_tools",
    "slices.native_task",
    "slices.task_no_tools",
    "slices.expected_output",
    "errors.force_final_answer",
)
"""Where each of them stands in CrewAI's file, in the order of the fields."""


def path() -> Path:
    """Return the file with CrewAI's sentences.

    Raises:
        CrewError: CrewAI is not installed.
    """
    spec = importlib.util.find_spec("crewai")
    if spec is None or spec.origin is None:
        raise CrewError("*", message="CrewAI is not installed: pip install 'chatcrew[worker]'")
    return Path(spec.origin).with_name("translations") / "en.json"


@functools.cache
def read() -> Sentences:
    """Return the sentences; the first call reads a file.

    Raises:
        CrewError: CrewAI is not installed, or its file lacks one of them.
    """
    try:
        everything = json.loads(path().read_text(encoding="utf-8"))
        parts = (key.split(".") for key in USED)
        return Sentences(*(str(everything[part][name]) for part, name in parts))
    except (OSError, ValueError, KeyError) as fault:
        message = f"CrewAI's sentences cannot be read: {type(fault).__name__} {fault}"
        raise CrewError("*", message=message) from None


async def load() -> Sentences:
    """Return the sentences without holding up the loop.

    Raises:
        CrewError: see ``read``.
    """
    if read.cache_info().currsize:
        return read()
    return await asyncio.to_thread(read)
