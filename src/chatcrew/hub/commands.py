"""What operators may order in a private note that starts with ``/bot`` (S3-38)."""

import difflib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chatcrew.hub import command_texts as texts
from chatcrew.hub.moments import moment
from chatcrew.messages import Silence


class Command(StrEnum):
    """What is ordered; the value is the word that the list of commands shows."""

    STOP = "parar"
    GO_ON = "voltar"
    APPROVE = "aprovar"
    DENY = "negar"
    REQUESTS = "pedidos"
    REMIND = "lembrete"
    RESET = "resetar"
    MEMORY = "memória"
    FORGET = "esquecer"
    HELP = "ajuda"


_WORDS = {
    Command.STOP: "parar pare para silenciar silencio pausar pausa stop pause mute",
    Command.GO_ON: "voltar volte volta retomar continuar resume unmute unpause",
    Command.APPROVE: "aprovar aprove aprovado autorizar autorize sim ok approve yes allow",
    Command.DENY: "negar negue negado recusar recuse nao rejeitar deny no reject refuse",
    Command.REQUESTS: "pedidos pedido pendentes pendencias requests pending approvals",
    Command.REMIND: "lembrete lembrar lembre remind reminder",
    Command.RESET: "resetar reset reiniciar limpar clear restart",
    Command.MEMORY: "memoria memorias memory lembra lembrancas",
    Command.FORGET: "esquecer esqueca esquece forget",
    Command.HELP: "ajuda comandos help commands",
}
_KNOWN = {word: command for command, words in _WORDS.items() for word in words.split()}

_ANOTHER = re.compile(
    r"(?:(?:(?:e|y|and|ou|or|até|a)\b|[,;&+/])?\s*#?[0-9]{1,18}\s*)+[.!]?", re.IGNORECASE
)
"""Further numbers behind the first: nobody may believe that all were ruled on."""
_NUMBER = re.compile(
    r"(?:o\s+)?(?:pedido|request|n[o°º.]+)?\s*#?\s*([0-9]{1,18})\b\s*[:,.-]*\s*(.*)",
    re.DOTALL | re.IGNORECASE,
)
_FACT = re.compile(r"#?\s*([0-9]{1,18})\.?")
_NOTES = {
    Command.HELP: texts.HELP,
    Command.STOP: texts.STOPPED,
    Command.GO_ON: texts.GOES_ON,
    Command.RESET: texts.RESET,
}
_LONGEST = 500
_LIKE = 0.75
"""How alike a slip and its word have to be (difflib's ratio)."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a command asks for.

    Attributes:
        note: what to tell the operator; "" where that depends on what comes of it.
        command: what is ordered; None where nothing is to be done but to tell.
        number: of the request that is ruled on.
        words: reason of a denial, or text of a reminder.
        at: when to remind.
    """

    note: str = ""
    command: Command | None = None
    number: int = 0
    words: str = ""
    at: datetime | None = None

    @property
    def changes_silence(self) -> bool:
        """Whether ``silence`` is to be set."""
        return self.command in (Command.STOP, Command.GO_ON)

    @property
    def silence(self) -> Silence | None:
        """The new silence, None to let the bot speak."""
        return Silence.COMMAND if self.command is Command.STOP else None

    @property
    def lets_speak(self) -> bool:
        """Whether the bot is asked to answer again."""
        return self.command is Command.GO_ON


def read(text: str, *, now: datetime) -> Order:
    """Read a private note; what is no command is answered with the list of them.

    Accents and case do not matter. A slip is never obeyed: it is asked about.

    Args:
        text: the whole note.
        now: in the business's time zone, for reminders.
    """
    head, _, rest = text.strip().partition(" ") if "\n" not in text else _split(text)
    if fold(head) != "/bot":
        return Order(texts.HELP)
    pieces = rest.strip().split(None, 1)
    if not pieces:
        return Order(texts.HELP)
    word, words = fold(pieces[0]).strip("!?.,:;`*"), pieces[1].strip() if pieces[1:] else ""
    command = _KNOWN.get(word)
    if command is None:
        near = difflib.get_close_matches(word[:40], _KNOWN, n=1, cutoff=_LIKE)
        return Order(texts.unknown(pieces[0], _KNOWN[near[0]].value if near else None))
    return _order(command, words, now)


def _order(command: Command, words: str, now: datetime) -> Order:
    if command in (Command.APPROVE, Command.DENY):
        return _ruling(command, words)
    if command is Command.FORGET:
        return _forgetting(words)
    if command is Command.REMIND:
        return _reminder(words, now)
    return Order(_NOTES.get(command, ""), None if command is Command.HELP else command)


def _ruling(command: Command, words: str) -> Order:
    found = _NUMBER.match(words)
    if found is None:
        return Order(texts.NO_NUMBER)
    if _ANOTHER.fullmatch(found[2]):
        return Order(texts.ONE_AT_A_TIME)
    return Order("", command, int(found[1]), found[2].strip()[:_LONGEST])


def _forgetting(words: str) -> Order:
    """Return which fact is to be forgotten; 0: everything. Anything else is asked about."""
    if not words or fold(words).strip(".!") in ("tudo", "all", "everything"):
        return Order("", Command.FORGET)
    found = _FACT.fullmatch(words)
    return Order(texts.NO_FACT) if found is None else Order("", Command.FORGET, int(found[1]))


def _reminder(words: str, now: datetime) -> Order:
    meant = moment(fold(words), now)
    if meant is None:
        return Order(texts.NO_MOMENT)
    at, used = meant
    said = " ".join(words.split()[used:])[:_LONGEST]
    note = texts.REMINDS.format(moment=f"{at:%d/%m/%Y %H:%M}")
    return Order(note, Command.REMIND, words=said, at=at)


def fold(text: str) -> str:
    """Return text without accents and case."""
    flat = unicodedata.normalize("NFKD", text)
    return "".join(char for char in flat if not unicodedata.combining(char)).casefold()


def _split(text: str) -> tuple[str, str, str]:
    pieces = text.strip().split(None, 1)
    return (pieces[0] if pieces else "", " ", pieces[1] if pieces[1:] else "")
