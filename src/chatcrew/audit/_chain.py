"""How entries hang together: each is sealed with the hash of the one before it."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from chatcrew.audit._port import Deed, Entry, Verdict
from chatcrew.messages import Person, clean_text
from chatcrew.privacy import Keyring, veil

START: Final = "0" * 64
"""What stands before the first entry of all."""

KEY_BYTES: Final = 32


def entry(deed: Deed, *, seq: int, at: datetime, previous: str, key: bytes | None) -> Entry:
    """Return ``deed`` as the next link; words that identify somebody are masked in ``detail``.

    Args:
        deed: what was done.
        seq: number of the link.
        at: when.
        previous: hash of the link before.
        key: of the deed's person, None where it has none.
    """
    person, target = None, clean_text(deed.target)
    if deed.person is not None and key is not None:
        person = mark(deed.person, key)
        target = target if deed.lasting else _ring(key).seal(target, _about(seq))
    fresh = Entry(
        seq,
        at.astimezone(UTC),
        clean_text(deed.actor),
        clean_text(deed.action),
        None if deed.tenant is None else clean_text(deed.tenant),
        target,
        person,
        veil(clean_text(deed.detail)),
        "",
    )
    return replace(fresh, hash=digest(fresh, previous))


def digest(one: Entry, previous: str) -> str:
    """Return the hash of an entry after the one with the hash ``previous``."""
    at = one.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [previous, one.seq, at, one.actor, one.action, one.tenant, one.target, one.person]
    written = json.dumps([*said, one.detail], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("ascii")).hexdigest()


def mark(person: Person, key: bytes) -> str:
    """Return what stands for a person under his own key."""
    who = json.dumps([person.tenant, person.account, person.contact], ensure_ascii=True)
    return hmac.new(key, who.encode("ascii"), hashlib.sha256).hexdigest()


def opened(entries: Sequence[Entry], keys: Iterable[tuple[Person, bytes]]) -> tuple[Entry, ...]:
    """Return entries with the targets that were sealed with ``keys``, and "" for others' there."""
    wanted = {one.person for one in entries if one.person is not None}
    rings = {known: _ring(key) for who, key in keys if (known := mark(who, key)) in wanted}
    nobodys = Keyring()
    return tuple(
        replace(
            one, target=rings.get(one.person or "", nobodys).readable(one.target, _about(one.seq))
        )
        for one in entries
    )


def _ring(key: bytes) -> Keyring:
    return Keyring([("person", key)])


def _about(seq: int) -> str:
    return f"audit {seq}"


async def walked(
    entries: AsyncIterator[Iterable[Entry]], *, seq: int, head: str, cut: int, previous: str
) -> Verdict:
    """Return what a walk over all ``entries``, oldest first, finds.

    Args:
        entries: in handfuls.
        seq: number of the newest, as the head has it.
        head: its hash, as the head has it.
        cut: number of the newest entry that was deleted for its age.
        previous: the hash of that one.
    """
    last, count = cut, 0
    async for some in entries:
        for one in some:
            if one.seq != last + 1:
                return Verdict(count, seq, head, cut + 1, broken=last + 1, why="missing")
            if digest(one, previous) != one.hash:
                return Verdict(count, seq, head, cut + 1, broken=one.seq, why="changed")
            last, previous, count = one.seq, one.hash, count + 1
    if (last, previous) != (seq, head):
        why = "missing" if last < seq else "head"
        return Verdict(count, seq, head, cut + 1, broken=min(last, seq) + 1, why=why)
    return Verdict(count, seq, head, cut + 1)
