"""What ``doctor`` sees of one account, gathered before anything is judged."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chatcrew.chatwoot import ChatwootClient, Transport
from chatcrew.chatwoot.admin import (
    RIGHTS,
    AdminClient,
    ListedBot,
    Right,
    greet,
    try_right,
)
from chatcrew.clock import Clock
from chatcrew.errors import ChatwootError, StoreError
from chatcrew.provision import versions
from chatcrew.provision.ports import Examinations, Records
from chatcrew.provision.reading import value_of
from chatcrew.provision.seen import AccountFacts, BotFacts, SecretState, UserState
from chatcrew.tenancy.model import Bot, Configuration


class _Limited(Exception):
    """Chatwoot limits us: every further question would wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Examiner:
    """Looks at accounts; changes nothing.

    Args:
        transport: of this process.
        configuration: what the mapping says.
        records: of our own, None where they cannot be read.
        clock: time.
        examinations: what is known from before, None where it cannot be read.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        configuration: Configuration,
        records: Records | None,
        clock: Clock,
        examinations: Examinations | None = None,
    ) -> None:
        self._transport = transport
        self._configuration = configuration
        self._records = records
        self._clock = clock
        self._examinations = examinations

    async def account(self, label: str) -> AccountFacts:
        """Return what can be seen of an account.

        Raises:
            KeyError: no bot of the mapping belongs to it.
        """
        bots = [one for one in self._configuration.bots.values() if one.account == label]
        if not bots:
            raise KeyError(label)
        routes = self._configuration.routes
        facts = AccountFacts(
            account=label,
            base_url=bots[0].base_url,
            account_id=bots[0].account_id,
            now=self._clock.now(),
            bots=tuple([await self._recorded(bot) for bot in bots]),
            mapped=frozenset(n for account, n in routes if account == label and n is not None),
            chatwoot_hours=frozenset(self._chatwoot_hours(label)),
            has_default=(label, None) in routes or self._configuration.fallback is not None,
            records=self._records is not None,
        )
        try:
            facts = await self._greeted(facts)
            if facts.unreachable is None:
                facts = await self._seen_by_user(facts)
                facts = replace(facts, bots=tuple([await self._tried(b) for b in facts.bots]))
        except _Limited as limit:
            facts = replace(facts, limited=limit.seconds)
        return facts

    def _chatwoot_hours(self, label: str) -> Iterator[int]:
        tenants = self._configuration.tenants
        for (account, number), route in self._configuration.routes.items():
            tenant = tenants.get(route.tenant)
            if account != label or number is None or tenant is None:
                continue
            if tenant.people.opening.out_of_office == "chatwoot":
                yield number

    async def _recorded(self, bot: Bot) -> BotFacts:
        if self._records is None:
            return BotFacts(bot)
        try:
            last = await self._records.last_delivery(bot.name)
            refused = await self._records.refused_inboxes(bot.name)
            lost = await self._examinations.lost() if self._examinations is not None else ()
        except StoreError:
            return BotFacts(bot)
        off = tuple(one for one in lost if one.bot == bot.name and one.tried)
        return BotFacts(bot, last_delivery=last, refused_inboxes=refused, switched_off=off)

    async def _greeted(self, facts: AccountFacts) -> AccountFacts:
        try:
            greeting = await greet(self._transport, facts.base_url)
        except ChatwootError as error:
            _stop_at_limit(error)
            return replace(facts, unreachable=str(error))
        skew = None
        if greeting.date is not None:
            # The header has whole seconds, and the answer took its time
            skew = (greeting.date - self._clock.now()).total_seconds()
        return replace(facts, version=versions.parse(greeting.version), skew=skew)

    async def _seen_by_user(self, facts: AccountFacts) -> AccountFacts:
        reference = facts.bots[0].bot.user_token
        if reference is None:
            return facts
        token = await value_of(reference)
        if token is None:
            return replace(facts, user="unreadable")
        admin = AdminClient(self._transport, base_url=facts.base_url, token=token)
        try:
            member = (await admin.profile()).of(facts.account_id)
            if member is None:
                return replace(facts, user="stranger")
            role: UserState = "administrator" if member.role == "administrator" else "agent"
            facts = replace(facts, user=role)
            facts = await self._directory(admin, facts)
            return await self._activity(facts, token)
        except ChatwootError as error:
            _stop_at_limit(error)
            bad = error.status == 401 and facts.user == "none"
            return replace(facts, user="bad") if bad else facts

    async def _directory(self, admin: AdminClient, facts: AccountFacts) -> AccountFacts:
        number = facts.account_id
        inboxes = await admin.inboxes(number)
        listed = {one.id: one for one in await admin.bots(number)}
        bots = [await _compared(one, listed.get(one.bot.agent_bot_id)) for one in facts.bots]
        connected = {one.id: await admin.inbox_bot(number, one.id) for one in inboxes}
        facts = replace(facts, inboxes=inboxes, bots=tuple(bots), connected=connected)
        if facts.user == "administrator":
            facts = replace(facts, webhooks=await admin.webhooks(number))
        return facts

    async def _activity(self, facts: AccountFacts, token: str) -> AccountFacts:
        """See when something last happened where our bots are."""
        ours = {one.bot.agent_bot_id for one in facts.bots}
        inboxes = {n for n, bot in facts.connected.items() if bot is not None and bot.id in ours}
        if not inboxes:
            return facts
        client = ChatwootClient(
            self._transport,
            base_url=facts.base_url,
            account_id=facts.account_id,
            token=token,
            user_token=token,
        )
        rows = await client.conversations(status="all")
        found = [_moment(row) for row in rows if row.get("inbox_id") in inboxes]
        return replace(facts, activity=max((one for one in found if one is not None), default=None))

    async def _tried(self, facts: BotFacts) -> BotFacts:
        bot = facts.bot
        token = await value_of(bot.token)
        if token is None:
            return replace(facts, readable=False)
        rights: dict[str, Right] = {}
        try:
            for name in RIGHTS:
                rights[name] = await try_right(
                    self._transport,
                    name,
                    base_url=bot.base_url,
                    account_id=bot.account_id,
                    token=token,
                )
                if rights[name].state == "bad_token":
                    break
        except ChatwootError as error:
            _stop_at_limit(error)
        return replace(facts, rights=rights)


async def _compared(facts: BotFacts, listed: ListedBot | None) -> BotFacts:
    """Compare our secret with the one Chatwoot shows to administrators."""
    if listed is None:
        return facts
    references = facts.bot.secrets.get("agent_bot", ())
    values = [await value_of(one) for one in references]
    state: SecretState = "differs"
    if listed.secret is None:
        state = "unknown" if references else "unsigned"
    elif not references:
        state = "missing"
    elif listed.secret in values:
        state = "same"
    elif None in values:
        state = "unreadable"
    return replace(facts, listed=listed, secret=state)


def _stop_at_limit(error: ChatwootError) -> None:
    if error.status == 429:
        raise _Limited(error.retry_after or 60.0) from None


def _moment(row: Mapping[str, Any]) -> datetime | None:
    at = row.get("last_activity_at")
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) and at else None


def accounts_of(configuration: Configuration) -> Iterable[str]:
    """Return the labels of all accounts that have a bot, in the mapping's order."""
    return dict.fromkeys(bot.account for bot in configuration.bots.values())
