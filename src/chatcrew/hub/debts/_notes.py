"""What the team reads of a customer who waits too long: pt-BR first, English beside it."""

from chatcrew.hub.handing import why
from chatcrew.hub.shaping import literal
from chatcrew.messages import Debt, DebtKind

_HOUR, _DAY = 60, 24 * 60
_FOUND = "unanswered"


def announced(debt: Debt, *, waited: float) -> str:
    """Return the note that tells people again.

    Args:
        debt: what is owed.
        waited: seconds of time at work so far.
    """
    span = minutes(waited)
    rows = [f"⏰ **O cliente espera uma pessoa há {span}.** {_because(debt)}"]
    if debt.owed.promise is not None:
        told = minutes(debt.owed.promise.at_most)
        late = waited > debt.owed.promise.at_most
        rows.append(f"Foi dito a ele: no máximo {told}{' — já passou' if late else ''}.")
    rows.append(f"(The customer has been waiting for a person for {span}.)")
    return "\n\n".join(rows)


def at_opening(debt: Debt) -> str:
    """Return the note of the next opening: what was promised while nobody was at work."""
    return (
        f"🌅 **Este cliente espera desde antes da abertura: o bot prometeu uma pessoa agora.** "
        f"{_because(debt)}\n\n(Waiting since before you opened; a person was promised for now.)"
    )


def rerouted(debt: Debt, *, waited: float, to: str) -> str:
    """Return the note of a conversation that another person or team gets.

    Args:
        debt: what is owed.
        waited: seconds of time at work so far.
        to: who gets it, in words.
    """
    span = minutes(waited)
    return (
        f"🔀 **Ninguém respondeu em {span}: esta conversa passa para {literal(to, limit=80)}.** "
        f"{_because(debt)}\n\n(Nobody answered in {span}; it goes to someone else.)"
    )


def returned(debt: Debt, *, waited: float) -> str:
    """Return the note of a conversation that the bot gets back."""
    span = minutes(waited)
    return (
        f"↩️ **Ninguém respondeu em {span}: o bot pediu desculpas ao cliente e segue com ele.** "
        f"{_because(debt)} Para assumir, basta responder.\n\n"
        f"(Nobody answered in {span}; the bot apologised and goes on. Reply to take over.)"
    )


def unresolved(debt: Debt, *, waited: float, within: float) -> str:
    """Return the note of a conversation that people have had for too long.

    Args:
        debt: what is owed.
        waited: seconds of time at work since they got it.
        within: seconds of time at work within which it was to be finished.
    """
    span, limit = hours(waited), hours(within)
    because = "" if debt.owed.reason == _FOUND else f" Motivo da passagem: {why(debt.owed.reason)}."
    return (
        f"📌 **Esta conversa está com a equipe há {span} de atendimento e não foi resolvida** "
        f"(prazo: {limit}).{because} Quem terminou, resolva; quem quer o bot de volta, "
        f"`/bot voltar`.\n\n(With the team for {span} of opening time and not resolved; "
        f"the limit is {limit}.)"
    )


def hours(seconds: float) -> str:
    """Return time at work in hours: a day of it is not a day of the calendar."""
    whole = round(seconds / 3600)
    return f"{whole} h" if whole > 1 else minutes(seconds)


def minutes(seconds: float) -> str:
    """Return a span as people say it: ``1 min``, ``2 h 05 min``, ``3 d 4 h``."""
    whole = max(1, round(seconds / 60))
    if whole < _HOUR:
        return f"{whole} min"
    if whole < _DAY:
        hours, left = divmod(whole, _HOUR)
        return f"{hours} h {left:02d} min" if left else f"{hours} h"
    days, left = divmod(whole, _DAY)
    return f"{days} d {left // _HOUR} h" if left >= _HOUR else f"{days} d"


def _because(debt: Debt) -> str:
    if debt.owed.kind is DebtKind.REPLY:
        return "Ele escreveu de novo e ainda não teve resposta."
    return f"Motivo: {why(debt.owed.reason)}."
