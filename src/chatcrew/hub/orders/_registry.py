"""Every command there is, in the order of the list, and how a note is read as one of them."""

import difflib
from dataclasses import dataclass
from datetime import datetime

from chatcrew.hub.orders import (
    approvals,
    corrections,
    drafts,
    explaining,
    judging,
    memories,
    pairing,
    reminders,
    silence,
    summary,
    taking,
)
from chatcrew.hub.orders._order import Kind, Order, fold


def _help(words: str, now: datetime) -> str:
    return HELP_ALL if words else HELP


_KIND_OF_HELP = Kind(
    "ajuda",
    "ajuda comandos help commands",
    ("`/bot ajuda`: os do dia a dia; `/bot ajuda tudo`: esta lista",),
    "help, help all",
    _help,
)

KINDS: tuple[Kind, ...] = (
    silence.STOP,
    silence.GO_ON,
    taking.TAKE_OVER,
    taking.HAND_BACK,
    drafts.DRAFT,
    corrections.CORRECT,
    summary.SUMMARY,
    explaining.WHY,
    approvals.REQUESTS,
    approvals.APPROVE,
    approvals.DENY,
    reminders.REMIND,
    memories.RESET,
    memories.MEMORY,
    memories.FORGET,
    judging.JUDGE,
    pairing.PAIR,
    pairing.UNPAIR,
    _KIND_OF_HELP,
)

EVERYDAY: tuple[Kind, ...] = (
    silence.STOP,
    silence.GO_ON,
    drafts.DRAFT,
    summary.SUMMARY,
    explaining.WHY,
)
"""What the short list names: who is on duty needs these, and reads no more than these."""

_SHORT_END = (
    "Para assumir, basta responder ao cliente; para devolver, `/bot devolver`. Todos os comandos: "
    "`/bot ajuda tudo`. (In English: {english}. Take over by replying; `/bot hand-back` gives it "
    "back; all commands: `/bot help all`.)"
)
_LONG_END = (
    "Para assumir, basta também responder ao cliente ou atribuir a conversa a você; para "
    "devolver, atribuir a conversa ao bot e deixar o status como pendente. "
    "(In English: {english}. "
    "Take over by replying; hand back by assigning the bot and setting the status to pending.)"
)


def _listed(head: str, kinds: tuple[Kind, ...], end: str) -> str:
    rows = (f"- {row}" for kind in kinds for row in kind.rows)
    english = ", ".join(kind.english for kind in kinds)
    return "\n".join(
        (f"**{head}** (escreva em nota privada):", *rows, "", end.format(english=english))
    )


HELP = _listed("Comandos do dia a dia", EVERYDAY, _SHORT_END)
HELP_ALL = _listed("Todos os comandos do bot", KINDS, _LONG_END)

_KNOWN = {word: kind for kind in KINDS for word in kind.words.split()}
_LIKE = 0.75
"""How alike a slip and its word have to be (difflib's ratio)."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a note means.

    Attributes:
        kind: which command it is; None where it is none.
        order: what is to be done; None where there is only something to tell.
        note: what to tell the operator then.
    """

    kind: Kind | None = None
    order: Order | None = None
    note: str = ""


def read(text: str, *, now: datetime) -> Meant:
    """Read a private note; what is no command is answered with the list of them.

    Accents and case do not matter. A slip is never obeyed: it is asked about.

    Args:
        text: the whole note.
        now: in the business's time zone, for reminders.
    """
    head, _, rest = text.strip().partition(" ") if "\n" not in text else _split(text)
    if fold(head) != "/bot":
        return Meant(note=HELP)
    pieces = rest.strip().split(None, 1)
    if not pieces:
        return Meant(note=HELP)
    word, words = fold(pieces[0]).strip("!?.,:;`*"), pieces[1].strip() if pieces[1:] else ""
    kind = _KNOWN.get(word)
    if kind is None:
        near = difflib.get_close_matches(word[:40], _KNOWN, n=1, cutoff=_LIKE)
        return Meant(note=_unknown(pieces[0], _KNOWN[near[0]].word if near else None))
    order = kind.read(words, now)
    return Meant(kind, note=order) if isinstance(order, str) else Meant(kind, order)


def _unknown(word: str, meant: str | None) -> str:
    said = f"`{word[:30]}`".replace("\n", " ")
    guess = f" Você quis dizer `/bot {meant}`? (Did you mean it?)" if meant else ""
    return f"❓ Não conheço o comando {said}.{guess}\n\n{HELP}"


def _split(text: str) -> tuple[str, str, str]:
    pieces = text.strip().split(None, 1)
    return (pieces[0] if pieces else "", " ", pieces[1] if pieces[1:] else "")
