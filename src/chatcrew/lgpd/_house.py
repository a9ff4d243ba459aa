"""Shows people what is kept of them, erases them in every layer, and proves it (N8)."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from chatcrew.audit import AuditLog, Deed
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.ids import new_id
from chatcrew.lgpd import _needles as needles
from chatcrew.lgpd._export import shown
from chatcrew.lgpd._files import deleted
from chatcrew.lgpd._late_sql import erase_late
from chatcrew.lgpd._needles import Needle, Searcher
from chatcrew.lgpd._opening import Row, Unreadable, opened_with
from chatcrew.lgpd._people_sql import Found, Gone, People
from chatcrew.lgpd._port import Hit, Layer, Receipt, Scan, Sought, Tombstone
from chatcrew.lgpd._records_sql import Records
from chatcrew.lgpd._signing import RECEIPTS, TOMBSTONES, public_key, signed, stone, to_json
from chatcrew.lgpd._walk_sql import walk
from chatcrew.lgpd._words_sql import erase_words
from chatcrew.memory import MemoryStore
from chatcrew.messages import AuthorKind, Person
from chatcrew.privacy import Value
from chatcrew.telemetry import get_logger

_log = get_logger("lgpd")

AGAIN: Final = timedelta(minutes=2)
"""After this a turn that was under way has ended, whatever it ran into: four leases."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where people's data lies.

    Attributes:
        database: migrated.
        memory: what is remembered of them.
        layers: caches and files beside the database.
        public: what a business tells everybody, which identifies nobody, by tenant.
    """

    database: Database
    memory: MemoryStore
    layers: Sequence[Layer] = ()
    public: Callable[[str], Collection[Value]] = lambda _: ()


class HousePrivacy:
    """Satisfies ``Privacy``.

    Args:
        kept: where people's data lies.
        audit: where every look and every erasure is noted first.
        clock: time.
    """

    def __init__(self, kept: Kept, *, audit: AuditLog, clock: Clock) -> None:
        self._kept = kept
        self._audit = audit
        self._clock = clock
        self._reveal = opened_with(kept.database.keys)
        self._people = People(kept.database, self._reveal)
        self.records = Records(kept.database)

    async def find(self, tenant: str, sought: Sought) -> Sequence[Person]:
        """See ``Privacy.find``."""
        found: dict[Person, None] = {}
        if sought.contact is not None:
            for account in await self._people.accounts(tenant, sought.contact):
                found[Person(tenant, account, sought.contact)] = None
        given = [("phone", sought.phone), ("email", sought.email), ("cpf", sought.document)]
        wanted = {one for kind, said in given if said for one in needles.given(kind, said)}
        searcher = Searcher(wanted)
        if searcher:
            async for some in self._people.contacts(tenant):
                found |= await asyncio.to_thread(_matching, some, searcher)
            async for some in self._people.said(tenant):
                found |= await asyncio.to_thread(_matching, some, searcher)
        return [one for one in found if sought.account in {None, one.account}]

    async def export(self, person: Person, *, actor: str) -> Mapping[str, Any]:
        """See ``Privacy.export``."""
        await self._audit.note(Deed(actor, "person.exported", person.tenant, person=person))
        found = await self._people.rows(person)
        memory = dict(await self._kept.memory.export(person))
        if memory.get("consent"):
            version = memory["consent"]["version"]
            asked = await self.records.wording(person.tenant, version)
            memory["consent"] = {**memory["consent"], "asked": asked}
        deeds = await self._audit.entries(person=person, limit=1000)
        return shown(
            person,
            found,
            memory=memory,
            deeds=deeds,
            at=self._clock.now(),
        )

    async def erase(self, person: Person, *, actor: str) -> Receipt:
        """See ``Privacy.erase``."""
        erasure = new_id()
        note = Deed(actor, "person.erased", person.tenant, erasure, person, lasting=True)
        await self._audit.note(note)
        found = await self._people.rows(person)
        wanted = await self._recognised(person, found)
        now = self._clock.now()
        buried = await self.tombstone(person, erasure=erasure, actor=actor, at=now)
        await self.records.bury(buried)
        gone, spoilt = await self._erased(person, wanted, now)
        if gone.under_way:
            await self.records.again(erasure, gone.under_way, at=now + AGAIN)
        away = await self._forget(person.tenant)
        files = await self._delete_files(buried.person, now)
        await self._audit.forget(person)
        scan = await self.scan(person.tenant, wanted, away=away)
        lost = unreadable(erased=(*found.unreadable, *spoilt), left=scan.unreadable)
        receipt = await self._receipt(buried, gone.rows, files, wanted, scan, lost)
        await self.records.keep_receipt(erasure, to_json(receipt))
        _log.info(
            "person.erased",
            erasure=erasure,
            tenant=person.tenant,
            rows=sum(gone.rows.values()),
            found=len(scan.hits),
            away=list(scan.away),
            unreadable=len(lost),
        )
        return receipt

    async def known_by(self, person: Person) -> frozenset[Needle]:
        """Return everything by which a person can be recognised in what is kept of him."""
        return await self._recognised(person, await self._people.rows(person))

    async def scan(
        self, tenant: str, wanted: Collection[Needle], *, away: Sequence[str] = ()
    ) -> Scan:
        """Walk every layer and say where anything of ``wanted`` stands; nothing is changed."""
        searcher = Searcher(wanted)
        if not searcher:
            return Scan({}, away=away)
        searched, hits, closed = await walk(
            self._kept.database, searcher, tenant=tenant, reveal=self._reveal
        )
        missing = dict.fromkeys(away)
        for layer in self._kept.layers:
            looked = await layer.search(searcher.kinds, tenant=tenant)
            searched |= looked.searched
            hits += looked.hits
            missing |= dict.fromkeys(looked.away)
        lost = tuple(Hit(one.place, one.key, "unreadable") for one in closed)
        return Scan(searched, tuple(hits), tuple(missing), lost)

    async def tombstone(
        self, person: Person, *, erasure: str, actor: str, at: datetime
    ) -> Tombstone:
        """Return the tombstone of a person, which names nobody."""
        salt = await self.records.key(TOMBSTONES)
        return Tombstone(erasure, person.tenant, salt.hex(), stone(person, salt), at, actor)

    async def public_key(self) -> str:
        """Return the key that verifies this house's receipts, base64."""
        return public_key(await self.records.key(RECEIPTS))

    async def reapply(self, stones: Sequence[Tombstone], *, actor: str) -> int:
        """Erase again whom a restored backup brought back; return how many people it was.

        Args:
            stones: those of erasures after the backup was taken: what it holds is older.
            actor: who restores.
        """
        by_salt: dict[str, dict[str, Tombstone]] = {}
        for one in stones:
            by_salt.setdefault(one.salt, {})[one.person] = one
        count = 0
        for person in await self._people.everybody() if by_salt else ():
            found = [
                known.get(stone(person, bytes.fromhex(salt))) for salt, known in by_salt.items()
            ]
            if any(found):
                await self.erase(person, actor=actor)
                count += 1
        for one in stones:
            await self.records.bury(one)
        return count

    async def look_again(self) -> int:
        """Erase what turns that were under way wrote after their person was erased."""
        due = await self.records.due(self._clock.now())
        for erasure, tenant, since, turns in due:
            await erase_late(self._kept.database, turns=turns, since=since, until=self._clock.now())
            await self._forget(tenant)
            await self.records.looked_again(erasure)
        return len(due)

    async def _recognised(self, person: Person, found: Found) -> frozenset[Needle]:
        public = self._kept.public(person.tenant)
        return await asyncio.to_thread(_recognised, found.rows, public)

    async def _erased(
        self, person: Person, wanted: Collection[Needle], now: datetime
    ) -> tuple[Gone, Sequence[Unreadable]]:
        remembered = await self._kept.memory.erase(person)
        gone = await self._people.erase(person, now=now)
        rows = Counter(gone.rows)
        rows.update(contact_fact=remembered.facts, contact_consent=remembered.consents)
        spoilt: Sequence[Unreadable] = ()
        if searcher := Searcher(wanted):
            more, spoilt = await erase_words(
                self._kept.database, person.tenant, searcher, reveal=self._reveal
            )
            rows.update(more)
        return Gone(dict(rows), gone.under_way), spoilt

    async def _forget(self, tenant: str) -> list[str]:
        away: set[str] = set()
        for layer in self._kept.layers:
            away.update(await layer.forget(tenant))
        return sorted(away)

    async def _delete_files(self, person: str, now: datetime) -> int:
        count = 0
        for file in await self.records.files(kind="export", person=person):
            if await deleted(file):
                await self.records.file_gone(file, at=now)
                count += 1
        return count

    async def _receipt(
        self,
        buried: Tombstone,
        rows: Mapping[str, int],
        files: int,
        wanted: Collection[Needle],
        scan: Scan,
        lost: Sequence[Mapping[str, Any]],
    ) -> Receipt:
        chain = await self._audit.verify()
        backups = await self.records.files(kind="backup")
        document = {
            "version": 1,
            "id": buried.id,
            "tenant": buried.tenant,
            "person": buried.person,
            "at": buried.at.isoformat(),
            "actor": buried.actor,
            "erased": {table: count for table, count in sorted(rows.items()) if count},
            "exports_deleted": files,
            "backups_with_tombstone": len(backups),
            "looked_for": dict(sorted(Counter(one.kind for one in wanted).items())),
            "scan": {
                "searched": dict(sorted(scan.searched.items())),
                "found": len(scan.hits) if scan.searched else None,
                "hits": [_told(hit) for hit in scan.hits[:100]],
                "away": list(scan.away),
            },
            "unreadable": list(lost),
            "audit": {"seq": chain.seq, "hash": chain.hash, "whole": chain.whole},
        }
        return signed(document, await self.records.key(RECEIPTS))


