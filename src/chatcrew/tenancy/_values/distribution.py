"""Which person a conversation is given to, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Specialty:
    """Conversations of one kind and who has them; what names nothing holds for all.

    Attributes:
        topics: intents.
        labels: of the conversation, any of them.
        functions: of the bot that had the conversation.
        reasons: why it goes to people.
        team: Chatwoot's team by name or id, or "".
        agents: people by e-mail, name or id; none: those of the team, else of the inbox.
    """

    topics: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    team: str = ""
    agents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the conversations and whose it is.

    Attributes:
        percent: of all.
        team: a team by name or id, or "".
        agent: a person by e-mail, name or id, or "".
    """

    percent: int
    team: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """Which person a conversation is given to (S3-79).

    Attributes:
        method: ``chatwoot``, ``round_robin``, ``load``, ``performance`` or ``share``.
        previous: who served the customer before comes first (S3-34).
        team: where no specialty says another, by name or id, or "".
        specialties: the first that fits decides among whom is chosen (S3-84).
        shares: of method ``share`` (S3-86).
        availability: of Chatwoot's states, those in which somebody is given conversations.
        per_agent: open conversations that one person has at most (S3-80).
        per_team: open conversations that a team has at most.
        people_first: what the bot does where people come first: ``greet`` or ``answer``.
        while_closed: who comes first there outside opening hours: ``bot`` or ``people``.
        closed_label: label of what comes to people outside opening hours, or "".
    """

    method: str = "chatwoot"
    previous: bool = True
    team: str = ""
    specialties: tuple[Specialty, ...] = ()
    shares: tuple[Part, ...] = ()
    availability: tuple[str, ...] = ("online",)
    per_agent: int = 20
    per_team: int = 100
    people_first: str = "greet"
    while_closed: str = "bot"
    closed_label: str = "fora-do-horario"


def made_distribution(merged: Mapping[str, Any]) -> Distribution:
    """Return what both files say, merged."""
    plain = {
        key: value
        for key, value in merged.items()
        if key not in ("specialties", "shares", "availability")
    }
    known = Distribution()
    return Distribution(
        **plain,
        specialties=tuple(
            Specialty(
                topics=tuple(one.get("topics", ())),
                labels=tuple(one.get("labels", ())),
                functions=tuple(one.get("functions", ())),
                reasons=tuple(one.get("reasons", ())),
                team=one.get("team", ""),
                agents=tuple(one.get("agents", ())),
            )
            for one in merged.get("specialties", ())
        ),
        shares=tuple(Part(**one) for one in merged.get("shares", ())),
        availability=tuple(merged.get("availability", known.availability)),
    )
