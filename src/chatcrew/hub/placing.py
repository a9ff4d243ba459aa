"""What customers read of when people go on: the next opening, or how long it took before."""

import math
from datetime import datetime, timedelta

from chatcrew.hub import texts
from chatcrew.messages import Placement
from chatcrew.tenancy.model import Tenant

_DAYS = {
    "pt-BR": (
        "segunda-feira",
        "terça-feira",
        "quarta-feira",
        "quinta-feira",
        "sexta-feira",
        "sábado",
        "domingo",
    ),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_WHEN = {
    "pt-BR": ("hoje às {clock}", "amanhã às {clock}", "{day}, {date}, às {clock}"),
    "en": ("today at {clock}", "tomorrow at {clock}", "on {day}, {date}, at {clock}"),
    "es": ("hoy a las {clock}", "mañana a las {clock}", "el {day} {date} a las {clock}"),
}
_DATE = {"pt-BR": "%d/%m", "en": "%Y-%m-%d", "es": "%d/%m"}
_SPANS = {
    "pt-BR": (("minuto", "minutos"), ("hora", "horas"), " e "),
    "en": (("minute", "minutes"), ("hour", "hours"), " and "),
    "es": (("minuto", "minutos"), ("hora", "horas"), " y "),
}
_STEPS = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60)
"""Minutes as people say them; beyond an hour every half hour."""
_HOUR, _HALF = 60, 30
_FALLBACK = "pt-BR"


def words(placement: Placement, tenant: Tenant, *, language: str, now: datetime) -> str:
    """Return the sentence for the customer, or "" where nothing can be said honestly.

    Args:
        placement: what the desk says.
        tenant: whose people.
        language: of the customer.
        now: in the tenant's time zone.
    """
    if not placement.open_now and tenant.people.opening.out_of_office == "chatwoot":
        return ""  # Chatwoot's own message says it; two would contradict each other (#9293)
    if not placement.open_now:
        if placement.opens_at is None:
            return texts.text(tenant, "handoff_absent", language=language)
        opens = moment(placement.opens_at, now, language)
        return texts.text(tenant, "handoff_closed", language=language).replace("{opens}", opens)
    if placement.wait is None:
        return ""
    said = texts.text(tenant, "handoff_wait", language=language)
    likely, at_most = placement.wait.likely, placement.wait.at_most
    return said.replace("{likely}", span(likely, language)).replace(
        "{at_most}", span(at_most, language)
    )


def moment(at: datetime, now: datetime, language: str) -> str:
    """Return a coming moment as people say it: today, tomorrow, or by its day.

    Args:
        at: the moment.
        now: in the time zone that is meant.
        language: tag of one we speak; another is told in Portuguese.
    """
    spoken = language if language in _WHEN else _FALLBACK
    here = at.astimezone(now.tzinfo)
    away = (here.date() - now.date()).days
    return _WHEN[spoken][min(away, 2)].format(
        clock=f"{here:%H:%M}",
        day=_DAYS[spoken][here.weekday()],
        date=here.strftime(_DATE[spoken]),
    )


def span(length: timedelta, language: str) -> str:
    """Return a length of time as people say it, never shorter than it is."""
    spoken = language if language in _SPANS else _FALLBACK
    minutes = max(1, math.ceil(length.total_seconds() / 60))
    rounded = next((step for step in _STEPS if step >= minutes), 0)
    rounded = rounded or math.ceil(minutes / _HALF) * _HALF
    hours, left = divmod(rounded, _HOUR)
    minute, hour, between = _SPANS[spoken]
    said = [f"{hours} {hour[hours > 1]}"] if hours else []
    said += [f"{left} {minute[left > 1]}"] if left else []
    return between.join(said)