def unreadable(*, erased: Sequence[Unreadable], left: Sequence[Hit]) -> Sequence[Mapping[str, Any]]:
    """Return what did not open as a receipt has it: what went all the same, and what is left."""
    found = [(one.place, one.key, True) for one in erased]
    found += [(one.place, one.key, False) for one in left]
    return [
        {"place": place, "key": key, "erased": gone} for place, key, gone in dict.fromkeys(found)
    ]


def _told(hit: Hit) -> dict[str, Any]:
    return {"place": hit.place, "key": hit.key, "kind": hit.kind}


def _matching(some: list[tuple[Person, str]], searcher: Searcher) -> dict[Person, None]:
    return {person: None for person, said in some if searcher.kinds(said)}


def _recognised(rows: Mapping[str, Sequence[Row]], public: Collection[Value]) -> frozenset[Needle]:
    found: set[Needle] = set()
    for row in rows["conversation"]:
        found |= needles.identity(row["snapshot"]["contact"])
    said = [
        row["line"]["text"]
        for row in rows["message"]
        if row["line"]["author"]["kind"] == AuthorKind.CUSTOMER.value
    ]
    said += [str(row["body"]) for row in rows["contact_fact"]]
    said += [str(row["text"]) for row in rows["attachment_content"] if row["text"]]
    return frozenset(found | needles.mentioned(said, public=public) | needles.sentences(said))
