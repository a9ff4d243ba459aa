"""Judges what was seen of one bot: its token, its secret, its address, its deliveries (N13)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from chatcrew.provision import versions
from chatcrew.provision.addresses import is_private
from chatcrew.provision.findings import Finding, Level
from chatcrew.provision.rights import FEATURES, USER_MAY, covered, denied
from chatcrew.provision.seen import AccountFacts, BotFacts
from chatcrew.provision.situation import WEBHOOKS, bot_label, masked

LATE = 600.0
"""Seconds by which Chatwoot's newest activity may be ahead of our last delivery."""

_MUTE = ("message", "status")
"""Without these a bot can neither answer nor hand over."""

_SECRETS: dict[str, Level] = {
    "same": "ok",
    "differs": "fault",
    "unreadable": "warning",
    "missing": "fault",
    "unsigned": "warning",
}


class BotJudge:
    """Turns facts of bots into findings.

    Args:
        facts: of their account.
        public_url: our address as Chatwoot should have it, or None where nobody said.
    """

    def __init__(self, facts: AccountFacts, *, public_url: str | None) -> None:
        self._facts = facts
        self._public_url = public_url

    def findings(self, one: BotFacts) -> Iterator[Finding]:
        """Yield everything there is to say of a bot, in the order an admin mends it."""
        for rule in (self._token, self._secret, self._address, self._delivery):
            yield from rule(one)

    def _token(self, one: BotFacts) -> Iterator[Finding]:
        name = one.bot.name
        if not one.readable:
            yield self._facts.say("token", "fault", "token_unreadable", bot=name)
            return
        if any(right.state == "bad_token" for right in one.rights.values()):
            yield self._facts.say("token", "fault", "token_bad", features=("answers",), bot=name)
            return
        yield from self._refused(one)
        if not one.rights:
            return
        lost = denied(one)
        if not lost and not one.switched_off:
            yield self._facts.say("token", "ok", "token_well", bot=name)
        elif any(right in lost for right in _MUTE):
            features = tuple(FEATURES[right] for right in lost)
            shown = tuple(right for right in lost if right in _MUTE)
            yield self._facts.say(
                "token", "fault", "token_mute", features=features, bot=name, denied=shown
            )
        else:
            yield from self._less(name, lost)

    def _less(self, name: str, lost: tuple[str, ...]) -> Iterator[Finding]:
        """Tell what the bot may not do, by who does it in its place and what mends it."""
        helped = covered(self._facts)
        kinds = {
            "token_helped": tuple(one for one in lost if one in helped),
            "token_less": tuple(one for one in lost if one in USER_MAY - helped),
            "token_typing": tuple(one for one in lost if one not in USER_MAY),
        }
        for code, rights in kinds.items():
            if rights:
                well = code == "token_helped"
                features = () if well else tuple(FEATURES[right] for right in rights)
                level: Level = "ok" if well else "warning"
                yield self._facts.say(
                    "token", level, code, features=features, bot=name, denied=rights
                )

    def _refused(self, one: BotFacts) -> Iterator[Finding]:
        """Tell what was refused while answering, and is left out since."""
        known = denied(one)
        off = [right for right in one.switched_off if right.name not in known]
        for reason in dict.fromkeys(right.reason for right in off):
            found = [right for right in off if right.reason == reason]
            names = tuple(dict.fromkeys(right.name for right in found))
            yield self._facts.say(
                "token",
                "warning",
                "switched_off",
                features=tuple(FEATURES[name] for name in names),
                bot=one.bot.name,
                ago=(self._facts.now - min(right.at for right in found)).total_seconds(),
                reason=reason,
                denied=names,
            )

    def _secret(self, one: BotFacts) -> Iterator[Finding]:
        name, facts = one.bot.name, self._facts
        if facts.version is not None and facts.version < versions.SIGNED:
            if one.bot.signature == "required":
                yield self._facts.say("signature", "fault", "secret_refusing", bot=name)
            else:
                yield self._facts.say("signature", "warning", "secret_unsigned", bot=name)
            return
        level = _SECRETS.get(one.secret)
        if level is not None:
            yield self._facts.say("signature", level, f"secret_{one.secret}", bot=name)

    def _address(self, one: BotFacts) -> Iterator[Finding]:
        facts, bot = self._facts, one.bot
        if one.listed is None:
            if facts.inboxes is not None:
                yield self._facts.say("bot", "fault", "bot_gone", bot=bot.name, id=bot.agent_bot_id)
            return
        url = one.listed.outgoing_url
        shown = masked(url) if url else "-"
        ours = f"{self._public_url or '…'}{WEBHOOKS}{bot.name}"
        right_host = self._public_url is None or url.startswith(f"{self._public_url}/")
        if bot_label(url) != bot.name or not right_host:
            yield self._facts.say("url", "fault", "url_differs", bot=bot.name, url=shown, ours=ours)
            return
        yield self._facts.say("url", "ok", "url_well", bot=bot.name, url=shown)
        host = urlsplit(url).hostname or ""
        guarded = facts.version is None or facts.version >= versions.PRIVATE
        if not is_private(host) or not guarded:
            return
        version = ".".join(map(str, facts.version)) if facts.version else "≥ 4.14"
        values: dict[str, Any] = {"bot": bot.name, "host": host, "version": version}
        if one.last_delivery is not None and not self._lost(one):
            yield self._facts.say("private_network", "ok", "private_works", **values)
        else:
            level: Level = "fault" if self._lost(one) else "warning"
            yield self._facts.say("private_network", level, "private", **values)

    def _delivery(self, one: BotFacts) -> Iterator[Finding]:
        facts, name = self._facts, one.bot.name
        if not facts.records:
            yield self._facts.say("delivery", "warning", "no_records")
            return
        last = one.last_delivery
        ago = None if last is None else (facts.now - last).total_seconds()
        if self._lost(one) and facts.activity is not None:
            activity = (facts.now - facts.activity).total_seconds()
            yield self._facts.say(
                "delivery", "fault", "deliveries_lost", bot=name, ago=ago, activity=activity
            )
        elif last is None:
            yield self._facts.say("delivery", "warning", "never_delivered", bot=name)
        else:
            yield self._facts.say("delivery", "ok", "delivered", bot=name, ago=ago)

    def _lost(self, one: BotFacts) -> bool:
        """Return whether Chatwoot has what we should have been told of, and were not."""
        activity = self._facts.activity
        if activity is None or not self._facts.records or len(self._facts.bots) != 1:
            return False
        if one.last_delivery is None:
            return True
        return (activity - one.last_delivery).total_seconds() > LATE
