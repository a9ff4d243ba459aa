"""Customer text in prompts: filled in one pass, and never read as a template after that."""

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")

# Two of Unicode's noncharacters (U+FDD0..U+FDEF, "for internal use"): no text means them.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_SHIELD = str.maketrans({"{": _OPEN, "}": _CLOSE, _OPEN: None, _CLOSE: None})
_UNSHIELD = str.maketrans({_OPEN: "{", _CLOSE: "}"})


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return ``template`` with each ``{name}`` of ``values`` replaced, all in one pass.

    What is filled in is not looked at again: a customer's ``{knowledge}`` is quoted, not expanded
    (CrewAI 1.15 replaces one name after the other). Braces around other names stay as they are.
    """
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)


def shield(text: str) -> str:
    """Return ``text`` with braces that CrewAI cannot see, and without lone surrogates.

    CrewAI replaces ``{role}``, ``{goal}``, ``{backstory}``, ``{input}``, ``{tools}`` and
    ``{tool_names}`` in whatever reaches its prompts (``utilities/prompts.py``,
    ``agents/agent_executor.py``).
    """
    return clean(text).translate(_SHIELD)


def unshield(text: str) -> str:
    """Return ``text`` with its braces back; the inverse of :func:`shield`."""
    return text.translate(_UNSHIELD)


def plain(text: str) -> str:
    """Return ``text`` as it comes out of :func:`shield` and :func:`unshield`, which drop little."""
    return clean(text).replace(_OPEN, "").replace(_CLOSE, "")


def clean(text: str) -> str:
    """Return ``text`` with lone surrogates replaced by ``?``: JSON on the pipe is UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


__all__ = ["clean", "fill", "plain", "shield", "unshield"]
