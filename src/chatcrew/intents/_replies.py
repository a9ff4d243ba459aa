"""Canned replies: which variant, and the few names that may stand in one."""

import hashlib
import re
from collections.abc import Mapping, Sequence

from chatcrew.messages import Contact
from chatcrew.tenancy.model import Tenant

_PLACEHOLDER = re.compile(r"(?P<before>,?[ ]?)\{(?P<name>[^{}\n]{1,40})\}")
_NAME = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LONGEST_NAME = 24


def choose(replies: Sequence[str], *, seed: str) -> str:
    """Return one of ``replies``; the same seed gives the same one, so that replays agree (S1-58).

    Raises:
        ValueError: there are none.
    """
    if not replies:
        raise ValueError("nothing to choose from")
    digest = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()
    return replies[int.from_bytes(digest[:8]) % len(replies)]


def fill(
    text: str, *, tenant: Tenant, contact: Contact, slots: Mapping[str, str] | None = None
) -> str:
    """Return ``text`` with its ``{placeholders}`` filled in one pass (S1-59).

    Known are ``contact_name`` (first name; left out with its comma where nobody has one),
    ``agent_name``, ``business_name``, ``hours``, every fact of the tenant by its name, and what the
    customer told (``slots``, as people write it). Anything else in braces stays as it is.
    """
    values = {
        **tenant.facts,
        "agent_name": tenant.persona.name,
        "business_name": tenant.persona.business,
        "hours": tenant.hours,
        "contact_name": first_name(contact.name),
        **(slots or {}),
    }
    return _PLACEHOLDER.sub(lambda found: _filled(found, values), text)


def holds(text: str) -> frozenset[str]:
    """Return the names of the ``{placeholders}`` in ``text``."""
    return frozenset(found["name"] for found in _PLACEHOLDER.finditer(text))


def first_name(name: str | None) -> str:
    """Return the first name as it may be written back to its bearer, or "" if there is none.

    A contact's name is customer text: it may be a phone number, an emoji or somebody's template
    code, so only letters come through.
    """
    found = _NAME.search(name or "")
    if found is None or not 2 <= len(found.group()) <= _LONGEST_NAME:
        return ""
    first = found.group()
    return first.capitalize() if first.isupper() or first.islower() else first


def _filled(found: re.Match[str], values: Mapping[str, str]) -> str:
    name = found["name"]
    if name not in values:
        return found.group()
    value = values[name]
    return found["before"] + value if value else ""
