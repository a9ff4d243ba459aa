"""Which crews the compiled engine can run: one role, one task, and no key of a closed list."""

from collections.abc import Sequence

from chatcrew.tenancy.model import Crew

OBSTACLES = ("tasks", "roles", "process", "allow_delegation", "context", "async_execution")
"""What needs CrewAI itself: several tasks, several roles (by ``agent`` or ``coworkers``),
``process: hierarchical``, ``allow_delegation: true``, a ``context``, ``async_execution: true``."""


def obstacles(crew: Crew) -> tuple[str, ...]:
    """Return what keeps ``crew`` from the compiled engine; nothing where it can run there."""
    return obstacles_in(
        crew.process,
        delegating=[role.allow_delegation for role in crew.roles],
        reading=[bool(task.context) for task in crew.tasks],
        beside=[task.async_execution for task in crew.tasks],
    )


def obstacles_in(
    process: str,
    *,
    delegating: Sequence[bool],
    reading: Sequence[bool],
    beside: Sequence[bool],
) -> tuple[str, ...]:
    """Return the obstacles of a crew that is not built yet.

    Args:
        process: ``sequential`` or ``hierarchical``.
        delegating: for each role, whether it may hand work to others.
        reading: for each task, whether it reads the results of others.
        beside: for each task, whether it runs beside others.
    """
    found = {
        "tasks": len(reading) != 1,
        "roles": len(delegating) != 1,
        "process": process != "sequential",
        "allow_delegation": any(delegating),
        "context": any(reading),
        "async_execution": any(beside),
    }
    return tuple(name for name in OBSTACLES if found[name])
