"""Customer text in prompts: filled in one pass, and never read as a template after that."""

import re
from collections.abc import Mapping, Set

_PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")

# A heading and the placeholder under it, each alone on its line, with the lines left free above.
_SECTION = re.compile(r"(?:\A|\n+)[^\n]*:[ ]*\n\{([a-z_][a-z0-9_]*)\}[ ]*(?=\n|\Z)")

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


def nothing_in(values: Mapping[str, str]) -> frozenset[str]:
    """Return the names whose value is empty, but the message's: what was asked is never left out.

    A message may be without words: an attachment that nobody could read.
    """
    return frozenset(name for name, value in values.items() if not value) - {"message"}


def without(template: str, names: Set[str]) -> str:
    """Return ``template`` without the sections of ``names``, which have no value.

    A section is a line that ends in a colon and a placeholder alone on the next. A heading over
    nothing would tell a model that there are no rules, or have it make up what is missing.
    """
    if not names:
        return template
    cut = _SECTION.sub(lambda found: "" if found[1] in names else found[0], template)
    return cut if cut == template else cut.lstrip("\n")


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


__all__ = ["clean", "fill", "nothing_in", "plain", "shield", "unshield", "without"]
