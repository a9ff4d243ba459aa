"""How bot and people work as one team, as values; seen through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatcrew.tenancy._values.abuse import Abuse, made_abuse
from chatcrew.tenancy._values.distribution import Distribution, made_distribution
from chatcrew.tenancy._values.feedback import Feedback, made_feedback
from chatcrew.tenancy._values.handoff import HandoffPolicy, made_handoff
from chatcrew.tenancy._values.inactivity import Inactivity, made_inactivity
from chatcrew.tenancy._values.opening import Opening, made_opening
from chatcrew.tenancy._values.takeover import Takeover, made_takeover
from chatcrew.tenancy._values.waiting import WaitingPolicy, made_waiting


@dataclass(frozen=True, slots=True)
class People:
    """How bot and people work as one team; each part is explained in its own file.

    Attributes:
        opening: when people are at work.
        takeover: what the bot does once people have taken a conversation over.
        handoff: when the bot gives a conversation to people, and how.
        distribution: which person a conversation is given to.
        waiting: what happens while a customer waits for people.
        inactivity: what happens when a customer falls silent.
        abuse: what the bot does about floods, repeats and endless messages.
        feedback: who is told what customers complain about.
    """

    opening: Opening = field(default_factory=Opening)
    takeover: Takeover = field(default_factory=Takeover)
    handoff: HandoffPolicy = field(default_factory=HandoffPolicy)
    distribution: Distribution = field(default_factory=Distribution)
    waiting: WaitingPolicy = field(default_factory=WaitingPolicy)
    inactivity: Inactivity = field(default_factory=Inactivity)
    abuse: Abuse = field(default_factory=Abuse)
    feedback: Feedback = field(default_factory=Feedback)


def made_people(merged: Mapping[str, Any]) -> People:
    """Return what both files say under ``people``, merged."""
    return People(
        opening=made_opening(merged.get("opening", {})),
        takeover=made_takeover(merged.get("takeover", {})),
        handoff=made_handoff(merged.get("handoff", {})),
        distribution=made_distribution(merged.get("distribution", {})),
        waiting=made_waiting(merged.get("waiting", {})),
        inactivity=made_inactivity(merged.get("inactivity", {})),
        abuse=made_abuse(merged.get("abuse", {})),
        feedback=made_feedback(merged.get("feedback", {})),
    )
