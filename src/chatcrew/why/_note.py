"""The answer to ``/bot porque``: the account of a turn as a private note, pt-BR with English."""

from collections.abc import Sequence
from datetime import tzinfo

from chatcrew.why._text import headline, quiet, rows
from chatcrew.why._values import Account, Standing

_TITLE = "🔎 **Por que o bot fez isso** ({at}): {said}."
_ENGLISH = "(In English: {said}{places}.)"
_NOTHING = (
    "🔎 O bot ainda não teve uma vez de responder aqui, ou ela já não está nos registros. "
    "(No turn to explain.)"
)
_NO_SUCH = (
    "🔎 Nos registros desta conversa há só {count}: `/bot porque {count}` é a mais antiga. "
    "(Only so many turns.)"
)
_COMMAND = ("command",)
_LIMIT_TOLD = "limit_told"
"""Of a turn that did nothing but bring the team the note of a limit."""


def asked(accounts: Sequence[Account]) -> list[Account]:
    """Return the turns that somebody may ask about: not those that only obeyed a command.

    One that answered who waited, by ``/bot voltar``, is no such turn. Nor may one be asked about
    that only brought the note of a limit: whoever reads it asks what came before it.
    """
    return [
        one
        for one in accounts
        if one.outcome is not None and not only_obeyed(one) and one.reason != _LIMIT_TOLD
    ]


def only_obeyed(account: Account) -> bool:
    """Return whether a turn did nothing but what an operator ordered, whoever had the talk."""
    return account.kinds == _COMMAND and account.outcome == "dropped"


def note(accounts: Sequence[Account], standing: Standing | None, *, back: int, zone: tzinfo) -> str:
    """Return the private note about one turn.

    Args:
        accounts: the newest turns, newest first.
        standing: who answers now.
        back: which of them: 1 the newest.
        zone: the business's.
    """
    found = asked(accounts)
    told = [] if standing is None else [quiet(standing, "pt-BR", zone=zone)]
    now = "".join(f"🔇 Agora {words}." for words in told if words)
    if not found:
        return "\n\n".join(filter(None, [_NOTHING, now]))
    if back > len(found):
        return _NO_SUCH.format(count=len(found))
    account = found[back - 1]
    at = f"{account.at.astimezone(zone):%d/%m %H:%M:%S}"
    listed = "\n".join(f"- **{label}**: {words}" for label, words in rows(account, "pt-BR"))
    places = ", ".join(f"`{place}`" for one in account.cites for place in one.places)
    english = _ENGLISH.format(
        said=headline(account, "en"), places=f"; rests on {places}" if places else ""
    )
    said = _TITLE.format(at=at, said=headline(account, "pt-BR"))
    return "\n\n".join(filter(None, [f"{said}\n{listed}", now, english]))
