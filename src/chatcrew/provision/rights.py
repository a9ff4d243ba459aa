"""What tokens may do: which feature needs which right, and what the user token does instead."""

from collections.abc import Iterator, Mapping

from chatcrew.provision.ports import LostRight
from chatcrew.provision.seen import AccountFacts, BotFacts

USER_MAY = frozenset({"conversation", "labels", "attributes", "priority", "assign"})
"""What the user token does where the bot may not: nothing that a customer would see a person do.

A message by it would be a person's, and a typing mark would show that person. Where the bot may not
even speak, it tells people: a private note, and the opening if its owner is an administrator (an
agent would become the assignee, contract §2.3).
"""

FEATURES: Mapping[str, str] = {
    "conversation": "bot_reads",
    "labels": "labels",
    "typing": "typing",
    "attributes": "custom_attributes",
    "priority": "priority",
    "assign": "assignment",
    "message": "answers",
    "status": "handoff",
}
"""Name of the feature that each right is for."""


def denied(one: BotFacts) -> tuple[str, ...]:
    """Return what the bot's token was refused, in the order it was tried."""
    return tuple(name for name, right in one.rights.items() if right.state == "denied")


def covered(facts: AccountFacts) -> frozenset[str]:
    """Return what the user token does instead of a bot that may not."""
    return USER_MAY if facts.user in ("agent", "administrator") else frozenset()


def lost(facts: AccountFacts) -> Iterator[LostRight]:
    """Yield everything that the tokens of an account may not do, as far as it was seen."""
    for one in facts.bots:
        bot = one.bot.name
        for name, right in one.rights.items():
            if right.state == "denied":
                yield LostRight(bot, "bot", name, right.state, facts.now)
        if facts.user in ("bad", "stranger"):
            for name in sorted((*USER_MAY, "note", "status")):
                yield LostRight(bot, "user", name, f"user_{facts.user}", facts.now)
        elif facts.user == "agent":
            # He would become the assignee of what he opens
            yield LostRight(bot, "user", "status", "user_agent", facts.now)
