"""Judges what was seen of an account: pure rules, one per thing that goes wrong (N13)."""

from collections.abc import Callable, Iterator
from typing import Any

from chatcrew.chatwoot.admin import ListedInbox
from chatcrew.provision import versions
from chatcrew.provision.bot_rules import BotJudge
from chatcrew.provision.findings import Finding, Level
from chatcrew.provision.rights import FEATURES, covered
from chatcrew.provision.seen import AccountFacts
from chatcrew.provision.situation import bot_label, events_for

WARN_SKEW = 30.0
FAULT_SKEW = 270.0
"""The window of a signature is 300 s either way; a delivery is on its way for some of them."""

CHATWOOT_LIMIT = 3000
"""Requests a minute from one address (rack-attack, contract §4.7)."""


class Judge:
    """Turns facts into findings.

    Args:
        facts: of one account.
        per_minute: the pace we keep.
        public_url: our address as Chatwoot should have it, or None where nobody said.
    """

    def __init__(
        self, facts: AccountFacts, *, per_minute: int, public_url: str | None = None
    ) -> None:
        self._facts = facts
        self._per_minute = per_minute
        self._public_url = public_url.rstrip("/") if public_url else None

    def findings(self) -> list[Finding]:
        """Return everything there is to say, in the order an admin mends it."""
        facts = self._facts
        if facts.unreachable is not None:
            url = facts.base_url
            return [facts.say("reach", "fault", "unreachable", url=url, reason=facts.unreachable)]
        if facts.limited is not None:
            return [self._facts.say("rate_limit", "fault", "limited", seconds=facts.limited)]
        rules: tuple[Callable[[], Iterator[Finding]], ...] = (
            self._version,
            self._clock,
            self._pace,
            self._user,
            self._webhook,
            self._inboxes,
        )
        found = [finding for rule in rules for finding in rule()]
        judge = BotJudge(facts, public_url=self._public_url)
        for bot in facts.bots:
            found.extend(judge.findings(bot))
        return found

    def _version(self) -> Iterator[Finding]:
        version = self._facts.version
        if version is None:
            yield self._facts.say("version", "warning", "version_hidden")
            return
        shown = ".".join(map(str, version))
        helped = {FEATURES[right] for right in covered(self._facts)}
        missing = [one for one in versions.missing(version) if one.name not in helped]
        if not missing:
            yield self._facts.say("version", "ok", "version_known", version=shown)
            return
        yield self._facts.say(
            "version",
            "warning",
            "version_old",
            features=tuple(one.name for one in missing),
            version=shown,
            missing=tuple((one.pt, one.en) for one in missing),
        )

    def _clock(self) -> Iterator[Finding]:
        skew = self._facts.skew
        if skew is None:
            yield self._facts.say("clock", "warning", "clock_unknown")
        elif abs(skew) <= WARN_SKEW:
            yield self._facts.say("clock", "ok", "clock_well", skew=abs(round(skew)))
        else:
            level: Level = "fault" if abs(skew) >= FAULT_SKEW else "warning"
            yield self._facts.say("clock", level, "clock_off", skew=skew)

    def _pace(self) -> Iterator[Finding]:
        over = self._per_minute > CHATWOOT_LIMIT
        level: Level = "warning" if over else "ok"
        code = "limit_over" if over else "limit_unseen"
        yield self._facts.say("rate_limit", level, code, per_minute=self._per_minute)

    def _user(self) -> Iterator[Finding]:
        lost = ("history", "contacts", "sweep_list", "inbox_probes")
        user, number = self._facts.user, self._facts.account_id
        if user == "administrator":
            yield self._facts.say("user_token", "ok", "user_well")
        elif user == "agent":
            yield self._facts.say("user_token", "warning", "user_agent", features=("inbox_probes",))
        elif user == "none":
            yield self._facts.say("user_token", "warning", "user_none", features=lost)
        elif user == "stranger":
            yield self._facts.say(
                "user_token", "fault", "user_stranger", features=lost, number=number
            )
        else:
            yield self._facts.say("user_token", "fault", f"user_{user}", features=lost)

    def _webhook(self) -> Iterator[Finding]:
        facts = self._facts
        if facts.webhooks is None:
            return
        for one in facts.bots:
            name = one.bot.name
            hook = next((hook for hook in facts.webhooks if bot_label(hook.url) == name), None)
            if hook is None or one.listed is None:
                continue
            wanted = events_for(one.listed, facts.version)
            less = [event for event in wanted if event not in hook.subscriptions]
            if hook.secret is not None and not one.bot.secrets.get("account"):
                yield self._facts.say("webhook", "fault", "webhook_unverified", bot=name)
            elif less:
                yield self._facts.say("webhook", "warning", "webhook_less", events=", ".join(less))
            else:
                yield self._facts.say("webhook", "ok", "webhook_well")
            return
        yield self._facts.say("webhook", "warning", "webhook_none", features=("customer_typing",))

    def _inboxes(self) -> Iterator[Finding]:
        facts = self._facts
        ours = {one.bot.agent_bot_id for one in facts.bots}
        listed = {one.id: one for one in facts.inboxes or ()}
        faults = 0
        for number in sorted(facts.mapped):
            inbox = listed.get(number)
            if inbox is None:
                # An agent sees only the inboxes he is in
                if facts.user == "administrator" and facts.inboxes is not None:
                    faults += 1
                    yield self._facts.say("inbox", "fault", "vanished", inbox=number)
                continue
            bot = facts.connected.get(number)
            shown: dict[str, Any] = {"inbox": number, "name": inbox.name}
            if bot is None or bot.id not in ours:
                faults += 1
                other = bot.name if bot is not None else None
                yield self._facts.say("inbox", "fault", "not_connected", **shown, other=other)
                continue
            yield from self._signed(inbox)
            if inbox.greeting:
                yield self._facts.say("greeting", "warning", "greeting", **shown)
            if inbox.out_of_office != (number in facts.chatwoot_hours):
                code = "out_of_office" if inbox.out_of_office else "out_of_office_off"
                yield self._facts.say("greeting", "warning", code, **shown)
        yield from self._unmapped(ours)
        if facts.inboxes is not None and not faults:
            yield self._facts.say("inbox", "ok", "inboxes_well", count=len(facts.mapped))

    def _signed(self, inbox: ListedInbox) -> Iterator[Finding]:
        """Find an API inbox that posts to us what we cannot verify."""
        label = bot_label(inbox.webhook_url)
        one = next((one.bot for one in self._facts.bots if one.bot.name == label), None)
        if one is None or inbox.secret is None or one.secrets.get("api_inbox"):
            return
        shown: dict[str, Any] = {"inbox": inbox.id, "name": inbox.name, "bot": one.name}
        yield self._facts.say("signature", "fault", "inbox_unverified", **shown)

    def _unmapped(self, ours: set[int]) -> Iterator[Finding]:
        """Find inboxes whose customers are refused: our bot is there, and no tenant."""
        facts = self._facts
        names = {one.id: one.name for one in facts.inboxes or ()}
        connected = {n for n, bot in facts.connected.items() if bot is not None and bot.id in ours}
        refused = {number for one in facts.bots for number in one.refused_inboxes}
        if facts.has_default:
            connected = set()
        for number in sorted((connected | refused) - facts.mapped):
            name = names.get(number, "?")
            yield self._facts.say("unmapped", "fault", "unmapped", inbox=number, name=name)
