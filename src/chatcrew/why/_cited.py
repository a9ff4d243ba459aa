"""Gives the cites of an account their lines: of the very version that the turn ran with."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from chatcrew.tenancy.lines import Lines, lines_of
from chatcrew.why._values import Account, Cite
from chatcrew.why._versions import Versions

_LONGEST_RULE = 80
_HELD = 3
"""Versions whose files are held parsed: nearly all that is asked about ran with the newest ones."""

Now = Callable[[], Lines | None]
"""Reads the files as they are on this machine; called in a thread."""


def _none() -> Lines | None:
    return None


@dataclass(slots=True)
class Citing:
    """Looks up file and line of what turns cite.

    Attributes:
        versions: files of earlier versions.
        now: the files as they are, for turns whose version nobody kept.
    """

    versions: Versions
    now: Now = _none
    _held: OrderedDict[str, Lines] = field(default_factory=OrderedDict)

    async def located(self, account: Account) -> Account:
        """Return the account with the lines of its cites.

        A cite that no file holds keeps its name and has no line. ``known`` says whether lines are
        those of the turn's own version; else they are today's.

        Raises:
            StoreError: the records are away.
        """
        if account.tenant is None or not (account.cites or account.read):
            return account
        lines, same = await self._lines(account.config)
        if lines is None:
            return account
        return await asyncio.to_thread(_located, account, account.tenant, lines, same=same)

    async def _lines(self, version: str) -> tuple[Lines | None, bool]:
        """Return the files of a version, or those of now, and whether they are the version's."""
        held = self._held.get(version)
        if held is None:
            raw = await self.versions.files(version)
            held = None if raw is None else await asyncio.to_thread(lines_of, raw)
        if held is not None and held.version == version:
            self._held[version] = held
            self._held.move_to_end(version)
            while len(self._held) > _HELD:
                self._held.popitem(last=False)
            return held, True
        today = await asyncio.to_thread(self.now)
        return today, today is not None and today.version == version


def _located(account: Account, tenant: str, lines: Lines, *, same: bool) -> Account:
    def place(one: Cite) -> Cite:
        return _placed(one, account, tenant, lines, same=same)

    return replace(
        account,
        cites=tuple(place(one) for one in account.cites),
        read=tuple(place(one) for one in account.read),
    )


def _short(rule: str) -> str:
    """Return the beginning of a rule, with no word cut."""
    if len(rule) <= _LONGEST_RULE:
        return rule
    return f"{rule[:_LONGEST_RULE].rsplit(None, 1)[0]} …"


def _placed(one: Cite, account: Account, tenant: str, lines: Lines, *, same: bool) -> Cite:
    keys = [key for key in (one.key, *one.same) if key]
    found = [
        lines.place(tenant, key, crew=account.crew, function=account.function)
        for key in keys
        # The record has the line of an intent already, as the turn's own version had it
        if not (one.kind == "intent" and one.places)
    ]
    places = dict.fromkeys((*one.places, *(place for place in found if place)))
    name = one.name
    if one.kind == "rule" and not name:
        name = _short(lines.rule(tenant, one.key))
    held = tuple(place for place in places if lines.holds(place)) if same else tuple(places)
    return replace(one, name=name, places=held, known=same and bool(held))
