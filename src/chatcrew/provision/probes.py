"""Judges what was seen of an account: pure rules, one per thing that goes wrong (N13)."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from chatcrew.provision import versions
from chatcrew.provision.addresses import is_private
from chatcrew.provision.facts import AccountFacts, BotFacts
from chatcrew.provision.findings import Finding, Level
from chatcrew.provision.situation import WEBHOOKS, bot_label, events_for, masked

WARN_SKEW = 30.0
FAULT_SKEW = 270.0
"""The window of a signature is 300 s either way; a delivery is on its way for some of them."""

LATE = 600.0
"""Seconds by which Chatwoot's newest activity may be ahead of our last delivery."""

CHATWOOT_LIMIT = 3000
"""Requests a minute from one address (rack-attack, contract §4.7)."""

_MUTE = ("message", "status")
"""Without these a bot can neither answer nor hand over."""

_FEATURES = {
    "conversation": "bot_reads",
    "labels": "labels",
    "typing": "typing",
    "attributes": "custom_attributes",
    "priority": "priority",
    "assign": "assignment",
    "message": "answers",
    "status": "handoff",
}

_SECRETS: dict[str, Level] = {
    "same": "ok",
    "differs": "fault",
    "unreadable": "warning",
    "missing": "fault",
    "unsigned": "warning",
}


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
            return [self._say("reach", "fault", "unreachable", url=url, reason=facts.unreachable)]
        if facts.limited is not None:
            return [self._say("rate_limit", "fault", "limited", seconds=facts.limited)]
        rules: tuple[Callable[[], Iterator[Finding]], ...] = (
            self._version,
            self._clock,
            self._pace,
            self._user,
            self._webhook,
            self._inboxes,
        )
        found = [finding for rule in rules for finding in rule()]
        for bot in facts.bots:
            for judge in (self._token, self._secret, self._address, self._delivery):
                found.extend(judge(bot))
        return found

    def _say(
        self,
        probe: str,
        level: Level,
        code: str,
        /,
        *,
        features: tuple[str, ...] = (),
        **values: object,
    ) -> Finding:
        return Finding(self._facts.account, probe, level, code, values, features)

    def _version(self) -> Iterator[Finding]:
        version = self._facts.version
        if version is None:
            yield self._say("version", "warning", "version_hidden")
            return
        shown = ".".join(map(str, version))
        missing = versions.missing(version)
        if not missing:
            yield self._say("version", "ok", "version_known", version=shown)
            return
        yield self._say(
            "version",
            "warning",
            "version_old",
            features=tuple(one.name for one in missing),
            version=shown,
            count=len(missing),
            missing=tuple((one.pt, one.en) for one in missing),
        )

    def _clock(self) -> Iterator[Finding]:
        skew = self._facts.skew
        if skew is None:
            yield self._say("clock", "warning", "clock_unknown")
        elif abs(skew) <= WARN_SKEW:
            yield self._say("clock", "ok", "clock_well", skew=skew)
        else:
            level: Level = "fault" if abs(skew) >= FAULT_SKEW else "warning"
            yield self._say("clock", level, "clock_off", skew=skew)

    def _pace(self) -> Iterator[Finding]:
        over = self._per_minute > CHATWOOT_LIMIT
        level: Level = "warning" if over else "ok"
        code = "limit_over" if over else "limit_unseen"
        yield self._say("rate_limit", level, code, per_minute=self._per_minute)

    def _user(self) -> Iterator[Finding]:
        lost = ("history", "contacts", "sweep_list", "inbox_probes")
        user, number = self._facts.user, self._facts.account_id
        if user == "administrator":
            yield self._say("user_token", "ok", "user_well")
        elif user == "agent":
            yield self._say("user_token", "warning", "user_agent", features=("inbox_probes",))
        elif user == "none":
            yield self._say("user_token", "warning", "user_none", features=lost)
        elif user == "stranger":
            yield self._say("user_token", "fault", "user_stranger", features=lost, number=number)
        else:
            yield self._say("user_token", "fault", f"user_{user}", features=lost)

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
                yield self._say("webhook", "fault", "webhook_unverified", bot=name)
            elif less:
                yield self._say("webhook", "warning", "webhook_less", events=", ".join(less))
            else:
                yield self._say("webhook", "ok", "webhook_well")
            return
        yield self._say("webhook", "warning", "webhook_none", features=("customer_typing",))

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
                    yield self._say("inbox", "fault", "vanished", inbox=number)
                continue
            bot = facts.connected.get(number)
            shown: dict[str, Any] = {"inbox": number, "name": inbox.name}
            if bot is None or bot.id not in ours:
                faults += 1
                other = bot.name if bot is not None else None
                yield self._say("inbox", "fault", "not_connected", **shown, other=other)
                continue
            if inbox.greeting:
                yield self._say("greeting", "warning", "greeting", **shown)
            if inbox.out_of_office:
                yield self._say("greeting", "warning", "out_of_office", **shown)
        yield from self._unmapped(ours)
        if facts.inboxes is not None and not faults:
            yield self._say("inbox", "ok", "inboxes_well", count=len(facts.mapped))

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
            yield self._say("unmapped", "fault", "unmapped", inbox=number, name=name)

    def _token(self, one: BotFacts) -> Iterator[Finding]:
        name = one.bot.name
        if not one.readable:
            yield self._say("token", "fault", "token_unreadable", bot=name)
            return
        if any(right.state == "bad_token" for right in one.rights.values()):
            yield self._say("token", "fault", "token_bad", features=("answers",), bot=name)
            return
        denied = [right for right, found in one.rights.items() if found.state == "denied"]
        lost = tuple(_FEATURES[right] for right in denied)
        if not one.rights:
            return
        if not denied:
            yield self._say("token", "ok", "token_well", bot=name)
        elif any(right in denied for right in _MUTE):
            shown = ", ".join(denied)
            yield self._say("token", "fault", "token_mute", features=lost, bot=name, denied=shown)
        else:
            shown = ", ".join(denied)
            yield self._say("token", "warning", "token_less", features=lost, bot=name, denied=shown)

    def _secret(self, one: BotFacts) -> Iterator[Finding]:
        name, facts = one.bot.name, self._facts
        if facts.version is not None and facts.version < versions.SIGNED:
            if one.bot.signature == "required":
                yield self._say("signature", "fault", "secret_refusing", bot=name)
            else:
                yield self._say("signature", "warning", "secret_unsigned", bot=name)
            return
        level = _SECRETS.get(one.secret)
        if level is not None:
            yield self._say("signature", level, f"secret_{one.secret}", bot=name)

    def _address(self, one: BotFacts) -> Iterator[Finding]:
        facts, bot = self._facts, one.bot
        if one.listed is None:
            if facts.inboxes is not None:
                yield self._say("bot", "fault", "bot_gone", bot=bot.name, id=bot.agent_bot_id)
            return
        url = one.listed.outgoing_url
        shown = masked(url) if url else "-"
        ours = f"{self._public_url or '…'}{WEBHOOKS}{bot.name}"
        right_host = self._public_url is None or url.startswith(f"{self._public_url}/")
        if bot_label(url) != bot.name or not right_host:
            yield self._say("url", "fault", "url_differs", bot=bot.name, url=shown, ours=ours)
            return
        yield self._say("url", "ok", "url_well", bot=bot.name, url=shown)
        host = urlsplit(url).hostname or ""
        guarded = facts.version is None or facts.version >= versions.PRIVATE
        if not is_private(host) or not guarded:
            return
        version = ".".join(map(str, facts.version)) if facts.version else "≥ 4.14"
        values: dict[str, Any] = {"bot": bot.name, "host": host, "version": version}
        if one.last_delivery is not None and not self._lost(one):
            yield self._say("private_network", "ok", "private_works", **values)
        else:
            level: Level = "fault" if self._lost(one) else "warning"
            yield self._say("private_network", level, "private", **values)

    def _delivery(self, one: BotFacts) -> Iterator[Finding]:
        facts, name = self._facts, one.bot.name
        if not facts.records:
            yield self._say("delivery", "warning", "no_records")
            return
        last = one.last_delivery
        ago = None if last is None else (facts.now - last).total_seconds()
        if self._lost(one) and facts.activity is not None:
            activity = (facts.now - facts.activity).total_seconds()
            yield self._say(
                "delivery", "fault", "deliveries_lost", bot=name, ago=ago, activity=activity
            )
        elif last is None:
            yield self._say("delivery", "warning", "never_delivered", bot=name)
        else:
            yield self._say("delivery", "ok", "delivered", bot=name, ago=ago)

    def _lost(self, one: BotFacts) -> bool:
        """Return whether Chatwoot has what we should have been told of, and were not."""
        activity = self._facts.activity
        if activity is None or not self._facts.records or len(self._facts.bots) != 1:
            return False
        if one.last_delivery is None:
            return True
        return (activity - one.last_delivery).total_seconds() > LATE
