"""What each operation of the API does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from chatcrew.accounts import Role
from chatcrew.analytics import (
    PERSONAL,
    Costs,
    Figures,
    IntentFigures,
    Latency,
    Outcomes,
    Overview,
    Page,
    Scope,
    Session,
)
from chatcrew.audit import Audit, Deed
from chatcrew.clock import Clock
from chatcrew.ids import ConversationId
from chatcrew.lgpd import Privacy
from chatcrew.version import VERSION
from chatcrew.web.api._answers import (
    bad_page,
    line_out,
    no_conversation,
    not_simulated,
    person_of,
    target,
    tried,
)
from chatcrew.web.api._exporting import export_of
from chatcrew.web.api._operations import Call, Refusal
from chatcrew.web.api._ports import (
    Business,
    Businesses,
    Contact,
    Contacts,
    NotSimulated,
    Simulations,
)
from chatcrew.web.api._shapes import (
    ExportQuery,
    Health,
    LineOut,
    Listed,
    ListedPeriod,
    Period,
    PersonOut,
    ReceiptOut,
    Stats,
    Trial,
    Tried,
)
from chatcrew.why import Account, Why

_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ports:
    """What the API reads and does, filled by the composition root.

    Attributes:
        businesses: tenants of the configuration in force.
        simulations: says something as a customer.
        figures: out of our records.
        contacts: whom a tenant talked with.
        why: the account of turns.
        privacy: shows and erases people.
        audit: notes who saw whose words.
        clock: time.
    """

    businesses: Businesses
    simulations: Simulations
    figures: Figures
    contacts: Contacts
    why: Why
    privacy: Privacy
    audit: Audit
    clock: Clock


class Api:
    """The operations under ``/api/v1``."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    async def health(self, _call: Call) -> Health:
        """Answer without asking anybody."""
        return Health(version=VERSION)

    async def tenants(self, call: Call) -> list[Business]:
        """Return those the token may see."""
        return [one for one in self._ports.businesses.all() if call.who.sees(one.tenant)]

    async def say(self, call: Call) -> Tried:
        """Try the bot."""
        asked: Trial = call.body
        try:
            found = await self._ports.simulations.say(
                call.tenant,
                asked.text,
                session=asked.session,
                contact=asked.contact,
                name=asked.name,
                phone=asked.phone,
                channel=asked.channel,
            )
        except NotSimulated as error:
            raise not_simulated(error) from None
        return tried(found)

    async def conversations(self, call: Call) -> Page[Session]:
        """Return a page of sessions."""
        asked: ListedPeriod = call.query
        scope = self._scope(call, asked)
        try:
            return await self._ports.figures.sessions(scope, after=asked.after, limit=asked.limit)
        except ValueError:
            raise bad_page() from None

    async def messages(self, call: Call) -> list[LineOut]:
        """Return the lines; that somebody looks is noted first."""
        conversation = self._conversation(call)
        found = await self._ports.figures.trace(conversation, tenants=frozenset({call.tenant}))
        if found is None:
            raise no_conversation()
        deed = Deed(
            call.actor, "conversation.viewed", call.tenant, target(conversation), found.person
        )
        await self._ports.audit.note(deed)
        return [line_out(one) for one in found.lines]

    async def turns(self, call: Call) -> list[Account]:
        """Return accounts of turns."""
        conversation = self._conversation(call)
        if await self._ports.why.standing(conversation, tenant=call.tenant) is None:
            raise no_conversation()
        found = await self._ports.why.turns(
            conversation, tenant=call.tenant, limit=call.query.limit
        )
        return list(found)

    async def turn(self, call: Call) -> Account:
        """Return the account of one turn."""
        found = await self._ports.why.turn(
            self._conversation(call), call.part("turn"), tenant=call.tenant
        )
        if found is None:
            raise Refusal(404, kind="unknown_turn", message="no such turn in this conversation")
        return found

    async def contacts(self, call: Call) -> Page[Contact]:
        """Return a page of customers."""
        await self._ports.audit.note(Deed(call.actor, "contacts.listed", call.tenant))
        asked: Listed = call.query
        try:
            return await self._ports.contacts.page(
                call.tenant, after=asked.after, limit=asked.limit
            )
        except ValueError:
            raise bad_page() from None

    async def export_person(self, call: Call) -> PersonOut:
        """Return all there is of a customer; ``Privacy`` notes it."""
        found = await self._ports.privacy.export(person_of(call), actor=call.actor)
        return PersonOut(data=dict(found))

    async def erase_person(self, call: Call) -> ReceiptOut:
        """Erase a customer; ``Privacy`` notes it."""
        found = await self._ports.privacy.erase(person_of(call), actor=call.actor)
        return ReceiptOut(
            id=found.id,
            document=dict(found.document),
            signature=found.signature,
            public_key=found.public_key,
        )

    async def stats(self, call: Call) -> Stats:
        """Return the figures of one tenant."""
        figures, scope = self._ports.figures, self._scope(call, call.query)
        overview: Overview = await figures.overview(scope)
        outcomes: Outcomes = await figures.outcomes(scope)
        costs: Costs = await figures.costs(scope)
        latency: Latency = await figures.latency(scope)
        intents: Sequence[IntentFigures] = await figures.intents(scope)
        return Stats(
            since=scope.since,
            until=scope.until,
            overview=overview,
            outcomes=outcomes,
            costs=costs,
            latency=latency,
            intents=list(intents),
        )

    async def export(self, call: Call) -> web.StreamResponse:
        """Stream one kind of facts; who asks for people's data needs the right, and is noted."""
        kind, asked = call.part("kind"), call.query
        if kind in PERSONAL and not call.who.role.may(Role.ADMIN):
            raise Refusal(
                403, kind="forbidden", message=f"{kind} holds people's data: ask as admin"
            )
        scope = self._scope(call, asked)
        if kind in PERSONAL:
            await self._ports.audit.note(Deed(call.actor, "facts.exported", call.tenant, kind))
        return await export_of(call.request, self._ports.figures, kind, scope, form=asked.format)

    def _scope(self, call: Call, asked: Period | ListedPeriod | ExportQuery) -> Scope:
        until = asked.until or self._ports.clock.now()
        since = asked.since or until - _MONTH
        try:
            return Scope(frozenset({call.tenant}), since, until)
        except ValueError as error:
            raise Refusal(422, kind="invalid", message=f"query.until: {error}") from None

    def _conversation(self, call: Call) -> ConversationId:
        found = self._ports.businesses.conversation(
            call.part("bot"), int(call.part("number")), tenant=call.tenant
        )
        if found is None:
            raise no_conversation()
        return found
