"""Intents as values: what is said, what is asked, what is done; and who goes ahead of others."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chatcrew.messages import Snapshot
from chatcrew.tenancy._values.business import Place


@dataclass(frozen=True, slots=True)
class Slot:
    """Something an intent has to know.

    Attributes:
        name: stable name, such as ``pedido``.
        kind: one of ``vocabulary.SlotKind``: an entity's kind, ``document`` (CPF or CNPJ), or
            ``text`` for any words.
        ask: the question, and how it is asked a second time.
        help: said where the customer asks back about it, or "".
    """

    name: str
    kind: str
    ask: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Vip:
    """Whose conversations go ahead of others; whoever has any of these.

    Attributes:
        labels: of the conversation.
        attributes: custom attributes of the contact, by name.
    """

    labels: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)

    def meets(self, snapshot: Snapshot) -> bool:
        """Return whether ``snapshot`` shows such a customer; case does not matter."""
        here = snapshot.contact.attributes
        return any(
            label.casefold() in map(str.casefold, snapshot.labels) for label in self.labels
        ) or any(
            str(here.get(name, "")).casefold() == value.casefold()
            for name, value in self.attributes.items()
        )


@dataclass(frozen=True, slots=True)
class Intent:
    """Something a customer says that is answered before any model.

    Attributes:
        name: stable name, such as ``greeting``.
        phrases: examples; matched after folding case, accents and punctuation.
        action: ``reply``, ``handoff``, ``route`` or ``crew``: it answers, as without an intent.
        replies: canned variants (chosen by a hash of the conversation, so that replays agree).
        route: function to switch to, for ``route``.
        whole: the phrase must be the whole message (greeting, thanks); else it may stand inside
            one.
        buttons: titles offered with the reply.
        place: where it stands in the files.
        unlike: what looks like it and is something else; a message that holds one is not it.
        keywords: words of this intent and no other; they make a guess surer.
        slots: what it has to know before it acts, in the order it is asked for.
        labels: put on the conversation.
        priority: given to the conversation unless it has a higher one, or None.
    """

    name: str
    phrases: tuple[str, ...]
    action: str
    replies: tuple[str, ...] = ()
    route: str | None = None
    whole: bool = False
    buttons: tuple[str, ...] = ()
    place: Place = ("", 0)
    keywords: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    labels: tuple[str, ...] = ()
    priority: str | None = None
